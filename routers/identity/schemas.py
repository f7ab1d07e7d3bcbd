"""Wire types of signing in."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.domain.identity.terms import CODE_LIVES
from routers.schemas import In, Out
from services.identity.codes import Sent

CODE = r"^[0-9]{6}$"
PhoneText = Annotated[str, Field(max_length=32, examples=["+7 900 123-45-67"])]
DeviceName = Annotated[str | None, Field(min_length=1, max_length=40, examples=["Redmi 12, Android"])]


class CodeRequest(In):
    phone: PhoneText


class CodeSent(Out):
    """The same whether or not the number is known. Both in seconds.

    `busy`: very many codes are asked for in this region, and one to a new number may not come: ask again in an hour.
    """

    expires_in: int
    retry_after: int
    busy: bool


def code_sent(sent: Sent) -> CodeSent:
    return CodeSent(
        expires_in=int(CODE_LIVES.total_seconds()),
        retry_after=int(sent.retry_after.total_seconds()),
        busy=sent.busy,
    )


class DeviceKey(In):
    """The public half of the phone's own key (JWK, RFC 7517). The private half never leaves the phone."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str = Field(min_length=43, max_length=43)
    y: str = Field(min_length=43, max_length=43)


class PhoneSignIn(In):
    phone: PhoneText
    code: str = Field(pattern=CODE)
    device_key: DeviceKey
    role: Literal["migrant", "host"] = Field("migrant", description="a number may be a migrant's and a host's")
    device_name: DeviceName = None


class StaffSignIn(In):
    login: str = Field(max_length=80, pattern=r"^[A-Za-z0-9@._+-]+$")
    password: str = Field(min_length=1, max_length=200)
    totp: str = Field(pattern=r"^[0-9]{6}$")


class RefreshRequest(In):
    """`proof`: a token (ES256) signed by the device's key with `iat` and `rth`, the refresh token's SHA-256 in
    base64url. Staff sign-ins have no device and send none.
    """

    refresh_token: str = Field(max_length=100)
    proof: str | None = Field(None, max_length=2000)


class Tokens(Out):
    """`device_id` and its certificate's end: until then the phone may sign QR passes offline."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 — the scheme's name
    access_seconds: int
    refresh_token: str
    device_id: UUID | None
    device_certified_until: datetime | None


class Jwk(Out):
    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str
    alg: str


class JwkSet(Out):
    keys: list[Jwk]


class SignInOut(Out):
    """A sign-in that stands. `seen_at` is to the hour; `this`: the one that asks; staff's have no name."""

    id: UUID
    name: str | None
    signed_in_at: datetime
    seen_at: datetime
    ends_at: datetime
    this: bool


class SignIns(Out):
    items: list[SignInOut]


class SignOutEverywhere(In):
    this_too: bool = Field(default=False, description="whether the device that asks is signed out as well")
