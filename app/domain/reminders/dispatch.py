"""What goes out when it is time: a person's due reminders as one message, and its ways to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.reminders.kinds import KINDS, Channel, Kind, Urgency
from app.domain.reminders.planning import Reminder, not_at_night
from app.domain.reminders.preferences import Preferences

_RANK = {urgency: rank for rank, urgency in enumerate(Urgency)}
FALLBACK = {
    Urgency.NOW: timedelta(minutes=1),
    Urgency.TODAY: timedelta(minutes=5),
    Urgency.SOON: timedelta(hours=1),
    Urgency.NEWS: timedelta(hours=6),
}
"""How long the app may take to say that it has a push, before the next channel is tried."""


class Way(NamedTuple):
    """One delivery: to a device, or to a person's number or address."""

    channel: Channel
    target_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Dispatch:
    """`told` go into the inbox; `lapsed` came too late. `ways` may be none: then the inbox is all there is."""

    told: list[Reminder]
    lapsed: list[Reminder]
    ways: list[Way]
    expires_at: datetime


def most_urgent(kinds: Sequence[Kind]) -> Kind:
    return min(kinds, key=lambda kind: _RANK[KINDS[kind].urgency])


def dispatch(
    due: Sequence[Reminder],
    recipients: Mapping[UUID, Preferences],
    devices: Mapping[UUID, UUID],
    zone: ZoneInfo,
    now: datetime,
) -> Dispatch:
    """All that is due of one person becomes one message, and nobody's phone rings twelve times.

    `recipients`: what each has chosen, first the person, whose nights count; the others are told too. `devices`: whose
    each is. These are reached by push, now; people by SMS or e-mail, where they agreed: now where no push goes out,
    else later, unless the push is known to have arrived by then. `zone`: where the night is counted, if the person did
    not say.
    """
    told = [one for one in due if one.expires_at > now]
    lapsed = [one for one in due if one.expires_at <= now]
    if not told:
        return Dispatch(told, lapsed, [], now)
    kinds = dict.fromkeys(one.kind for one in told)
    open_to = {one: {c for kind in kinds for c in chosen.channels(kind)} for one, chosen in recipients.items()}
    kind, preferences = most_urgent(list(kinds)), next(iter(recipients.values()))
    expires_at = max(one.expires_at for one in told)
    ways: list[Way] = []
    at = now
    for channel in Channel:
        reached = [device for device, owner in devices.items() if channel in open_to[owner]]
        targets = reached if channel is Channel.PUSH else [one for one in recipients if channel in open_to[one]]
        ways += [Way(channel, target_id, at) for target_id in targets]
        if targets:
            later = at + FALLBACK[KINDS[kind].urgency]
            at = not_at_night(kind, later, expires_at, preferences, zone)
    return Dispatch(told, lapsed, [way for way in ways if way.at < expires_at], expires_at)
