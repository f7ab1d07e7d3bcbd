"""How a file comes in: piece by piece, each sealed before it is stored, over any process and any number of requests.

How much is here stands in the database, and the parts in the object store: an API process that is killed takes with it
no more than the part it was receiving. Nothing holds a connection to the database while a slow phone sends.
"""

import asyncio
import hashlib
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.db.locks import lock_person
from app.db.unit_of_work import Database, Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.documents.limits import MOST_BYTES, MOST_KEPT, MOST_OPEN, PART_SECONDS, UPLOAD_LIVES
from app.domain.documents.states import KEPT, FileState
from app.domain.documents.tus import Checksum, Target
from app.domain.identity.caller import Caller
from app.domain.region.policy import RegionPolicy
from app.errors import AppError, NotFound
from app.models.documents import DocumentFile
from app.ports import Objects
from services.documents import parts as parts_sql
from services.documents import repository
from services.documents.errors import (
    ChecksumWrong,
    FileTooLarge,
    OffsetWrong,
    PageTaken,
    StorageFull,
    TooManyUploads,
    UploadFinished,
)
from services.documents.receiving import coming
from services.documents.sealing import Part, PartSeal, Secret, new_key, seal_secret, secret_of

_OWN = Purpose.OWN_ACCESS
_SMALLEST = 64 * 1024
"""Less than this is not stored apart while more is coming."""


@dataclass(frozen=True, slots=True)
class Upload:
    """How far a file is: `offset` of `length` bytes; `expires_at` while it is not whole."""

    id: UUID
    offset: int
    length: int
    expires_at: datetime | None


async def start(uow: Writing, person_id: UUID, target: Target, length: int) -> Upload:
    """Makes room for a page's file. FileTooLarge by what is claimed: nothing of it was sent yet.

    NotFound when the person has no such document, version or page; PageTaken while another file is there; StorageFull,
    TooManyUploads.
    """
    if length > MOST_BYTES:
        raise FileTooLarge(limit=MOST_BYTES)
    upload = Upload(uuid4(), 0, length, uow.now + UPLOAD_LIVES)
    sealed = await seal_secret(uow, person_id, Secret(new_key()))
    limits = {"most": MOST_OPEN, "most_kept": MOST_KEPT}
    terms = {"length": length, "expires_at": upload.expires_at, "secret": sealed, **limits}
    # Without the person's lock: of one who is joined with another meanwhile, the file follows with the rest.
    if not await repository.add_file(uow, person_id, upload.id, target, _OWN, terms):
        raise await _why_not(uow, person_id, target, length)
    return upload


async def _why_not(uow: Reading, person_id: UUID, target: Target, length: int) -> AppError:
    found = await repository.versions(uow, person_id, [target.document_id], _OWN)
    own = await repository.document(uow, person_id, target.document_id, _OWN)
    if own is None or not any(v.version == target.version and target.page <= v.pages for v in found):
        return NotFound()
    files = await repository.files(uow, person_id, _OWN, [target.document_id])
    there = [f.id for f in files if (f.version, f.page) == (target.version, target.page) and f.state in KEPT]
    if there:
        return PageTaken(upload_id=str(there[0]))
    every = await repository.files(uow, person_id, _OWN, None)
    kept = sum(f.size or f.length for f in every if f.state in KEPT)
    return StorageFull(limit=MOST_KEPT) if kept + length > MOST_KEPT else TooManyUploads(limit=MOST_OPEN)


async def own_upload(uow: Reading, person_id: UUID, file_id: UUID) -> Upload:
    """NotFound also once it has expired."""
    return _upload(await _own(uow, person_id, file_id))


async def terminate(uow: Writing, person_id: UUID, file_id: UUID) -> None:
    """Gives a file up, with all that has come of it. UploadFinished when its document is complete."""
    await lock_person(uow, person_id)
    file = await _own(uow, person_id, file_id)
    versions = await repository.versions(uow, person_id, [file.document_id], _OWN)
    if any(one.version == file.version and one.ready_at for one in versions):
        raise UploadFinished
    await repository.delete_files(uow, [file])


