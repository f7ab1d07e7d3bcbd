"""Journeys: how far those who came in a week have got three, five and thirteen weeks later, and if they were late.

A journey is made of the steps that the law asks for at entry and that somebody else confirms: a point or a host. A
stage is the first of them, in the book's order, that is not done: whoever is there is stuck before it. Whom the law
lets go their own way, citizens, refugees and asylum seekers, is not counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from graphlib import TopologicalSorter

from app.domain.disclosure.opening import Question, Where, asked, same_for
from app.domain.figures.periods import JOURNEY_WEEKS
from app.domain.pathways.engine import plan
from app.domain.pathways.pathway import Facts
from app.domain.pathways.rules import ENTRY, Rule, RuleBook

ALL = "all"
"""The stage of who has done everything."""
COLUMNS = ("kind", "stage_3", "risk", "stage_5", "late", "stage_13", "finish")
NO, YES = "no", "yes"
MOST = ("patent", "eaeu_work", "study")
RISK_WITHIN = timedelta(days=14)
FINISHES: dict[str, tuple[float, float]] = {
    "within_14": (0, 14),
    "15_to_21": (14, 21),
    "22_to_28": (21, 28),
    "29_to_35": (28, 35),
    "36_to_49": (35, 49),
    "50_to_70": (49, 70),
    "over_70": (70, 120),
}
"""Days from entry to the last step."""
UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the law asked of somebody when they came: their way, the steps in order, and terms that run from entry."""

    kind: str
    steps: tuple[str, ...]
    deadlines: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Journey:
    """`done`: as was known at each of the three times, the day on which each step was done."""

    entered_on: date
    asked: Asked
    done: tuple[Mapping[str, date], ...]


def counts(rule: Rule) -> bool:
    """Whether it is a step of a journey."""
    return not rule.offer and rule.anchor in {None, ENTRY} and (rule.by_host or not rule.self_declared)


def kinds_of(book: RuleBook) -> tuple[str, ...]:
    """The ways that are counted, those of many first, so that small ones come into one cell with each other."""
    kinds = [kind.id for kind in book.kinds if not kind.own_steps]
    return tuple(sorted(kinds, key=lambda kind: MOST.index(kind) if kind in MOST else len(MOST)))


def order_of(book: RuleBook) -> tuple[str, ...]:
    """All steps that count, prerequisites first, else as the book has them."""
    needs: dict[str, set[str]] = {}
    for rule in filter(counts, book.rules):
        needs.setdefault(rule.code, set()).update(rule.hard)
    sorter = TopologicalSorter({code: before & needs.keys() for code, before in needs.items()})
    place = {code: number for number, code in enumerate(needs)}
    sorter.prepare()
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=place.__getitem__)
        ordered += ready
        sorter.done(*ready)
    return tuple(ordered)


def ages_of(book: RuleBook) -> list[int]:
    """The ages at which the law begins to ask for something else, the lowest first."""
    audiences = [law.audience for law in (*book.kinds, *book.rules, *book.exemptions)]
    limits = {audience.min_age for audience in audiences} | {
        audience.max_age + 1 for audience in audiences if audience.max_age is not None
    }
    return sorted(limit for limit in limits if limit is not None)


def asked_of(book: RuleBook, order: Sequence[str], facts: Facts) -> Asked | None:
    """None for whom is not counted."""
    pathway = plan(book, facts, [], facts.entered_on)
    if pathway.kind.own_steps:
        return None
    wanted = {step.code: step for step in pathway.steps if counts(step.rule)}
    deadlines = {code: step.deadline for code, step in wanted.items() if step.deadline and step.rule.anchor == ENTRY}
    return Asked(pathway.kind.id, tuple(code for code in order if code in wanted), deadlines)


def row_of(journey: Journey, cuts: Sequence[date]) -> tuple[str, ...]:
    """Its value for each of `COLUMNS`. `cuts`: the days on which it was looked at, as many as have come."""
    asked_for, deadlines = journey.asked, journey.asked.deadlines
    stages = _stages_of(asked_for.steps, journey.done[: len(cuts)])
    stages += stages[-1:] * (len(JOURNEY_WEEKS) - len(cuts))
    early = journey.done[0]
    risk = any(
        code not in early and cuts[0] <= deadline < cuts[0] + RISK_WITHIN for code, deadline in deadlines.items()
    )
    late = len(cuts) > 1 and any(
        deadline < cuts[1] and journey.done[1].get(code, date.max) > deadline for code, deadline in deadlines.items()
    )
    finish = UNFINISHED
    if len(cuts) == len(JOURNEY_WEEKS) and stages[-1] == ALL:
        ends = [known[code] for known in journey.done for code in asked_for.steps if code in known]
        last = max(ends, default=journey.entered_on)
        finish = finish_of((last - journey.entered_on).days)
    return asked_for.kind, stages[0], YES if risk else NO, stages[1], YES if late else NO, stages[2], finish


def _stages_of(steps: Sequence[str], done: Sequence[Mapping[str, date]]) -> list[str]:
    """Nobody falls back, even if a result is taken back later."""
    order, found = (*steps, ALL), 0
    stages = []
    for known in done:
        found = max(found, next((place for place, code in enumerate(steps) if code not in known), len(steps)))
        stages.append(order[found])
    return stages


def finish_of(days: int) -> str:
    return next((name for name, (_, most) in FINISHES.items() if days <= most), "over_70")


def questions(book: RuleBook, release: int) -> Sequence[Question]:
    """Of a release: later ones are asked of the cells that the one before has told."""
    order = order_of(book)
    by_kind = {kind: _steps_of(book, order, kind) for kind in kinds_of(book)}
    return (
        (asked("kind", *by_kind), Question("stage_3", partial(_stages, by_kind, None)), Question("risk", _risk)),
        (Question("stage_5", partial(_stages, by_kind, "stage_3")), asked("late", NO, YES)),
        (Question("stage_13", partial(_stages, by_kind, "stage_5")), Question("finish", _finish)),
    )[release]


def _steps_of(book: RuleBook, order: Sequence[str], kind: str) -> tuple[str, ...]:
    fitting = {
        rule.code for rule in filter(counts, book.rules) if not rule.audience.pathways or kind in rule.audience.pathways
    }
    return (*(code for code in order if code in fitting), ALL)


def _stages(by_kind: Mapping[str, Sequence[str]], before: str | None, where: Where) -> Sequence[str] | None:
    """Those of the cell's kind from the stage on that the first of them had reached before."""
    values = same_for(by_kind[kind] for kind in where.get("kind", tuple(by_kind)))
    reached = where.get(before) if before else None
    return values[values.index(reached[0]) :] if values and reached else values


def _risk(where: Where) -> Sequence[str]:
    """Nothing is at risk for those who have done everything."""
    return (NO,) if where.get("stage_3") == (ALL,) else (NO, YES)


def _finish(where: Where) -> Sequence[str] | None:
    return tuple(FINISHES) if where.get("stage_13") == (ALL,) else None
