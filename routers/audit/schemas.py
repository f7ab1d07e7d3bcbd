"""Wire types of the log that a person sees."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.domain.audit.hiding import HidingGround, Order
from app.domain.profiles.languages import Language
from app.locales.reading import ground_text
from app.models.audit import AuditEntry
from routers.schemas import In, Instant, Out
from services.audit.commands import OURS, UNTIL


class UseOut(Out):
    """One use or change of the person's data: that it happened and why, never the data itself.

    `receiver` learned of it, in the system `system`, on the `ground` and for the `purpose` that are told here;
    `receiver_name` is what they are called now, None where that is not known; `ground_text` is the ground in the
    reader's language, as far as it was translated.

    `until`: the entry stands for all looks of the same reader until then; None where it stands for one.
    """

    seq: int
    at: datetime
    action: str
    purpose: str | None
    ground: str | None
    ground_text: str | None
    actor_role: str
    receiver: str | None
    receiver_name: str | None
    system: str
    until: datetime | None


class UsePage(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[UseOut]
    next: str | None


class Uses(Out):
    """All entries, newest first, to take along."""

    items: list[UseOut]


class HidingIn(In):
    """An order to keep uses for `purpose`, by `receiver` (by whomever, if left out), from somebody until a day."""

    migrant_id: str = Field(min_length=12, max_length=20)
    purpose: str = Field(pattern="^[a-z_]{1,60}$")
    receiver: str | None = Field(None, min_length=1, max_length=200)
    ground: HidingGround
    since: Instant
    until: Instant

    def order(self) -> Order:
        return Order(self.purpose, self.receiver, self.ground, self.since, self.until)


class HidingMade(Out):
    id: UUID
    until: datetime


class HidingOut(Out):
    """An order, for who oversees them: not whose uses it hides."""

    id: UUID
    purpose: str
    receiver: str | None
    ground: HidingGround
    since: datetime
    until: datetime
    ordered_at: datetime
    ordered_by: UUID


class Hidings(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[HidingOut]
    next: str | None


class HiddenFigureOut(Out):
    """How many orders there ever were on a ground, and how many hide something now."""

    ground: HidingGround
    citation: str
    ever: int
    now: int


class HiddenFigures(Out):
    items: list[HiddenFigureOut]


def use_out(number: int, entry: AuditEntry, names: Mapping[int, str], language: Language) -> UseOut:
    """`number`: among those that are shown. `names`: of receivers, by the entries' own numbers."""
    until = entry.subject.get(UNTIL)
    return UseOut(
        seq=number,
        at=entry.at,
        action=entry.action,
        purpose=entry.purpose,
        ground=entry.ground,
        ground_text=entry.ground and ground_text(entry.ground, language),
        actor_role=entry.actor_role,
        receiver=entry.receiver,
        receiver_name=names.get(entry.seq),
        system=entry.system or OURS,
        until=datetime.fromisoformat(until) if until else None,
    )
