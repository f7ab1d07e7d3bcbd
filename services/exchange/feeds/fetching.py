"""The agency's part of feeds: it fetches its files, and gets of each what may still be told at that moment."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.exchange.terms import Way
from app.domain.identity.caller import Caller
from app.errors import NotFound
from app.ports import ErasedError
from services.exchange.agreements import hold
from services.exchange.errors import OutsideAgreement
from services.exchange.feeds import repository
from services.exchange.passing import still_covered
from services.identity.devices import require_signed_in


@dataclass(frozen=True, slots=True)
class FileView:
    id: UUID
    agreement_id: UUID
    version: int
    run_id: UUID
    number: int
    made_at: datetime
    delete_at: datetime
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """`manifest`: a compact JWS that holds the digest of each item as it was made. An item that may not be told any
    more, of a consent that was withdrawn say, is not among `items`.
    """

    manifest: str
    items: list[dict[str, Any]]


async def files(uow: Reading, agency_id: UUID, limit: int) -> list[FileView]:
    """Those that wait for the agency, the newest first."""
    return [
        FileView(
            one.id, one.agreement_id, one.number, one.run_id, one.ordinal, one.made_at, one.delete_at, one.fetched_at
        )
        for one in await repository.files(uow, agency_id, limit)
    ]


async def fetch(uow: Writing, officer: Caller, agency_id: UUID, file_id: UUID) -> Fetched:
    """NotFound for another agency's; OutsideAgreement once the wording that it was made by is not in force."""
    await require_signed_in(uow, officer)
    file = await repository.file(uow, file_id, agency_id)
    if file is None:
        raise NotFound
    held = await hold(uow, file.agreement_id, Way.FEED, agency_id)
    if held is None or held.version.number != file.number:
        raise OutsideAgreement
    told = []
    for item in await repository.items(uow, file_id):
        await lock_person(uow, item.person_id, gone_too=True)
        if not await still_covered(uow, held, item.person_id):
            continue
        try:
            told.append((item.ordinal, json.loads(await repository.opened(uow, item))))
        except ErasedError:
            continue
    await repository.fetched(uow, file_id)
    return Fetched(file.manifest, [content for _, content in sorted(told, key=lambda one: one[0])])
