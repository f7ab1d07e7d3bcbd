"""On what ground something is mirrored: a live consent or a law. Asked when it is queued and again when it is sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Writing
from app.domain.consents.purposes import ConsentPurpose, ScopeError
from services.consents.errors import NoConsent
from services.consents.ground import LIVES, live_part, require_ground


@dataclass(frozen=True, slots=True)
class MirrorGround:
    """`citation` is shown to the person and goes with the data; `consent_id` only where a consent is the ground."""

    citation: str
    consent_id: UUID | None


class Grounds(Protocol):
    @property
    def lives(self) -> str:
        """The function of the database that says whether a consent to mirror lives: `(consent, instant)`."""
        ...

    async def hold(self, uow: Writing, person_id: UUID, purpose: str, scope: str) -> MirrorGround | None:
        """The ground, which stands until this transaction is over; None if there is none."""
        ...

    def live(self, people: Collection[UUID], now: datetime) -> Part[set[UUID]]:
        """The consents to mirror that these people give now."""
        ...


MIRRORING = tuple(purpose for purpose in ConsentPurpose if purpose.mirrors)


class ConsentGrounds:
    """By the consents of the ledger."""

    lives = LIVES

    async def hold(self, uow: Writing, person_id: UUID, purpose: str, scope: str) -> MirrorGround | None:
        try:
            ground = await require_ground(uow, person_id, ConsentPurpose(purpose), scope or None)
        except (NoConsent, ScopeError):  # what nobody can consent to is not mirrored
            return None
        return MirrorGround(ground.citation[:200], ground.consent_id)

    def live(self, people: Collection[UUID], now: datetime) -> Part[set[UUID]]:
        return live_part(people, MIRRORING, now)
