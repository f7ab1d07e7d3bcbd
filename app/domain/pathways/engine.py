"""Plans a person's pathway: which steps the law asks for, where each stands today, and what to do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.domain.pathways.calendar import Term, WorkCalendar, add_working_days, due
from app.domain.pathways.events import EventKind, History, Source, StepEvent, histories
from app.domain.pathways.order import Graph, in_order, needed_by
from app.domain.pathways.pathway import Facts, Pathway, Stay, Step, StepStatus
from app.domain.pathways.rules import ENTRY, Audience, EntryPurpose, PathwayKind, Rule, RuleBook
from app.domain.pathways.selection import Chosen, select

__all__ = [
    "EntryPurpose",
    "EventKind",
    "Facts",
    "Pathway",
    "Source",
    "Step",
    "StepEvent",
    "StepStatus",
    "plan",
]

SOON = timedelta(days=7)
"""How long before its deadline a step is *due*."""


@dataclass(frozen=True, slots=True)
class _Someone:
    """Of the facts those that differ from day to day."""

    facts: Facts
    age: int | None
    entered: bool

    def bound_by(self, audience: Audience) -> bool:
        return audience.includes(self.age, self.facts.stay_days, entered=self.entered)


class _Standing(NamedTuple):
    """How far a step has come, apart from all others.

    Its result is good from `ready` to `ends`, both included. `holds`: there is a result and it has not ended;
    `ending`: it has, or will within the rule's notice. `earliest`: the first day for the next attempt.
    """

    outcome: EventKind | None
    done: StepEvent | None
    ready: date | None
    ends: date | None
    holds: bool
    ending: bool
    deadline: date | None
    anchored_on: date | None
    term: Term | None
    earliest: date | None


def plan(book: RuleBook, facts: Facts, events: Sequence[StepEvent], today: date) -> Pathway:
    """The pathway as it stood at the end of `today`.

    `events` come in the order of recording. Those after `today`, those of steps that nobody asks for, and a
    person's own word where the rules ask for more do not count. A rule applies if it is in force on the day
    that counts: its anchor's, or `today` when it has no anchor or the anchor has not happened. Which pathway it
    is, is told by today's law; exemptions and limits of stay by that of the day of entry.
    """
    someone = _Someone(facts, facts.age_on(today), today >= facts.entered_on)
    kind, chosen = _kind(book, someone, today)
    exemptions = tuple(
        exemption
        for exemption in chosen.exemptions
        if exemption.in_force(facts.entered_on) and someone.bound_by(exemption.audience)
    )
    past = histories(_counted(chosen, events, today))
    rules = _applicable(chosen, someone, past, today, frozenset(exemption.code for exemption in exemptions))
    graph = chosen.graph([*rules.values()])
    standings = {
        code: _standing(rule, past, _anchor(rule, facts, past), book.calendar, today) for code, rule in rules.items()
    }
    held = frozenset(code for code in rules if standings[code].holds)
    needed = needed_by(graph, {code: standing.deadline for code, standing in standings.items()}, held)
    urgency = {code: (rule.offer, code not in held, needed[code][0] or date.max) for code, rule in rules.items()}
    steps = {code: _step(rules[code], graph, standings, needed[code], today) for code in in_order(graph, urgency)}
    next_ = [code for code, step in steps.items() if _is_next(step, steps, graph)]
    asked = any(not rule.offer for rule in rules.values())
    return Pathway(
        kind=kind,
        steps=tuple(steps.values()),
        next=tuple(code for code in next_ if not (asked and rules[code].offer)),
        not_needed=exemptions,
        stay=_stay(chosen, someone, standings, book.calendar),
        notes=tuple(note for note in chosen.notes if note.in_force(today) and someone.bound_by(note.audience)),
        book_version=book.version,
    )


def _kind(book: RuleBook, someone: _Someone, today: date) -> tuple[PathwayKind, Chosen]:
    facts = someone.facts
    kinds = select(book, facts.citizenship, facts.purpose, visa=facts.visa).kinds
    return next(
        (found for found in kinds if found[0].in_force(today) and someone.bound_by(found[0].audience)), kinds[-1]
    )


def _counted(chosen: Chosen, events: Sequence[StepEvent], today: date) -> list[StepEvent]:
    return [
        event
        for event in events
        if event.on <= today and (event.source is not Source.SELF_DECLARED or event.step in chosen.by_word)
    ]


def _applicable(
    chosen: Chosen, someone: _Someone, past: Mapping[str, History], today: date, exempt: frozenset[str]
) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for rule in chosen.rules:
        if (
            rule.code not in found
            and rule.code not in exempt
            and rule.in_force(_anchor(rule, someone.facts, past) or today)
            and someone.bound_by(rule.audience)
        ):
            found[rule.code] = rule
    return found


def _anchor(rule: Rule, facts: Facts, past: Mapping[str, History]) -> date | None:
    if rule.anchor is None:
        return None
    if rule.anchor == ENTRY:
        return facts.entered_on
    history = past.get(rule.anchor)
    return history.done.on if history and history.done else None


def _standing(
    rule: Rule, past: Mapping[str, History], anchor: date | None, calendar: WorkCalendar, today: date
) -> _Standing:
    history = past.get(rule.code)
    done = history.done if history else None
    if done and rule.each_anchor and anchor and done.on < anchor:
        done = None
    ends, renew_within = _ends(rule, done, past, calendar) if done else (None, None)
    holds = done is not None and (ends is None or today <= ends)
    ending = ends is not None and ends - today <= timedelta(days=rule.notice_days)
    earliest = anchor  # which may lie ahead: an entry that is planned
    if history and history.last.kind is EventKind.COME_AGAIN and rule.retake_after:
        earliest = due(history.last.on, rule.retake_after, calendar)
    deadline = anchored_on = term = None
    if ends and ending and renew_within:
        deadline, anchored_on, term = due(ends, renew_within, calendar), ends, renew_within
    elif done is None and anchor and rule.deadline:
        deadline, anchored_on, term = due(anchor, rule.deadline, calendar), anchor, rule.deadline
    return _Standing(
        outcome=history.last.kind if history else None,
        done=done,
        ready=_ready(rule, done, calendar) if done else None,
        ends=ends,
        holds=holds,
        ending=ending,
        deadline=deadline,
        anchored_on=anchored_on,
        term=term,
        earliest=earliest,
    )


def _ends(
    rule: Rule, done: StepEvent, past: Mapping[str, History], calendar: WorkCalendar
) -> tuple[date | None, Term | None]:
    """The last day of a result, and the term for its renewal from then on."""
    ends, renew_within = done.expires_on, rule.renew_within
    if ends is None and rule.validity is not None:
        ends = due(done.on, rule.validity, calendar)
    other = past.get(rule.ends_with.step) if rule.ends_with else None
    if rule.ends_with is None or other is None or other.done is None:
        return ends, renew_within
    replaced = other.done.on > done.on
    bound = other.done.on if replaced else other.done.expires_on
    if bound and (ends is None or bound < ends):
        return bound, rule.ends_with.within if replaced else renew_within
    return ends, renew_within


def _ready(rule: Rule, done: StepEvent, calendar: WorkCalendar) -> date:
    # A document shows that its result is there already.
    wait = 0 if done.source is Source.DOCUMENT else rule.result_after_working_days
    return add_working_days(done.on, wait, calendar)


def _step(
    rule: Rule,
    graph: Graph,
    standings: Mapping[str, _Standing],
    needed: tuple[date | None, str],
    today: date,
) -> Step:
    code = rule.code
    standing, hard = standings[code], graph.hard[code]
    blocked_by = tuple([other for other in hard if not standings[other].holds])
    late = not standing.holds and standing.deadline is not None and standing.deadline < today
    not_before, done = None, standing.done
    for day in (standing.earliest, *[standings[other].ready for other in hard]):
        if day and day > today and (not_before is None or day > not_before):
            not_before = day
    return Step(
        code=code,
        status=_status(standing, late=late, blocked=bool(blocked_by), today=today),
        deadline=standing.deadline,
        anchored_on=standing.anchored_on,
        term=standing.term,
        needed_by=needed[0],
        needed_for=needed[1],
        not_before=not_before,
        late=late,
        blocked_by=blocked_by,
        advised_after=tuple([other for other in graph.soft[code] if not standings[other].holds]),
        outcome=standing.outcome,
        done_on=done.on if done else None,
        source=done.source if done else None,
        valid_until=standing.ends,
        rule=rule,
    )


def _status(standing: _Standing, *, late: bool, blocked: bool, today: date) -> StepStatus:
    if standing.holds:
        return StepStatus.EXPIRING if standing.ending else StepStatus.DONE
    if blocked:
        return StepStatus.BLOCKED
    if late:
        return StepStatus.OVERDUE
    if standing.deadline and standing.deadline - today <= SOON:
        return StepStatus.DUE
    return StepStatus.AVAILABLE


def _is_next(step: Step, steps: Mapping[str, Step], graph: Graph) -> bool:
    if step.status in {StepStatus.DONE, StepStatus.BLOCKED} or step.not_before:
        return False
    # A chain of ending results is renewed from its first: a new patent is applied for, then collected.
    before = [steps[code] for code in graph.hard[step.code]]
    return step.status is not StepStatus.EXPIRING or all(other.status is StepStatus.DONE for other in before)


def _stay(chosen: Chosen, someone: _Someone, standings: Mapping[str, _Standing], calendar: WorkCalendar) -> Stay | None:
    entered_on = someone.facts.entered_on
    for limit in chosen.stays:
        if not (limit.in_force(entered_on) and someone.bound_by(limit.audience)):
            continue
        until = due(entered_on, limit.term, calendar) - timedelta(days=1)
        reasons = [standings[code] for code in limit.extended_by if code in standings and standings[code].holds]
        if not reasons or len(reasons) < len(limit.extended_by):
            return Stay(until, extended=False, limit=limit)
        longest = min((standing.ends or date.max for standing in reasons), default=until)
        if longest <= until:
            return Stay(until, extended=False, limit=limit)
        return Stay(None if longest == date.max else longest, extended=True, limit=limit)
    return None
