"""Wire types of queues: as the clerks of a point, its hall and those who wait see them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.domain.queue.status import TicketStatus
from app.models.queue import Counter
from routers.points.schemas import PointBrief
from routers.schemas import In, Out
from routers.visits.schemas import AllowedOutcome

ServiceCode = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern="^[a-z_]+$")]
LanguageTag = Annotated[str, StringConstraints(min_length=2, max_length=12, pattern="^[A-Za-z-]+$")]
CounterCode = Annotated[str, StringConstraints(min_length=1, max_length=10, pattern="^[0-9A-Za-z-]+$")]


class WishIn(In):
    """`language`: to be served in it, if the visitor asks for one. `priority`: the visitor's own word, for the day, and
    never why (a pregnancy, a small child, a disability …).
    """

    service: ServiceCode
    language: LanguageTag | None = None
    priority: bool = False


class WalkInIn(WishIn):
    """`migrant_id`: only if the visitor wants the ticket on their phone."""

    migrant_id: str | None = Field(None, min_length=1, max_length=40)


class TakeTicketIn(WishIn):
    """`hall_code` stands on the screen in the hall. `named`: show the ticket on the phone of who is signed in."""

    hall_code: str = Field(min_length=1, max_length=20, examples=["K7QPM2XZ"])
    named: bool = True


class PriorityIn(In):
    priority: bool


class FinishIn(In):
    """A booked visit ends with an outcome, as its `allowed` says; a walk-in's without."""

    outcome: Literal["done", "incomplete", "come_again"] | None = None
    expires_on: date | None = None


class TransferIn(In):
    """Another service, or one counter that may call, or both."""

    service: ServiceCode | None = None
    counter_id: UUID | None = None


class CounterIn(In):
    """`name`: by language. `retired`: given up; it can come back."""

    name: dict[Literal["ru", "en"], Annotated[str, StringConstraints(min_length=1, max_length=80)]] = Field(
        default_factory=dict
    )
    services: list[ServiceCode] = Field(min_length=1, max_length=20)
    languages: list[LanguageTag] = Field(default_factory=list, max_length=20)
    retired: bool = False


class CounterOut(Out):
    id: UUID
    code: str
    name: dict[str, str]
    services: list[str]
    languages: list[str]
    retired: bool
    open: bool


class CounterList(Out):
    items: list[CounterOut]


class QueueCounter(Out):
    """`own`: the caller stands there. `opened_at`: while it is open."""

    id: UUID
    code: str
    name: str | None
    services: list[str]
    languages: list[str]
    own: bool
    opened_at: datetime | None


class QueueTicket(Out):
    """A ticket as the queue's list shows it: no names. `version` goes into `If-Match`.

    `counter_id`: who called it; while it waits, the only counter that may. Until `undo_until` the last move can be
    taken back.
    """

    id: UUID
    number: int
    version: int
    status: TicketStatus
    service: str
    language: str | None
    booked_for: datetime | None
    priority: bool
    counter_id: UUID | None
    calls: int
    joined_at: datetime
    called_at: datetime | None
    serving_at: datetime | None
    undo_until: datetime | None


class QueueOut(Out):
    """`version` counts the moves of the point's queue. Tickets that ended are shown while that can be undone."""

    version: int
    counters: list[QueueCounter]
    tickets: list[QueueTicket]


class CalledTicket(QueueTicket):
    """A ticket with who it is, once it was called and if they gave a name. `allowed`: how a booked visit may end."""

    migrant_id: str | None
    name: str | None
    cyrillic_name: str | None
    allowed: list[AllowedOutcome]


class CalledNext(Out):
    """`ticket` is null when nobody may be called to this counter now."""

    ticket: CalledTicket | None


class HallCodeOut(Out):
    """What the screen shows `until` then, as text and as a QR code for phones."""

    code: str
    until: datetime


class BoardCall(Out):
    number: int
    counter: str | None
    status: TicketStatus


class BoardCounter(Out):
    code: str
    name: str | None
    open: bool


class BoardOut(Out):
    """The hall's board. `calls`: who is to go where, the last call first. `waiting`: numbers, in no order of turns."""

    version: int
    calls: list[BoardCall]
    waiting: list[int]
    counters: list[BoardCounter]


class TakenTicket(Out):
    """Keep the number: the hall's board calls it."""

    id: UUID
    number: int
    day: date


class OwnTicketOut(Out):
    """`ahead`: how many will be called before, while it waits. `counter`: where to go, once it is called."""

    id: UUID
    number: int
    day: date
    version: int
    status: TicketStatus
    point: PointBrief
    service: str
    language: str | None
    booked_for: datetime | None
    priority: bool
    ahead: int | None
    counter: str | None
    calls: int
    joined_at: datetime
    called_at: datetime | None


class MovedTicket(Out):
    """What became of it; where it stands then, its stream or its page tells."""

    id: UUID
    number: int
    version: int
    status: TicketStatus
    priority: bool


class OwnTicketList(Out):
    items: list[OwnTicketOut]


def name_in(language: str, names: Mapping[str, str]) -> str | None:
    """The name in that language, or in whichever there is one."""
    return names.get(language) or next(iter(names.values()), None)


def counter_out(counter: Counter) -> CounterOut:
    return CounterOut(
        id=counter.id,
        code=counter.code,
        name=counter.name,
        services=counter.services,
        languages=counter.languages,
        retired=counter.retired,
        open=counter.opened_at is not None,
    )
