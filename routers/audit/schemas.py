"""Wire types of the log that a person sees."""

from datetime import datetime

from app.models.audit import AuditEntry
from routers.schemas import Out
from services.audit.commands import UNTIL


class UseOut(Out):
    """One use or change of the person's data: that it happened and why, never the data itself.

    `until`: the entry stands for all looks of the same reader until then; None where it stands for one.
    """

    seq: int
    at: datetime
    action: str
    purpose: str | None
    ground: str | None
    actor_role: str
    receiver: str | None
    until: datetime | None


class UsePage(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[UseOut]
    next: str | None


def use_out(entry: AuditEntry) -> UseOut:
    until = entry.subject.get(UNTIL)
    return UseOut(
        seq=entry.seq,
        at=entry.at,
        action=entry.action,
        purpose=entry.purpose,
        ground=entry.ground,
        actor_role=entry.actor_role,
        receiver=entry.receiver,
        until=datetime.fromisoformat(until) if until else None,
    )
