"""What has to change of a person's stored reminders so that they are what was planned."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.reminders.kinds import Kind
from app.domain.reminders.planning import Plan, Reminder, Subject

_HAPPENED = frozenset({Kind.DATA_USED, Kind.VISIT_MOVED})


class ReminderStatus(StrEnum):
    """`told`: in the inbox. `lapsed`: it came too late to be of use, and was not told. `outdated`: told, and no longer
    so: whatever is still on its way about it is stopped.
    """

    WAITING = "waiting"
    TOLD = "told"
    LAPSED = "lapsed"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class Stored:
    """A reminder as it is stored. `planned`: by planning, and not because an event was told of."""

    id: int
    reminder: Reminder
    status: ReminderStatus
    planned: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """`outdated`: ids of what was told and is not so any more. `drop`: of what waits and is not to be told."""

    add: list[Reminder]
    drop: list[int]
    outdated: list[int]

    def __bool__(self) -> bool:
        return bool(self.add or self.drop or self.outdated)


def difference(stored: Collection[Stored], plan: Plan, now: datetime) -> Difference:
    """What was told stays told, under the same identity for good. What waits becomes what is wanted.

    What an event told of a visit stands as long as the visit does, at the time that was told of.
    """
    if not stored:
        return Difference(plan.reminders, [], [])
    waiting = {one.reminder.identity: one for one in stored if one.planned and one.status is ReminderStatus.WAITING}
    settled = {one.reminder.identity for one in stored if one.status is not ReminderStatus.WAITING}
    add: list[Reminder] = []
    kept: set[int] = set()
    for reminder in plan.reminders:
        if reminder.identity in settled:
            continue
        before = waiting.get(reminder.identity)
        if before is not None and _same(before.reminder, reminder):
            kept.add(before.id)
        else:
            add.append(reminder)
    stands = {truth[1:] for truth in plan.truths}
    stale = [one for one in stored if _happened(one) and one.reminder.truth[1:] not in stands]
    drop = [one.id for one in waiting.values() if one.id not in kept]
    drop += [one.id for one in stale if one.status is ReminderStatus.WAITING and not one.planned]
    taken = {_key(one.reminder) for one in stored if one.id not in drop}
    add = [_beside(reminder, taken) for reminder in add]
    outdated = [one.id for one in stored if _told_of(one, now) and one.reminder.truth not in plan.truths]
    outdated += [one.id for one in stale if one.status is ReminderStatus.TOLD and one.reminder.expires_at > now]
    return Difference(add, drop, outdated)


def _same(before: Reminder, now: Reminder) -> bool:
    """When to leave is known better in the last minutes than it was planned: that stays, if the way is the same."""
    if now.kind is Kind.LEAVE_NOW and (before.more or {}).get("way") == (now.more or {}).get("way"):
        return before._replace(due_at=now.due_at, more=now.more) == now
    return before == now


def _told_of(one: Stored, now: datetime) -> bool:
    """Whether it was told and stands to be so still. That something happened stays so."""
    told = one.planned and one.status is ReminderStatus.TOLD and one.reminder.kind not in _HAPPENED
    return told and one.reminder.expires_at > now


def _happened(one: Stored) -> bool:
    """What is told of a visit because something happened."""
    return one.reminder.subject == Subject.VISIT and (not one.planned or one.reminder.kind in _HAPPENED)


def _key(reminder: Reminder) -> tuple[str, str, str, datetime]:
    return reminder.subject, reminder.subject_id, reminder.kind, reminder.due_at


def _beside(reminder: Reminder, taken: set[tuple[str, str, str, datetime]]) -> Reminder:
    """A second later than one that was told of the same subject for the same moment, before the subject changed."""
    while _key(reminder) in taken:
        reminder = reminder._replace(due_at=reminder.due_at + timedelta(seconds=1))
    return reminder
