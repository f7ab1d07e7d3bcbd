"""Wire types of invitations: as the person sees them, and as their host does."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from app.domain.profiles.languages import Language
from app.locales.reading import rule_text
from routers.schemas import In, Out
from services.pathways.invitations import Asked


class InvitedOut(Out):
    """`code` is told this once, `7K2M-90QX` say; a phone may show it as a QR code."""

    id: UUID
    step: str
    code: str
    expires_at: datetime


class InvitationOut(Out):
    """`number`: of the registration, if the host gave one."""

    id: UUID
    step: str
    status: Literal["open", "answered", "withdrawn", "expired"]
    created_at: datetime
    expires_at: datetime
    number: str | None


class InvitationList(Out):
    items: list[InvitationOut]


class CodeIn(In):
    """The code as the host types it: capitals, spaces and the hyphen do not matter."""

    code: Annotated[str, StringConstraints(max_length=20)]


class ConfirmIn(CodeIn):
    """The day on which the registration was filed, not after today, and its number if there is one. No address."""

    on: date
    number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-zА-Яа-яЁё/ №-]{1,40}$")] | None = None


class AskedOut(Out):
    """All that a host is shown: a first name with an initial, and the step they are asked about."""

    name: str | None
    step: str
    title: str
    expires_at: datetime


def asked_out(asked: Asked, language: Language) -> AskedOut:
    return AskedOut(
        name=asked.name,
        step=asked.step.code,
        title=rule_text(asked.step.rule.title, language),
        expires_at=asked.expires_at,
    )
