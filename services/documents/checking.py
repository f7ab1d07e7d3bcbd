"""Files that have come whole are looked at, made anew, and sealed for good: by a worker, one after the other.

No transaction is open meanwhile. A worker that dies leaves a lease that runs out, and another begins anew.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import structlog

from app.db.locks import lock_person
from app.db.unit_of_work import Database, Writing
from app.domain.documents.refusals import Refusal
from app.domain.documents.states import FileState
from app.domain.region.policy import RegionPolicy
from app.models.documents import DocumentFile
from app.ports import Cleaned, Cleaner, DeliveryError, ErasedError, Objects, Scanner, TamperedError
from services.audit.commands import record_change
from services.documents import repository
from services.documents.commands import STORED, told
from services.documents.sealing import (
    Part,
    Place,
    Secret,
    new_key,
    open_part,
    seal_content,
    seal_secret,
    secret_of,
)

LEASE = timedelta(minutes=3)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Checks:
    """What files are checked with. Without a `scanner` no viruses are looked for; files are made anew all the same."""

    objects: Objects
    cleaner: Cleaner
    scanner: Scanner | None = None


async def check_next(database: Database, region: RegionPolicy, checks: Checks) -> int:
    """Checks a file that waits for it, if there is one; returns how many were checked."""
    async with database.writing(region) as uow:
        file = await repository.claim(uow, uow.now + LEASE)
        if file is None:
            return 0
        parts = await repository.parts_of(uow, [file.id])
        try:
            key = (await secret_of(uow, file)).key
        except ErasedError:
            key = b""
    try:
        found = await _found(checks, file, parts, key)
    except DeliveryError as error:
        _log.warning("documents.not_scanned", reason=str(error))
        return 0  # the file waits until the lease is over
    await _write(database, region, checks.objects, file, found)
    return 1


async def _found(checks: Checks, file: DocumentFile, parts: list[Part], key: bytes) -> Cleaned | Refusal:
    if not key:
        return Refusal.DAMAGED  # erased meanwhile: nobody can read it any more
    content = bytearray()
    try:
        for part in parts:
            content += open_part(key, file.id, part.first, await checks.objects.get(part.object))
    except (LookupError, TamperedError):
        _log.error("documents.part_lost", file_id=str(file.id))
        return Refusal.DAMAGED
    if len(content) != file.length:
        return Refusal.DAMAGED
    whole = bytes(content)
    if checks.scanner is not None and await checks.scanner.infected(whole):
        return Refusal.INFECTED
    return await checks.cleaner.clean(whole)


async def _write(
    database: Database, region: RegionPolicy, objects: Objects, file: DocumentFile, found: Cleaned | Refusal
) -> None:
    if isinstance(found, Refusal):
        async with database.writing(region) as uow:
            await lock_person(uow, file.person_id)
            if await repository.conclude(uow, file, state=FileState.REFUSED.value, refusal=found.value):
                await record_change(uow, file.person_id, "document_refused", document=file.document_id, why=found)
        return
    names = await _put(objects, region.code, file, found, key := new_key())
    kept = False
    try:
        async with database.writing(region) as uow:
            await lock_person(uow, file.person_id)
            secret = Secret(key, hashlib.sha256(found.content).digest())
            sealed = await seal_secret(uow, file.person_id, secret)
            facts = {"secret_sealed": sealed, "media_type": found.media_type, "size": len(found.content)}
            kept = await repository.conclude(uow, file, state=FileState.READY.value, **facts, **names)
            if kept:
                await _complete(uow, file)
    finally:
        if not kept:
            await objects.delete([name for name in names.values() if name])


async def _put(
    objects: Objects, region: str, file: DocumentFile, cleaned: Cleaned, key: bytes
) -> dict[str, str | None]:
    stem = f"{region}/files/{file.id.hex}-{secrets.token_hex(6)}"
    names: dict[str, str | None] = {"content": stem, "preview": f"{stem}-preview" if cleaned.preview else None}
    await objects.put(stem, seal_content(key, place_of(file), cleaned.content))
    if cleaned.preview and names["preview"]:
        await objects.put(names["preview"], seal_content(key, place_of(file, preview=True), cleaned.preview))
    return names


async def _complete(uow: Writing, file: DocumentFile) -> None:
    """Once its last page is ready, the version is the document's newest, and whoever mirrors it is told."""
    kind = await repository.make_ready(uow, file.document_id, file.version)
    if kind is not None:
        await told(uow, STORED, file.person_id, file.document_id, file.version, kind)
        version = str(file.version)
        await record_change(
            uow, file.person_id, "document_stored", document=file.document_id, kind=kind, version=version
        )


def place_of(file: DocumentFile, *, preview: bool = False) -> Place:
    """What its sealed bytes are bound to."""
    return Place(file.document_id, file.version, file.page, preview)
