"""Wire types of staff accounts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.identity.caller import Role
from app.domain.identity.staff import StaffAction
from app.domain.identity.terms import PASSWORD_AT_LEAST, PASSWORD_AT_MOST
from routers.schemas import In, Out

StaffRole = Literal["clerk", "point_manager", "employer", "agency_officer", "region_operator", "auditor"]


class Invite(In):
    """`point_id` for clerks and managers, `organisation_id` for employers and officers, neither for the others."""

    role: StaffRole
    login: str = Field(min_length=3, max_length=80, pattern=r"^[A-Za-z0-9@._+-]+$", examples=["a.karimova@medical-1"])
    point_id: UUID | None = None
    organisation_id: UUID | None = None


class InvitationOut(Out):
    """`token` is shown this once: hand it to the person themselves. It is good for one enrolment; where it
    `needs_second`, together with the token that another operator is shown and hands to them.
    """

    account_id: UUID
    login: str
    token: str
    expires_at: datetime
    needs_second: bool


class Enrol(BaseModel):
    """The password is taken as it is typed: long rather than odd. `second_token`: for operators and auditors."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=100)
    second_token: str = Field(default="", max_length=100)
    password: str = Field(min_length=PASSWORD_AT_LEAST, max_length=PASSWORD_AT_MOST)


class AuthenticatorOut(Out):
    """`totp_secret` (base32), and the same as a URI for a QR code, are shown this once."""

    login: str
    totp_secret: str
    otpauth_uri: str


class StaffOut(Out):
    """`to_confirm`: their invitation opens nothing until another operator than `invited_by` has confirmed it."""

    account_id: UUID
    role: Role
    login: str
    point_id: UUID | None
    organisation_id: UUID | None
    enrolled: bool
    disabled: bool
    invited_by: UUID | None
    to_confirm: bool


class StaffPage(Out):
    items: list[StaffOut]
    next: str | None


class NotedOut(Out):
    """`by`: who did it; null for the person themselves, and for whoever has the server's shell."""

    id: UUID
    at: datetime
    account_id: UUID
    login: str | None
    action: StaffAction
    by: UUID | None


class StaffLog(Out):
    """`next` goes into `cursor` for the page after; null on the last."""

    items: list[NotedOut]
    next: str | None


class OrganisationIn(In):
    kind: Literal["employer", "agency"]
    name_ru: str = Field(min_length=1, max_length=200)
    name_en: str = Field(min_length=1, max_length=200)


class OrganisationMade(Out):
    id: UUID


class OrganisationOut(Out):
    """`name` by language."""

    id: UUID
    kind: str
    name: dict[str, str]
    created_at: datetime


class OrganisationPage(Out):
    items: list[OrganisationOut]
    next: str | None
