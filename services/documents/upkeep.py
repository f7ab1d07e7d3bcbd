"""What a worker does for documents: sealed bytes of what is gone are deleted, uploads that were given up expire, rows
follow a person who was joined with another; and what a doctor would find is looked for.
"""

import structlog

from app.db.locks import lock_person
from app.db.unit_of_work import Database, Reading, Writing
from app.domain.documents.limits import ORPHAN_AGE, UPLOAD_LIVES
from app.domain.region.policy import RegionPolicy
from app.ports import Objects, TamperedError
from services.documents import repository
from services.documents.sealing import FIELD
from services.outbox.commands import Handler, Payload

_BATCH = 200
_log = structlog.get_logger()


def document_handlers() -> dict[str, Handler]:
    """Who mirrors documents takes these events up; where nobody does, nothing is to be done."""

    async def nothing(_payload: Payload) -> None:
        return

    return {"documents.stored": nothing, "documents.removed": nothing}


async def delete_doomed(uow: Writing, objects: Objects) -> int:
    """Deletes objects that nothing refers to any more; returns how many."""
    names = await repository.take_doomed(uow, _BATCH)
    await objects.delete(names)
    return len(names)


async def give_up_old(uow: Writing) -> None:
    """Gives up files of which nothing has come for a day, and documents that were begun and never came."""
    files = await repository.expired(uow, _BATCH)
    if files:
        await repository.delete_files(uow, files)
    await repository.delete_drafts(uow, uow.now - 2 * UPLOAD_LIVES)


async def follow_merges(uow: Writing) -> int:
    """Documents of somebody who was joined with another become the other's, their keys sealed anew; the sealed bytes
    stay as they are. Returns of how many people.
    """
    found, moved = await repository.merged(uow), 0
    for person_id, into in found:
        await lock_person(uow, into, gone_too=True)
        sealed = {}
        try:
            for file_id, secret in await repository.secrets_sealed(uow, person_id):
                sealed[file_id] = await uow.vault.seal(into, FIELD, await uow.vault.open(person_id, FIELD, secret))
        except TamperedError:  # they stay where they are, and hold nobody else up
            _log.warning("documents.unreadable")
            continue
        await repository.hand_over(uow, person_id, into, sealed)
        moved += 1
    return moved


async def sweep(database: Database, region: RegionPolicy, objects: Objects) -> int:
    """Deletes objects older than a day that no row knows: what a process left that died between the two."""
    old = database.clock.now() - ORPHAN_AGE
    found = [one.name async for one in objects.listed(region.code) if one.written_at < old]
    async with database.reading(region) as uow:
        known = await repository.objects_of_rows(uow)
    orphans = [name for name in found if name not in known]
    await objects.delete(orphans)
    return len(orphans)


async def faults(uow: Reading, objects: Objects) -> list[str]:
    """Where rows and objects disagree, in words. What is younger than a day may be on its way."""
    known = await repository.objects_of_rows(uow)
    present, old = set(), uow.now - 2 * ORPHAN_AGE
    orphans = 0
    async for one in objects.listed(uow.region.code):
        present.add(one.name)
        orphans += one.name not in known and one.written_at < old
    missing = await repository.objects_of_rows(uow, needed=True) - present
    found = [f"{name} is not in the store: a page of a document cannot be read" for name in sorted(missing)]
    return found + ([f"{orphans} sealed files belong to nothing: is a worker running?"] if orphans else [])
