"""How many are before one in line, as the phone is told."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.queue.policy import Turn, in_order, next_to_call
from app.domain.queue.state import CounterState, QueueState, TicketState
from app.domain.queue.status import TicketStatus

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
SERVICES = ["exam", "medical", "photo"]


def counter(n: int, services: set[str], *, is_open: bool = True) -> CounterState:
    opened = NOW if is_open else None
    return CounterState(UUID(int=n), str(n), {}, frozenset(services), frozenset({"ru"}), UUID(int=n), opened)


def ticket(n: int, service: str, minutes: int = 0, status: TicketStatus = TicketStatus.WAITING) -> TicketState:
    turn = Turn(NOW + timedelta(minutes=minutes), NOW + timedelta(minutes=minutes))
    return TicketState(
        id=UUID(int=n),
        number=n,
        version=1,
        service=service,
        language=None,
        booked_for=None,
        priority=False,
        turn=turn,
        status=status,
        counter_id=None,
        calls=0,
        joined_at=NOW,
        called_at=None,
        serving_at=None,
        changed_at=NOW,
        undoable=False,
    )


def state(tickets: list[TicketState], counters: list[CounterState]) -> QueueState:
    return QueueState(UUID(int=0), 1, tuple(tickets), tuple(counters))


def test_those_count_who_share_an_open_counter_with_one() -> None:
    waiting = [ticket(1, "exam"), ticket(2, "medical"), ticket(3, "photo"), ticket(4, "medical")]
    both, photo = counter(1, {"exam", "medical"}), counter(2, {"photo"})
    assert [state(waiting, [both, photo]).ahead_of(t.id, NOW) for t in waiting] == [0, 1, 0, 2]
    closed = counter(3, {"photo", "medical"}, is_open=False)
    assert state(waiting, [both, photo, closed]).ahead_of(UUID(int=4), NOW) == 2
    assert state(waiting, [closed]).ahead_of(UUID(int=4), NOW) == 2, "with none open, those that could be"
    assert state(waiting, []).ahead_of(UUID(int=4), NOW) == 0


def test_only_who_waits_has_anybody_before_them() -> None:
    called = ticket(1, "exam", status=TicketStatus.CALLED)
    found = state([called, ticket(2, "exam")], [counter(1, {"exam"})])
    assert found.ahead_of(called.id, NOW) is None
    assert found.ahead_of(UUID(int=9), NOW) is None
    assert found.ahead_of(UUID(int=2), NOW) == 0


_COUNTERS = st.lists(
    st.tuples(st.sets(st.sampled_from(SERVICES), min_size=1), st.booleans()), min_size=1, max_size=4
).map(lambda made: [counter(n + 1, services, is_open=is_open) for n, (services, is_open) in enumerate(made)])
_TICKETS = st.lists(st.tuples(st.sampled_from(SERVICES), st.integers(-30, 30)), max_size=25).map(
    lambda made: [ticket(n + 1, service, minutes) for n, (service, minutes) in enumerate(made)]
)


@given(_TICKETS, _COUNTERS)
def test_the_count_is_that_of_all_who_are_earlier_and_could_be_called_by_the_same(
    tickets: list[TicketState], counters: list[CounterState]
) -> None:
    found = state(tickets, counters)
    order = in_order(found.waiting, NOW)
    for place, own in enumerate(order):
        could = [c.as_caller() for c in counters if c.as_caller().gives(own)]
        callers = [c for c in could if c.id in found.open_counters] or could
        expected = sum(any(c.gives(other) for c in callers) for other in order[:place])
        assert found.ahead_of(UUID(int=own.number), NOW) == expected
    with_one = [c for c in counters if c.open][:1]
    if with_one and (first := next_to_call(found.waiting, with_one[0].as_caller(), NOW)):
        assert state(tickets, with_one).ahead_of(UUID(int=first.number), NOW) == 0
