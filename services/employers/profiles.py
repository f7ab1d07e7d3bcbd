"""The person's work profile: sealed with their key, and read by others only while they let themselves be found."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.purposes import ConsentPurpose
from app.domain.employers.allowed import Allowed
from app.domain.employers.profile import WorkProfile
from app.domain.matching.terms import Worker
from app.errors import NotFound
from app.models.employers import WorkProfileRow
from app.ports import ErasedError, TamperedError
from services.audit.commands import record_change
from services.consents.ground import live_among
from services.employers import repository
from services.employers.cells import matching_cell
from services.employers.parts import Stored
from services.employers.postings import dump_profile, load_profile
from services.employers.reckoning import reckon

FIELD = "work_profiles"
_log = structlog.get_logger()
_FEW = 20
"""So many are read at once without a thread."""


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What the person said, and from when they may work as far as that is known. `visible`: whether they are found."""

    profile: WorkProfile
    allowed: Allowed
    visible: bool


async def put(uow: Writing, person_id: UUID, profile: WorkProfile) -> OwnWork:
    """What the person says of their work from now on."""
    await lock_person(uow, person_id)
    await record_change(uow, person_id, "work_profile_changed")
    await uow.session.flush()
    [reckoned] = await reckon(uow, [person_id])
    visible = await is_visible(uow, person_id)
    sealed = await uow.vault.seal(person_id, FIELD, dump_profile(profile))
    values = {name: value for name, value in reckoned.items() if name != "person_id"}
    await repository.put_work_profile(uow, person_id, {"sealed": sealed, "visible": visible, **values})
    return await own_work(uow, person_id)


async def forget(uow: Writing, person_id: UUID) -> None:
    """Nothing of it is kept. NotFound if there is none."""
    await lock_person(uow, person_id)
    if not await repository.delete_work_profile(uow, person_id):
        raise NotFound
    await record_change(uow, person_id, "work_profile_deleted")


async def own_work(uow: Reading, person_id: UUID) -> OwnWork:
    """NotFound until there is one."""
    row = await repository.work_profile(uow, person_id, Purpose.OWN_ACCESS)
    if row is None:
        raise NotFound
    profile = load_profile(await uow.vault.open(person_id, FIELD, row.sealed))
    return OwnWork(profile, _allowed(row), await is_visible(uow, person_id))


async def own_worker(uow: Reading, person_id: UUID) -> Worker | None:
    """As matching knows the person; None without a work profile."""
    row = await repository.work_profile(uow, person_id, Purpose.OWN_ACCESS)
    return await worker_of(uow, row) if row is not None else None


async def worker_of(uow: Reading, row: WorkProfileRow) -> Worker:
    """ErasedError when the person's key was destroyed."""
    return _worker(row, await uow.vault.open(row.person_id, FIELD, row.sealed))


async def workers_of(uow: Reading, rows: Sequence[Stored]) -> dict[UUID, Worker]:
    """The same of many; without those whose key was destroyed, and those whose bytes are not what was sealed."""
    plain = await uow.vault.open_many(FIELD, {row.person_id: row.sealed for row in rows})
    if len(rows) <= _FEW:
        workers, unread = _workers(rows, plain)
    else:
        workers, unread = await asyncio.to_thread(_workers, rows, plain)
    if unread:
        _log.error("employers.unread_profiles", count=len(unread))  # whose they are, the doctor tells
    return workers


async def unread_among(uow: Reading, rows: Sequence[Stored]) -> list[UUID]:
    """Of whom there is a work profile that cannot be read, although their key is there."""
    plain = await uow.vault.open_many(FIELD, {row.person_id: row.sealed for row in rows})
    return (await asyncio.to_thread(_workers, rows, plain))[1]


def _workers(rows: Sequence[Stored], plain: Mapping[UUID, bytes | None]) -> tuple[dict[UUID, Worker], list[UUID]]:
    """And whose cannot be read: one person's data does not stop the others."""
    workers, unread = {}, []
    for row in rows:
        if row.person_id in plain:
            try:
                workers[row.person_id] = _worker(row, plain[row.person_id] or b"")
            except (LookupError, TypeError, ValueError):
                unread.append(row.person_id)
    return workers, unread


def _worker(row: Stored | WorkProfileRow, plain: bytes) -> Worker:
    profile = load_profile(plain)
    may_work = _allowed(row).to_do(frozenset(profile.permitted))
    return profile.worker(row.person_id, may_work, matching_cell(profile.place))


async def occupations_of(uow: Reading, people: Collection[UUID], purpose: Purpose) -> dict[UUID, str]:
    """What each works as, as far as they said: what their permit names, else what they look for or have done. ISCO-08
    unit groups.
    """
    found = {}
    for row in await repository.work_profiles(uow, people, purpose):
        try:
            profile = load_profile(await uow.vault.open(row.person_id, FIELD, row.sealed))
        except (ErasedError, TamperedError):
            continue
        said = (*profile.permitted, *profile.wishes, *(each.occupation for each in profile.worked))
        if said:
            found[row.person_id] = said[0]
    return found


async def is_visible(uow: Reading, person_id: UUID) -> bool:
    """Whether they agree to be found: for choosing what to do. Whoever shows them to somebody asks for the ground."""
    return bool(await live_among(uow, [person_id], [ConsentPurpose.VISIBLE_TO_EMPLOYERS]))


def _allowed(row: Stored | WorkProfileRow) -> Allowed:
    return Allowed(row.allowed_from, row.allowed_until, row.sure, row.names_work)
