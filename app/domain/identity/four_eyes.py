"""Two people: who passes what somebody asked for must be another, and nobody who stands in for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Deputy:
    """`deputy_id` acts for `account_id` from `since` until `until`; None: still."""

    account_id: UUID
    deputy_id: UUID
    since: datetime
    until: datetime | None = None

    def during(self, first: datetime, last: datetime) -> bool:
        """Whether it was so at any moment between the two, which are in it."""
        return self.since <= last and (self.until is None or self.until >= first)


def may_pass(asked_by: UUID, asked_at: datetime, second: UUID, deputies: Iterable[Deputy], now: datetime) -> bool:
    """Whether `second` may approve. Not who asked, nor who was a deputy of theirs, or they of whom, at any time since
    it was asked: ending the relation a minute before changes nothing.
    """
    pair = {asked_by, second}
    return len(pair) > 1 and not any(
        {each.account_id, each.deputy_id} == pair and each.during(asked_at, now) for each in deputies
    )
