"""Everything about oneself, as one file; and what would become of it."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.ports import Objects
from services.documents.own import own_files
from services.rights.packing import packed
from services.rights.parts import PARTS, STAYS

_SECRET = ("_sealed", "_index", "password_hash", "digest", "code")
"""Columns that tell nothing to read: what is sealed was opened beside them, and what only the database finds by."""
_LEFT_OUT = {
    "refresh_tokens": "secrets of this service by which a phone stays signed in; kept as digests only",
    "sign_in_codes": "codes that live for minutes, kept as digests only",
    "chain_heads": "how long your log is and the digest of its end, by which tampering is found",
    "use_hidings": "uses that a named law keeps from people for a while: they are in the log when that ends",
    "upload_parts": "pieces of files that are still coming",
    "kept_answers": "answers to requests that were just made, sealed with a key that only the phone has",
    "outbox_events": "messages under way, of which nothing is kept once they have arrived",
}


async def export(uow: Reading, objects: Objects, person_id: UUID) -> AsyncIterator[bytes]:
    """A ZIP: a JSON file for each feature with its rows by table, the files of documents in a folder, and `about.json`,
    which says what is left out. It is packed while it is sent, and needs the database no more by then.
    """
    about = {"made_at": uow.now, "region": uow.region.code, "person": person_id, "left_out": _LEFT_OUT}
    texts, files = [("about.json", _json(about))], []
    for part in PARTS:
        rows = await part.give(uow, person_id, Purpose.OWN_ACCESS)
        texts.append((f"{part.name}.json", _json(rows)))
        if part.name == "documents":
            files = [(f"documents/{name}", opened) async for name, opened in own_files(uow, objects, rows)]
    return packed(texts, files, uow.now)


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(plain(content), ensure_ascii=False, indent=1, sort_keys=True).encode()


def plain(value: Any) -> Any:
    """What JSON can show of it."""
    match value:
        case Mapping():
            shown = {str(name): plain(each) for name, each in value.items() if not _hidden(str(name), each)}
            return {name: each for name, each in shown.items() if each is not None}
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in value]
        case Enum():
            return value.value
        case date() | datetime() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case str() | int() | float() | bool() | None:
            return value
    if hasattr(value, "lower") and hasattr(value, "upper"):  # a range of time
        return {"from": plain(value.lower), "to": plain(value.upper)}
    return str(value)


def _hidden(name: str, value: Any) -> bool:
    return isinstance(value, bytes) and name.endswith(_SECRET)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is deleted (by feature), what stays and why, and the word that confirms it, which is good for this day."""

    deleted: list[str]
    stays: list[dict[str, Any]]
    confirmation: str


def leaving(uow: Reading, caller: Caller) -> Leaving:
    """What `erase` would do."""
    deleted = [part.name for part in PARTS if part.end is not None]
    return Leaving(deleted, [asdict(stay) for stay in STAYS], confirmation(uow, caller))


def confirmation(uow: Reading, caller: Caller) -> str:
    """Twelve characters that the phone has to send back: nobody deletes everything by a call that went astray."""
    day = uow.region.day_of(uow.now)
    return uow.vault.mac("erasure", f"{caller.person}:{caller.account_id}:{day}".encode()).hex()[:12]
