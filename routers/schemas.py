"""What the wire types of all features share."""

import base64
import json
from typing import Annotated, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from app.errors import InvalidInput

T = TypeVar("T")


class In(BaseModel):
    """A request's body: unknown members are refused, so that a typing error is told at once."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Out(BaseModel):
    """A response's body."""

    model_config = ConfigDict(from_attributes=True)


class Page(Out, Generic[T]):
    """A page of a list. `next` goes into `cursor` for the one after; None on the last."""

    items: list[T]
    next: str | None = None


def _timestamps_only(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("an RFC 3339 timestamp with an offset, as text")
    return value


# Years far from any visit overflow when moved to another zone; numbers would be taken for seconds.
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_timestamps_only, json_schema_input_type=AwareDatetime),
    Field(ge="2000-01-01T00:00:00Z", le="2200-01-01T00:00:00Z"),  # type: ignore[arg-type]
]


def cursor_of(*key: str | int) -> str:
    """An opaque cursor from the key that a page ended with."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def key_of(cursor: str) -> list[str | int]:
    """The key in a cursor of ours; InvalidInput for anything else."""
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise InvalidInput(field="cursor") from None
    if not isinstance(key, list):
        raise InvalidInput(field="cursor")
    return key
