"""The directory with its offers, and the ledger as it changes, for those who plan with many points at once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading, look
from app.domain.points.places import Stretch
from services.points import parts, repository
from services.points.directory import Directory
from services.points.free_days import Changed, Offer, Offers

_OFFERS: Any = "services.points.offers"


async def directory_with_offers(uow: Reading) -> tuple[Directory, Offers]:
    """The points of the region and what each gives, from memory unless they have changed."""
    directory = await repository.directory(uow)
    kept: Offers | None = directory.derived.get(_OFFERS)
    if kept is not None:
        return directory, kept
    found: dict[str, dict[UUID, Offer]] = {}
    for point_id, service, pool_id, minutes, every in await repository.offers(uow):
        if point_id in directory.points:
            found.setdefault(service, {})[point_id] = Offer(point_id, pool_id, minutes, every)
    directory.derived[_OFFERS] = found
    return directory, found


async def changed_days(uow: Reading, since: Mapping[UUID, str | None], first: date, last: date) -> Changed:
    """The pools' days that were written since their snapshots, read on a connection of its own."""
    days, now = parts.changed_days(since, first, last), parts.snapshot()
    found = await look(uow, days, now)
    return Changed(found[days], found[now])


async def known_version(uow: Reading) -> int:
    """The version of the directory: it moves on with every change of a point or of what one gives."""
    return (await repository.directory(uow)).version


def stretches_at(places: Sequence[tuple[UUID, str, datetime]]) -> Part[list[Stretch | None]]:
    """The ledger where visits would stand (point, service, beginning), to be read along with other parts."""
    return parts.stretches(places)
