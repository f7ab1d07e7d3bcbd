"""What a person chose of messages: when, over which channels, and how much may be seen outside the app."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from app.domain.reminders.kinds import KINDS, Channel, Kind
from app.domain.reminders.quiet import Quiet

Muted = Mapping[Kind, frozenset[Channel]]
OUTSIDE = frozenset({Channel.PUSH, Channel.SMS, Channel.EMAIL})
"""What can be muted: the inbox keeps everything, and rings for nobody."""
_AGREED = {Channel.SMS: "sms", Channel.EMAIL: "email"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """`zone`: where the night is counted; None is wherever the message's own times are. `detail`: names, steps,
    places and times may pass through others' hands. SMS and e-mail are sent only to who agreed to them.
    """

    quiet: Quiet = field(default_factory=Quiet)
    zone: ZoneInfo | None = None
    detail: bool = False
    sms: bool = False
    email: bool = False
    muted: Muted = field(default_factory=dict)

    def channels(self, kind: Kind) -> tuple[Channel, ...]:
        """Those to try beside the inbox, in their order."""
        muted = self.muted.get(kind, frozenset())
        return tuple(
            channel
            for channel in KINDS[kind].channels
            if channel not in muted and (channel not in _AGREED or getattr(self, _AGREED[channel]))
        )

    def silenced(self, before: "Preferences") -> list[Kind]:
        """Kinds by which something is lost by law, of which these let less through than those `before` did."""
        return [
            kind
            for kind, rule in KINDS.items()
            if rule.essential and self.muted.get(kind, frozenset()) - before.muted.get(kind, frozenset())
        ]
