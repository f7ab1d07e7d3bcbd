"""Wire types of the log that a person sees."""

from datetime import datetime

from routers.schemas import Out


class UseOut(Out):
    """One use or change of the person's data: that it happened and why, never the data itself."""

    seq: int
    at: datetime
    action: str
    purpose: str | None
    ground: str | None
    actor_role: str
    receiver: str | None


class UsePage(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[UseOut]
    next: str | None
