"""What the wire types of all features share."""

import base64
import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict

from app.errors import InvalidInput


class In(BaseModel):
    """A request's body: unknown members are refused, so that a typing error is told at once."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Out(BaseModel):
    """A response's body."""

    model_config = ConfigDict(from_attributes=True)


def _timestamps_only(value: object) -> object:
    if not isinstance(value, str) or "T" not in value.upper():
        raise ValueError("an RFC 3339 timestamp with an offset, as text")
    return value


def near_enough(value: datetime) -> datetime:
    """The same instant; ValueError when it lies far from any visit."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return value


# A number would be taken for seconds; a year far from any visit overflows when it is moved to another zone.
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_timestamps_only, json_schema_input_type=AwareDatetime),
    AfterValidator(near_enough),
]


Cursor = Annotated[str | None, Query(max_length=200)]
"""Where a page before ended."""
Limit = Annotated[int, Query(ge=1, le=100)]
"""How much of a page is asked for."""


def written_in_base64(content: bytes) -> str:
    """For a URL, without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_from_base64(text: str) -> bytes:
    """ValueError for what is none."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cursor_of(*key: str | int) -> str:
    """An opaque cursor from the key that a page ended with."""
    return written_in_base64(json.dumps(key).encode())


def key_of(cursor: str) -> list[str | int]:
    """The key in a cursor of ours; InvalidInput for anything else."""
    try:
        key = json.loads(read_from_base64(cursor))
    except ValueError:
        raise InvalidInput(field="cursor") from None
    if not isinstance(key, list):
        raise InvalidInput(field="cursor")
    return key


def id_of(cursor: str) -> UUID:
    """The identifier in a cursor of ours; InvalidInput for anything else."""
    match key_of(cursor):
        case [str(text)]:
            try:
                return UUID(text)
            except ValueError:
                pass
    raise InvalidInput(field="cursor")


def number_of(cursor: str) -> int:
    """The number in a cursor of ours, of a row that is counted from 1; InvalidInput for anything else."""
    match key_of(cursor):
        case [int(number)] if 0 < number < 2**63:
            return number
    raise InvalidInput(field="cursor")


def instant_key_of(cursor: str) -> tuple[datetime, UUID]:
    """The instant and the identifier in a cursor of ours; InvalidInput for anything else."""
    try:
        instant, identifier = key_of(cursor)
        moment = near_enough(datetime.fromisoformat(str(instant)))
        if moment.tzinfo is None:
            raise InvalidInput(field="cursor")
        return moment, UUID(str(identifier))
    except ValueError:
        raise InvalidInput(field="cursor") from None
