"""What holds for every person, every history and every day."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.adapters.rulebooks import load_rulebook
from app.domain.pathways.engine import (
    EntryPurpose,
    EventKind,
    Facts,
    Source,
    StepEvent,
    StepStatus,
    plan,
)
from app.domain.pathways.rulebook import RuleBook, RuleStatus
from app.domain.pathways.rules import ENTRY

BOOKS = [load_rulebook("ru"), load_rulebook("kz")]
BOOK = st.sampled_from(BOOKS)


def done(step: str, on: date) -> StepEvent:
    return StepEvent(step, EventKind.DONE, on, Source.POINT)


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
FACTS = st.builds(
    Facts,
    citizenship=st.sampled_from(["UZB", "KAZ", "BLR", "RUS", "VNM", "XXA", "XXB"]),
    purpose=st.sampled_from(EntryPurpose),
    entered_on=DAYS,
    visa=st.booleans(),
    birth_year=st.none() | st.integers(1950, 2025),
    stay_days=st.none() | st.integers(1, 365),
)
STEPS = st.sampled_from(sorted({rule.code for book in BOOKS for rule in book.rules}))
EVENTS = st.lists(st.builds(StepEvent, STEPS, st.sampled_from(EventKind), DAYS, st.sampled_from(Source)), max_size=12)


@given(BOOK, FACTS, EVENTS, DAYS)
def test_every_pathway_makes_sense(book: RuleBook, facts: Facts, events: list[StepEvent], today: date) -> None:
    pathway = plan(book, facts, events, today)
    places = {step.code: place for place, step in enumerate(pathway.steps)}
    assert len(places) == len(pathway.steps)
    assert set(pathway.next) <= set(places)
    assert not set(places) & {exemption.code for exemption in pathway.not_needed}
    assert plan(book, facts, events, today) == pathway
    assert plan(replace(book), facts, events, today) == pathway  # nothing remembered from other people
    for step in pathway.steps:
        assert step.rule.status is RuleStatus.IN_FORCE
        assert step.rule.anchor or step.rule.in_force(today)
        assert step.rule.anchor != ENTRY or step.rule.in_force(facts.entered_on)
        assert step.status not in {StepStatus.DONE, StepStatus.EXPIRING} or not step.late
        assert step.deadline is None or (step.anchored_on and step.deadline >= step.anchored_on)
        assert step.deadline is None or not step.rule.offer
        assert all(places[other] < places[step.code] for other in (*step.blocked_by, *step.advised_after))
        assert (step.status is StepStatus.BLOCKED) <= bool(step.blocked_by)
        assert (step.status is StepStatus.OVERDUE) <= step.late
        assert step.status is not StepStatus.BLOCKED or step.code not in pathway.next
        assert step.deadline is None or step.needed_by is None or step.needed_by <= step.deadline


@given(BOOK, FACTS, EVENTS, DAYS, STEPS)
def test_a_step_done_today_blocks_nothing(
    book: RuleBook, facts: Facts, events: list[StepEvent], today: date, code: str
) -> None:
    before = plan(book, facts, events, today)
    after = {step.code: step for step in plan(book, facts, [*events, done(code, today)], today).steps}
    for step in before.steps:
        assert set(after[step.code].blocked_by) <= set(step.blocked_by)
        if step.status is not StepStatus.BLOCKED:
            assert after[step.code].status is not StepStatus.BLOCKED


@given(BOOK, FACTS, st.integers(1, 60))
def test_a_later_entry_has_no_earlier_deadline(book: RuleBook, facts: Facts, later: int) -> None:
    entered = facts.entered_on + timedelta(days=later)
    today = facts.entered_on
    first = {step.code: step.deadline for step in plan(book, facts, [], today).steps}
    second = {step.code: step.deadline for step in plan(book, replace(facts, entered_on=entered), [], today).steps}
    for code, deadline in first.items():
        moved = second[code]
        assert (deadline is None and moved is None) or (deadline and moved and deadline <= moved)


@given(BOOK, FACTS, st.lists(st.tuples(STEPS, st.integers(0, 300)), max_size=10), st.randoms())
def test_the_order_of_recording_matters_only_within_a_day(
    book: RuleBook, facts: Facts, past: list[tuple[str, int]], random: Random
) -> None:
    events = [done(code, facts.entered_on + timedelta(days=days)) for code, days in past]
    shuffled = list(events)
    random.shuffle(shuffled)
    today = facts.entered_on + timedelta(days=300)
    assert plan(book, facts, shuffled, today) == plan(book, facts, events, today)
