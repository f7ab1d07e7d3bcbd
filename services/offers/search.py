"""Places are found for those who wait, and kept for them: every second, by any number of workers.

A worker remembers the ledger, asks only for what was written since, and looks again at those only to whom that can
matter. What it decides is carried out by one statement for many people; if something it decided on has changed, in
the ledger or about one of them, it decides anew.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from app.db.changes import Changes
from app.db.driver import Changed
from app.db.unit_of_work import Database, Deciding
from app.domain.offers.matching import Match, Round
from app.domain.offers.terms import Cause
from app.domain.region.policy import RegionPolicy
from app.errors import AppError, TryAgain
from services.audit.commands import change_entry
from services.bookings.offered import keep
from services.offers import repository
from services.offers.notices import tell
from services.offers.picture import Picture
from services.offers.seekers import Group, group_of
from services.offers.upkeep import Unserved, tidy
from services.points.ledger import known_version
from services.points.stranded import without_service

TOGETHER = 100
"""So many are decided on together."""
_ANEW = timedelta(minutes=1)
"""So often everybody is looked at again: a visit of theirs may no longer stand in the way."""
_PRESSURE = list(Cause)


class Search:
    """One worker's, of one region."""

    def __init__(self, database: Database, region: RegionPolicy) -> None:
        self._database, self._region = database, region
        self._picture = Picture()
        self._looked_at: set[tuple[UUID, Cause, int]] = set()
        self._anew_at: datetime | None = None
        self._directory = -1
        self._no_service: list[UUID] = []

    async def tick(self) -> int:
        """Sees to what is due, makes the offers that can be made, and has their people told. Returns how many."""
        await self._remember()
        async with self._database.writing(self._region) as uow:
            unserved = await tidy(uow, self._no_service)
        made = await self._search(unserved) if unserved else 0
        async with self._database.writing(self._region) as uow:
            await tell(uow, [each.entry.id for each in unserved if each.entry.cause == Cause.CLOSED])
        return made

    async def _remember(self) -> None:
        """Which visits have lost their service, while points give the same ones; and everything anew now and then."""
        async with self._database.reading(self._region) as uow:
            anew = self._anew_at is None or uow.now >= self._anew_at
            directory = await known_version(uow)
            if anew or directory != self._directory:
                self._directory, self._no_service = directory, await without_service(uow)
            if anew:
                self._looked_at.clear()
                self._anew_at = uow.now + _ANEW

    async def _search(self, unserved: Sequence[Unserved]) -> int:
        async with self._database.reading(self._region) as uow:
            written = await self._picture.read(uow, {each.entry.service for each in unserved})
        due = [e for e in unserved if e.looked_at not in self._looked_at or e.entry.service in written]
        due.sort(key=_pressure)
        made = 0
        while due:
            together, due = _next_together(due)
            made += await self._offer(together)
        return made

    async def _offer(self, together: Sequence[Unserved]) -> int:
        """Offers to all of these; to half of them and then the others if too much happens meanwhile."""
        try:
            made = await self._database.decide(self._region, partial(self._decide, together))
        except TryAgain:
            if len(together) == 1:
                return 0  # the next tick is in a second, and looks at them again
            half = len(together) // 2
            return await self._offer(together[:half]) + await self._offer(together[half:])
        self._looked_at.update(each.looked_at for each in together)
        return made

    async def _decide(self, together: Sequence[Unserved], uow: Deciding) -> int:
        group = await group_of(uow, together)
        services = {seeker.service for seeker in group.seekers}
        if uow.attempt:
            await self._picture.read(uow, services)
        found = Round(
            uow.now, uow.region.limits.lead, uow.region.offers, self._picture.free(services), self._picture.minutes
        ).matches(group.seekers)
        if found:
            uow.leave(_changes(uow, group, found), _look_again)
        return len(found)


def _pressure(each: Unserved) -> tuple[int, date, datetime]:
    """As far as it is known before anything of the person is read."""
    entry = each.entry
    return _PRESSURE.index(Cause(entry.cause)), entry.deadline or date.max, entry.starts_at


def _next_together(due: Sequence[Unserved]) -> tuple[list[Unserved], list[Unserved]]:
    """The first of them, of each person one: what is offered to somebody stands in the way of their next offer."""
    together: dict[UUID, Unserved] = {}
    rest = []
    for each in due:
        if len(together) < TOGETHER and each.person_id not in together:
            together[each.person_id] = each
        else:
            rest.append(each)
    return [*together.values()], rest


def _changes(uow: Deciding, group: Group, found: Sequence[Match]) -> Changes:
    changes = Changes(people={})
    offers = changes.inserted.setdefault("offers", [])
    for match in found:
        booking, offer_id = group.bookings[match.seeker.entry_id], uuid4()
        changes.people[booking.person_id] = group.positions[booking.person_id]
        until = max(choice.until for choice in match.choices)
        offers.append(repository.offer_row(offer_id, match.seeker.entry_id, uow.now, until))
        for choice in match.choices:
            keep(uow, changes, booking, choice.point_id, choice.place, choice.until, offer_id)
        entry = change_entry(uow, booking.person_id, "place_offered", booking=booking.id, offer=offer_id)
        changes.entries.append(entry)
    return changes


async def _look_again(constraint: str) -> AppError | None:
    """Whatever the database refused, somebody was faster."""
    raise Changed from LookupError(constraint)
