"""Wire types of signing in."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from routers.schemas import In, Out


class CodeRequest(In):
    phone: str = Field(max_length=32, examples=["+7 900 123-45-67"])


class CodeSent(Out):
    """The same whether or not the number is known. Both in seconds."""

    expires_in: int
    retry_after: int


class DeviceKey(In):
    """The public half of the phone's own key (JWK, RFC 7517). The private half never leaves the phone."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str = Field(min_length=43, max_length=43)
    y: str = Field(min_length=43, max_length=43)


class PhoneSignIn(In):
    phone: str = Field(max_length=32)
    code: str = Field(pattern=r"^[0-9]{6}$")
    device_key: DeviceKey


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
