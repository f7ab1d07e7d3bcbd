"""The declared policy of calling: what each of its rules does, and that nobody starves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.queue.policy import (
    Ahead,
    Counter,
    Ticket,
    Turn,
    behind,
    in_order,
    next_to_call,
    overtaken_until,
    turn_of,
)
from app.domain.queue.terms import QueueTerms

TERMS = QueueTerms()
TEN = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
MEDICAL = Counter("1", frozenset({"medical"}), frozenset({"ru"}))


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def ticket(number: int, joined: float, booked: float | None = None, *, priority: bool = False) -> Ticket:
    turn = turn_of(TERMS, at(joined), None if booked is None else at(booked), priority=priority)
    return Ticket(number, number, "medical", turn)


def called(now: float, *waiting: Ticket, ahead: Ahead | None = None) -> int | None:
    """The number that the counter calls; in whatever order those who wait are told."""
    found = {
        next_to_call(order, MEDICAL, at(now), ahead or Ahead()) for order in (list(waiting), list(reversed(waiting)))
    }
    (first,) = found
    return first.number if first else None


def test_booked_visitors_in_their_window_go_first_by_their_time() -> None:
    walk_in, later, sooner = ticket(1, -20), ticket(2, -5, booked=8), ticket(3, -1, booked=5)
    assert called(0, walk_in, later, sooner) == 3
    assert called(0, walk_in, later) == 2


def test_a_visitor_who_is_early_is_called_early_only_when_nobody_due_waits() -> None:
    early, due = ticket(1, -60, booked=30), ticket(2, -1, booked=10)
    assert called(0, early, due) == 2
    assert called(0, early) == 1


def test_lateness_within_the_tolerance_keeps_the_turn_and_beyond_it_ages_as_a_walk_in() -> None:
    assert turn_of(TERMS, at(30), at(0)) == Turn(at(0), at(-10))
    assert turn_of(TERMS, at(31), at(0)) == Turn(at(61), at(61)) == turn_of(TERMS, at(31))


def test_a_walk_in_who_has_waited_long_is_due_like_somebody_booked_for_then() -> None:
    old, booked = ticket(1, -40), ticket(2, -5, booked=-5)
    assert called(0, old, booked) == 1
    assert called(0, ticket(1, -30), ticket(2, -5, booked=-5)) == 2
    assert called(0, ticket(1, -30), ticket(2, -5, booked=5)) == 1


def test_priority_is_due_at_once_and_counts_half_an_hour_earlier() -> None:
    asked = ticket(3, 0, priority=True)
    assert called(0, ticket(1, -59), ticket(2, 0, booked=-14), asked) == 3
    assert called(0, ticket(1, -61), asked) == 1
    assert called(0, ticket(1, 0, booked=0), ticket(2, -60, booked=120, priority=True)) == 2


def test_of_two_with_one_turn_the_smaller_number_goes_first() -> None:
    assert called(0, ticket(7, -60), ticket(5, -60)) == 5


LONG = {"medical": timedelta(minutes=40)}


def test_a_walk_in_fills_a_gap_that_is_long_enough() -> None:
    walk_in = ticket(1, 0)
    assert called(0, walk_in, ahead=Ahead([at(20)], takes=LONG, delay=TERMS.delay)) is None
    assert called(0, walk_in, ahead=Ahead([at(20)], others=1, takes=LONG, delay=TERMS.delay)) == 1
    assert called(0, walk_in, ahead=Ahead([at(20), at(25)], others=1, takes=LONG, delay=TERMS.delay)) is None
    assert called(0, walk_in, ahead=Ahead([at(35)], takes=LONG, delay=TERMS.delay)) == 1
    assert called(0, walk_in, ahead=Ahead([at(20)], takes={"medical": timedelta(minutes=25)}, delay=TERMS.delay)) == 1


def test_nobody_is_waited_for_after_their_time_nor_for_longer_than_a_walk_in_has_patience() -> None:
    assert called(21, ticket(1, 10), ahead=Ahead([at(20)], takes=LONG)) == 1
    assert called(0, ticket(1, -15), ahead=Ahead([at(20)], takes=LONG)) == 1


def test_a_visitor_who_is_early_and_here_is_not_delayed_by_a_walk_in_either() -> None:
    """Nor is a counter left idle for a gap: the early one is called into it."""
    assert called(0, ticket(1, 0), ticket(2, -5, booked=20), ahead=Ahead(takes=LONG)) == 2


def test_a_shorter_service_fills_the_gap_that_a_longer_one_does_not() -> None:
    both = Counter("1", frozenset({"medical", "collection"}))
    turn = turn_of(TERMS, at(-1))
    waiting = [Ticket(1, 1, "medical", turn), Ticket(2, 2, "collection", turn)]
    ahead = Ahead([at(15)], takes=LONG | {"collection": timedelta(minutes=10)}, delay=TERMS.delay)
    found = next_to_call(waiting, both, TEN, ahead)
    assert found is waiting[1]


@pytest.mark.parametrize(
    "other",
    [
        Ticket(1, 1, "exam", Turn(TEN, TEN)),
        Ticket(1, 1, "medical", Turn(TEN, TEN), language="tg"),
        Ticket(1, 1, "medical", Turn(TEN, TEN), counter="2"),
    ],
)
def test_a_counter_calls_those_only_whose_service_and_language_it_gives(other: Ticket) -> None:
    assert called(60, other) is None
    own = Ticket(2, 2, "medical", Turn(at(50), at(50)), language="ru", counter="1")
    assert called(60, other, own) == 2


def test_who_goes_back_in_line_stands_behind_the_next_few() -> None:
    others = [ticket(n, -60 + n) for n in range(1, 6)]
    own = ticket(9, -90)
    again = Ticket(9, 9, "medical", behind(own.turn, others, 3, TEN))
    assert [t.number for t in in_order([*others, again], TEN)] == [1, 2, 3, 9, 4, 5]
    assert behind(own.turn, [], 3, TEN) == own.turn
    last = Ticket(9, 9, "medical", behind(own.turn, others[:2], 3, TEN))
    assert [t.number for t in in_order([*others[:2], last], TEN)] == [1, 2, 9]


@dataclass(frozen=True)
class Visitor:
    """Minutes; `booked` counts from joining. `takes`: how long they are served."""

    joins: int
    booked: int | None
    priority: bool
    service: str
    language: str | None
    takes: int


VISITORS = st.lists(
    st.builds(
        Visitor,
        joins=st.integers(0, 240),
        booked=st.none() | st.integers(-40, 120),
        priority=st.booleans(),
        service=st.sampled_from(["medical", "exam"]),
        language=st.sampled_from([None, None, "ru", "tg"]),
        takes=st.integers(1, 40),
    ),
    max_size=40,
)
COUNTERS = st.lists(
    st.sampled_from(
        [
            Counter("all", frozenset({"medical", "exam"}), frozenset({"ru", "tg"})),
            Counter("medical", frozenset({"medical"}), frozenset({"ru"})),
            Counter("exam", frozenset({"exam"}), frozenset({"tg"})),
        ]
    ),
    unique_by=lambda counter: str(counter.id),
    max_size=3,
).map(lambda found: [Counter("always", frozenset({"medical", "exam"}), frozenset({"ru", "tg"})), *found])
TAKES = {"medical": timedelta(minutes=40), "exam": timedelta(minutes=15)}


@settings(max_examples=150, deadline=None)
@given(VISITORS, COUNTERS, st.lists(st.integers(0, 300), max_size=10))
def test_everybody_is_called(visitors: list[Visitor], counters: list[Counter], expected: list[int]) -> None:
    """Minute by minute. `expected` never come: the gaps that are kept for them starve nobody either."""
    joined = {n: at(visitor.joins) for n, visitor in enumerate(visitors)}
    tickets: dict[int, Ticket] = {}
    for n, v in enumerate(visitors):
        booked = None if v.booked is None else at(v.joins + v.booked)
        turn = turn_of(TERMS, joined[n], booked, priority=v.priority)
        tickets[n] = Ticket(n, n, v.service, turn, v.language)
    left = set(tickets)
    free_at = dict.fromkeys((str(counter.id) for counter in counters), 0)
    ahead = Ahead(sorted(at(minute) for minute in expected), 0, TAKES, TERMS.delay)
    minute = 0
    while left:
        assert minute < 240 + 120 + 40 * 60, f"never called: {[visitors[n] for n in left]}"
        for counter in counters:
            if free_at[str(counter.id)] > minute:
                continue
            waiting = [tickets[n] for n in left if joined[n] <= at(minute)]
            found = next_to_call(waiting, counter, at(minute), ahead)
            if found is None:
                continue
            assert counter.gives(found)
            number = found.number
            left.remove(number)
            free_at[str(counter.id)] = minute + visitors[number].takes
        minute += 1


@given(VISITORS, st.integers(0, 300))
def test_who_is_called_does_not_depend_on_the_order_in_which_tickets_are_told(
    visitors: list[Visitor], now: int
) -> None:
    waiting = [
        Ticket(n, n, v.service, turn_of(TERMS, at(v.joins), priority=v.priority), v.language)
        for n, v in enumerate(visitors)
    ]
    counter = Counter("all", frozenset({"medical", "exam"}), frozenset({"ru", "tg"}))
    ahead = Ahead([at(now + 5)], 0, TAKES, TERMS.delay)
    assert next_to_call(waiting, counter, at(now), ahead) == next_to_call(waiting[::-1], counter, at(now), ahead)
    if waiting and next_to_call(waiting, counter, at(now)) is not None:
        assert next_to_call(waiting, counter, at(now)) == in_order(waiting, at(now))[0]


@given(VISITORS, COUNTERS, st.integers(0, 600), st.lists(st.integers(0, 600), max_size=5))
def test_nobody_is_called_before_one_who_joined_long_ago(
    visitors: list[Visitor], counters: list[Counter], now: int, expected: list[int]
) -> None:
    """The bound: of those who join after `overtaken_until` none is called before, by a counter that could call both."""
    joined = {n: at(2.5 * visitor.joins) for n, visitor in enumerate(visitors)}
    waiting = []
    for n, v in enumerate(visitors):
        booked = None if v.booked is None else joined[n] + timedelta(minutes=v.booked)
        if joined[n] <= at(now):
            turn = turn_of(TERMS, joined[n], booked, priority=v.priority)
            waiting.append(Ticket(n, n, v.service, turn, v.language))
    ahead = Ahead([at(minute) for minute in expected], 0, TAKES, TERMS.delay)
    for counter in counters:
        found = next_to_call(waiting, counter, at(now), ahead)
        for other in waiting:
            if found is not None and counter.gives(other):
                assert joined[found.number] <= overtaken_until(other.turn, TERMS)