async def receive(
    database: Database,
    region: RegionPolicy,
    caller: Caller,
    objects: Objects,
    file_id: UUID,
    offset: int,
    body: AsyncIterator[bytes],
    *,
    declared: int | None,
    checksum: Checksum | None,
) -> Upload:
    """Takes what comes from `offset` on, also when it ends early. `declared`: how much is said to come.

    OffsetWrong when the file is not here just up to there; of two who send at once one is told so. With a checksum all
    of it is kept or nothing: ChecksumWrong. TooManyUploads for one who sends many files at once.
    """
    async with database.deciding(region, caller) as uow:
        file = _living(uow, await parts_sql.upload(uow, caller.person, file_id, _OWN))
        if file.received != offset:
            raise OffsetWrong(offset=file.received)
        if offset + (declared or 0) > file.length:
            raise FileTooLarge(limit=file.length)
        if file.state != FileState.UPLOADING:
            return _upload(file)
        key = (await secret_of(uow, file)).key
    taking = _Taking(database, region, caller, objects, file, key, checksum)
    try:
        with coming(caller.account_id, file.id) as own:
            async for piece in own.pieces(body):
                await taking.take(piece)
        if own.given_way:
            raise OffsetWrong(offset=file.received)
        return await taking.finish()
    finally:
        await taking.drop_rest()


class _Taking:
    """What comes over one request. The part before is stored while the next one comes."""

    def __init__(
        self,
        database: Database,
        region: RegionPolicy,
        caller: Caller,
        objects: Objects,
        file: DocumentFile,
        key: bytes,
        checksum: Checksum | None,
    ) -> None:
        self._database, self._region, self._caller, self._objects = database, region, caller, objects
        self._file, self._key, self._checksum = file, key, checksum
        self._digest = hashlib.new(checksum.algorithm) if checksum else None
        self._at, self._since = file.received, time.monotonic()
        self._filling: PartSeal | None = None
        self._storing: asyncio.Task[None] | None = None
        self._stored: list[Part] = []
        self._expires_at = file.expires_at

    async def take(self, piece: bytes) -> None:
        if self._at + len(piece) > self._file.length:
            raise FileTooLarge(limit=self._file.length)
        if self._digest is not None:
            self._digest.update(piece)
        rest = memoryview(piece)
        while rest:
            part = self._filling = self._filling or PartSeal(self._key, self._file.id, self._at)
            some, rest = rest[: part.room], rest[part.room :]
            part.add(some)
            self._at += len(some)
            late = part.size >= _SMALLEST and time.monotonic() - self._since > PART_SECONDS
            if late or not part.room:
                await self._store(part)

    async def finish(self) -> Upload:
        if self._checksum and self._digest and self._digest.digest() != self._checksum.digest:
            raise ChecksumWrong
        if self._filling is not None:
            await self._store(self._filling)
        await self._settle()
        if self._checksum and self._stored:
            await self._commit(self._stored)
        return Upload(self._file.id, self._at, self._file.length, self._expires_at)

    async def drop_rest(self) -> None:
        """What was stored and is of no file. Whatever stays behind is swept up by a worker."""
        if self._storing is not None:
            with suppress(Exception):
                await self._storing
        if self._stored:
            with suppress(Exception):
                await self._objects.delete([part.object for part in self._stored])

    async def _store(self, part: PartSeal) -> None:
        self._filling, self._since = None, time.monotonic()
        await self._settle()
        self._storing = asyncio.create_task(self._put(part))

    async def _settle(self) -> None:
        storing, self._storing = self._storing, None
        if storing is not None:
            await storing

    async def _put(self, sealing: PartSeal) -> None:
        # A folder for each file would have to be made, and put on the disk, before its first part is.
        name = f"{self._region.code}/parts/{self._file.id.hex}-{sealing.first:08}-{secrets.token_hex(6)}"
        part = Part(sealing.first, sealing.size, name)
        self._stored.append(part)
        await self._objects.put(name, sealing.sealed())
        sealing.release()
        if self._checksum is None:
            await self._commit([part])

    async def _commit(self, parts: list[Part]) -> None:
        async with self._database.deciding(self._region, self._caller) as uow:
            expires_at = uow.now + UPLOAD_LIVES
            if not await parts_sql.advance(uow, self._file.id, parts, expires_at):
                now = await parts_sql.upload(uow, self._caller.person, self._file.id, _OWN)
                if now is None:
                    raise NotFound
                raise OffsetWrong(offset=now.received)
        whole = parts[-1].first + parts[-1].size == self._file.length
        self._expires_at = None if whole else expires_at
        self._stored = [part for part in self._stored if part not in parts]


async def _own(uow: Reading, person_id: UUID, file_id: UUID) -> DocumentFile:
    return _living(uow, await repository.file(uow, person_id, file_id, _OWN))


def _living(uow: Reading, file: DocumentFile | None) -> DocumentFile:
    if file is None or (file.expires_at is not None and file.expires_at <= uow.now):
        raise NotFound
    return file


def _upload(file: DocumentFile) -> Upload:
    return Upload(file.id, file.received, file.length, file.expires_at)
