"""What phones are told of messages, and say of them."""

from datetime import datetime, time
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, model_validator

from app.domain.profiles.languages import Language
from app.domain.reminders.delivery import DeliveryStatus
from app.domain.reminders.kinds import Channel, Kind, Urgency
from app.domain.reminders.preferences import OUTSIDE, Preferences
from app.domain.reminders.quiet import Quiet
from routers.schemas import In, Out


class InboxItemOut(Out):
    """`link` is a path in the app. `message_id` is shared by what was told at once. `outdated`: not so any more."""

    id: int
    message_id: UUID
    kind: Kind
    urgency: Urgency
    title: str
    brief: str
    more: str
    link: str
    told_at: datetime
    expires_at: datetime
    read: bool
    outdated: bool


class InboxPage(Out):
    """`unread`: how much of what is of use still has not been read."""

    items: list[InboxItemOut]
    unread: int
    next: str | None


class DeliveryOut(Out):
    """One way that a message took outside the app. `reason`: what the carrier said."""

    id: UUID
    channel: Channel
    status: DeliveryStatus
    created_at: datetime
    answered_at: datetime | None
    received_at: datetime | None
    attempts: int
    reason: str | None


class InboxMessage(Out):
    """What one message told, and what was sent of it."""

    items: list[InboxItemOut]
    deliveries: list[DeliveryOut]


class PushAddressIn(In):
    """Where Firebase reaches this phone: a registration token or an installation id, one of the two. `language`: what
    is told there.

    `notice_sha256`: of the notice of `notices_push` (`GET /v1/me/consents/notices`) if it was shown, in `language`.
    Then this is the consent to it too; without it the phone is reached because the person asked for it.
    """

    token: Annotated[str, Field(min_length=8, max_length=4096)] | None = None
    installation_id: Annotated[str, Field(min_length=8, max_length=200)] | None = None
    language: Language = Language.RUSSIAN
    notice_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.token is None) == (self.installation_id is None):
            raise ValueError("a token or an installation id")
        return self


class Home(In):
    """Degrees, WGS 84."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


Minute = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["22:00"])]
"""Local time. Not the format `time` of JSON Schema, which has an offset (RFC 3339)."""


class QuietHours(In):
    """Local times; equal: no quiet hours."""

    begins: Minute = "22:00"
    ends: Minute = "08:00"


class PreferencesBody(In):
    """`zone`: where the quiet hours are counted, an IANA name; without one, where the point is, or in the region.

    `detail`: pushes, SMS and e-mail may name steps, places and times, which pass through others' hands. `sms` and
    `email`: whether these may be used. `muted`: kind → channels on which it is not wanted; the inbox keeps all.
    """

    quiet: QuietHours = Field(default_factory=QuietHours)
    zone: str | None = Field(None, max_length=40)
    detail: bool = False
    sms: bool = False
    email: bool = False
    muted: dict[Kind, list[Channel]] = Field(default_factory=dict)


class PreferencesIn(PreferencesBody):
    """`understood`: the warning was read that comes with the error `essential_muted`."""

    understood: bool = False

    @model_validator(mode="after")
    def _possible(self) -> Self:
        self.chosen()
        return self

    def chosen(self) -> Preferences:
        """Raises `ValueError` for a zone that there is not, a night without a day, and a channel that is none."""
        try:
            zone = ZoneInfo(self.zone) if self.zone else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("zone: no zone of the IANA database") from None
        muted = {kind: frozenset(channels) for kind, channels in self.muted.items()}
        if any(channels - OUTSIDE for channels in muted.values()):
            raise ValueError("muted: the inbox keeps everything")
        night = (time.fromisoformat(each) for each in (self.quiet.begins, self.quiet.ends))
        return Preferences(
            quiet=Quiet(*night), zone=zone, detail=self.detail, sms=self.sms, email=self.email, muted=muted
        )


class KindOut(Out):
    """A kind of message: what it is called, the channels it can come over, and what is said before it is muted."""

    kind: Kind
    label: str
    channels: list[Channel]
    warning: str | None


class PreferencesOut(PreferencesBody):
    kinds: list[KindOut]
