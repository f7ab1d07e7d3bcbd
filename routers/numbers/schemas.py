"""Wire types of an account's number."""

from datetime import datetime

from pydantic import Field

from routers.identity.schemas import CODE, DeviceKey, DeviceName, PhoneText
from routers.schemas import In, Out


class NumberCodes(In):
    """`old_too`: also a code to the number the account has, for who still holds it."""

    phone: PhoneText
    old_too: bool = True


class NumberIn(In):
    """`code` came to the new number; `old_code` to the old one: with both it changes at once, else after three days.

    `proof`: a token (ES256) signed by the device's key with `iat` and `num`, the SHA-256 in base64url of the new
    number as E.164 (`+79001234567`).
    """

    phone: PhoneText
    code: str = Field(pattern=CODE)
    old_code: str | None = Field(None, pattern=CODE)
    proof: str = Field(max_length=2000)


class NumberChanged(Out):
    """`takes_effect_at`: until then any phone of the account can stop it; null when it has changed."""

    takes_effect_at: datetime | None


class WaitingChangeOut(Out):
    ends_with: str
    asked_at: datetime
    takes_effect_at: datetime


class NumberOut(Out):
    """`ends_with`: the last four digits. `change`: one that waits; show it to the person."""

    ends_with: str | None
    change: WaitingChangeOut | None


class RecoveryIn(In):
    """`code` was asked for as for signing in; `recovery_code` is on the paper from the service point."""

    phone: PhoneText
    code: str = Field(pattern=CODE)
    recovery_code: str = Field(min_length=12, max_length=20, pattern=r"^[A-Za-z0-9 -]+$")
    device_key: DeviceKey
    device_name: DeviceName = None
