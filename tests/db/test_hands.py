"""What was sent is written down, or given up in the end."""

from datetime import timedelta

from app.db.hands import Hands, end_within


async def test_a_database_that_stays_away_keeps_nobody_from_ending() -> None:
    sent: list[int] = []

    async def carry(job: int) -> int:
        sent.append(job)
        return job

    async def write(_: list[int]) -> None:
        raise ConnectionError

    hands = Hands(2, carry, write, ended=lambda: None, gather_seconds=0.0, unwritten="test.unwritten")
    hands.take([1, 2, 3])
    assert not await end_within(timedelta(milliseconds=100), hands.finish())
    assert sorted(sent) == [1, 2, 3]


async def test_who_ends_in_time_has_written_all() -> None:
    written: list[int] = []

    async def carry(job: int) -> int:
        return job

    async def write(done: list[int]) -> None:
        written.extend(done)

    hands = Hands(2, carry, write, ended=lambda: None, gather_seconds=0.0, unwritten="test.unwritten")
    hands.take([1, 2, 3])
    assert await end_within(timedelta(seconds=10), hands.finish())
    assert sorted(written) == [1, 2, 3]
