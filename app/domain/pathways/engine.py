"""Plans a person's pathway: which steps the law asks for, where each stands today, and what to do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.pathways.calendar import WorkCalendar, add_working_days, due
from app.domain.pathways.events import EventKind, History, Source, StepEvent, histories
from app.domain.pathways.order import in_order, needed_by
from app.domain.pathways.pathway import Facts, Pathway, Step, StepStatus
from app.domain.pathways.rules import ENTRY, EntryPurpose, Rule, RuleBook

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
class _Standing:
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
    earliest: date | None


def plan(book: RuleBook, facts: Facts, events: Sequence[StepEvent], today: date) -> Pathway:
    """The pathway as it stood at the end of `today`.

    `events` come in the order of recording. Those after `today`, those of steps unknown to the book, and a
    person's own word where the rules ask for more do not count. A rule applies if it is in force on the day
    that counts: its anchor's, or `today` when it has no anchor or the anchor has not happened.
    """
    past = histories(_counted(book, events, today))
    rules = _applicable(book, facts, past, today)
    standings = {
        code: _standing(rule, past.get(code), _anchor(rule, facts, past), book.calendar, today)
        for code, rule in rules.items()
    }
    held = frozenset(code for code in rules if standings[code].holds)
    needed = needed_by(rules, {code: standings[code].deadline for code in rules}, held)
    ordered = in_order(rules, {code: (code not in held, needed[code] or date.max) for code in rules})
    steps = {code: _step(rules[code], standings, needed[code], today) for code in ordered}
    return Pathway(
        steps=tuple(steps.values()),
        next=tuple(code for code, step in steps.items() if _is_next(step, steps)),
        book_version=book.version,
    )


def _counted(book: RuleBook, events: Sequence[StepEvent], today: date) -> list[StepEvent]:
    by_word = {rule.code for rule in book.rules if rule.self_declared}
    return [
        event
        for event in events
        if event.on <= today and (event.source is not Source.SELF_DECLARED or event.step in by_word)
    ]


def _applicable(book: RuleBook, facts: Facts, past: Mapping[str, History], today: date) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for rule in book.rules:
        day = _anchor(rule, facts, past) or today
        if rule.code not in found and rule.in_force(day) and _binds(rule, facts, today):
            found[rule.code] = rule
    return found


def _binds(rule: Rule, facts: Facts, today: date) -> bool:
    audience = rule.audience
    age = facts.age_on(today)
    return (
        (not audience.citizenships or facts.citizenship in audience.citizenships)
        and facts.citizenship not in audience.not_citizenships
        and (not audience.purposes or facts.purpose in audience.purposes)
        and (audience.visa is None or facts.visa is audience.visa)
        and (audience.min_age is None or age is None or age >= audience.min_age)
        and (audience.stays_over is None or facts.stay_days is None or facts.stay_days > audience.stays_over)
        and (not audience.before_entry or today < facts.entered_on)
    )


def _anchor(rule: Rule, facts: Facts, past: Mapping[str, History]) -> date | None:
    if rule.anchor is None:
        return None
    if rule.anchor == ENTRY:
        return facts.entered_on
    history = past.get(rule.anchor)
    return history.done.on if history and history.done else None


def _standing(
    rule: Rule, history: History | None, anchor: date | None, calendar: WorkCalendar, today: date
) -> _Standing:
    done = history.done if history else None
    if done and rule.each_anchor and anchor and done.on < anchor:
        done = None
    ends = _ends(rule, done, calendar) if done else None
    holds = done is not None and (ends is None or today <= ends)
    ending = ends is not None and ends - today <= timedelta(days=rule.notice_days)
    earliest = anchor  # which may lie ahead: an entry that is planned
    if history and history.last.kind is EventKind.COME_AGAIN and rule.retake_after:
        earliest = due(history.last.on, rule.retake_after, calendar)
    deadline = None
    if ends and ending and rule.renew_within:
        deadline = due(ends, rule.renew_within, calendar)
    elif done is None and anchor and rule.deadline:
        deadline = due(anchor, rule.deadline, calendar)
    return _Standing(
        outcome=history.last.kind if history else None,
        done=done,
        ready=_ready(rule, done, calendar) if done else None,
        ends=ends,
        holds=holds,
        ending=ending,
        deadline=deadline,
        earliest=earliest,
    )


def _ends(rule: Rule, done: StepEvent, calendar: WorkCalendar) -> date | None:
    if done.expires_on is None and rule.validity is not None:
        return due(done.on, rule.validity, calendar)
    return done.expires_on


def _ready(rule: Rule, done: StepEvent, calendar: WorkCalendar) -> date:
    # A document shows that its result is there already.
    wait = 0 if done.source is Source.DOCUMENT else rule.result_after_working_days
    return add_working_days(done.on, wait, calendar)


def _step(rule: Rule, standings: Mapping[str, _Standing], needed: date | None, today: date) -> Step:
    standing = standings[rule.code]
    hard = [standings[code] for code in rule.hard if code in standings]
    blocked_by = _missing(rule.hard, standings)
    late = not standing.holds and standing.deadline is not None and standing.deadline < today
    waits = [day for day in (standing.earliest, *(before.ready for before in hard)) if day and day > today]
    return Step(
        code=rule.code,
        status=_status(standing, late=late, blocked=bool(blocked_by), today=today),
        deadline=standing.deadline,
        needed_by=needed,
        not_before=max(waits, default=None),
        late=late,
        blocked_by=blocked_by,
        advised_after=_missing(rule.soft, standings),
        outcome=standing.outcome,
        done_on=standing.done.on if standing.done else None,
        valid_until=standing.ends,
        rule=rule,
    )


def _missing(codes: tuple[str, ...], standings: Mapping[str, _Standing]) -> tuple[str, ...]:
    """Of prerequisites that the law asks of this person, those without a good result."""
    return tuple(code for code in codes if code in standings and not standings[code].holds)


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


def _is_next(step: Step, steps: Mapping[str, Step]) -> bool:
    if step.status in {StepStatus.DONE, StepStatus.BLOCKED} or step.not_before:
        return False
    # A chain of ending results is renewed from its first: a new patent is applied for, then collected.
    before = [steps[code] for code in step.rule.hard if code in steps]
    return step.status is not StepStatus.EXPIRING or all(other.status is StepStatus.DONE for other in before)
