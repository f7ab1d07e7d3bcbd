"""What becomes of tickets when their day is over. Any number of workers may call these."""

from datetime import timedelta

from app.db.unit_of_work import Writing
from services.queue import repository


async def end_days(uow: Writing, *, limit: int = 500) -> int:
    """Ends what was left over, forgets the day's priorities, closes counters that were left open; how many tickets.

    Of a visit nothing is said: who was served and who was not, its clerk still has to say.
    """
    over_for = uow.now - uow.region.queue.after_midnight
    ended = await repository.close_left_over(uow, over_for, limit)
    await repository.drop_priorities(uow, over_for)
    await repository.close_counters(uow, uow.now - uow.region.queue.shift)
    return ended


async def forget_persons(uow: Writing) -> None:
    """Once an hour: old tickets no longer tell whose they were; their times stay, for service times to be measured."""
    await repository.forget_persons(uow, uow.now - timedelta(days=uow.region.queue.keep_days))
