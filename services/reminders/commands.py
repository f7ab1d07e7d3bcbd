"""What is told because something happened, what was read, and what people choose of messages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.profiles.languages import Language
from app.domain.reminders.kinds import Kind, useful_until
from app.domain.reminders.messages import warning
from app.domain.reminders.planning import Reminder, not_at_night
from app.domain.reminders.preferences import Preferences
from app.errors import NotFound
from services.audit.commands import mark_gone_planned, record_change
from services.reminders import repository
from services.reminders.errors import EssentialMuted
from services.reminders.queries import own_preferences, preferences_of_many
from services.reminders.rows import Due
from services.reminders.wording import words_in

KEPT_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that a person is told of at once. `at`: when it happened, the same however often it is told of.

    `about`: the instant or legal day that it tells of, where its kind has one; `zone` is then that of the point. Of a
    visit it is its beginning: when the visit moves, what was said of the time before is not so any more. `until`: when
    it is of no use any more, where that is not as its kind has it.
    `more`: what the text needs besides, by the names of `app.domain.reminders.messages.Facts`.
    """

    kind: Kind
    subject: str
    subject_id: str
    at: datetime
    about: datetime | date | None = None
    matter: str | None = None
    point_id: UUID | None = None
    zone: ZoneInfo | None = None
    until: datetime | None = None
    more: dict[str, str] = field(default_factory=dict)


async def tell(uow: Writing, person_id: UUID, what: Happened, *, once: bool = False, anew: bool = False) -> bool:
    """For whoever learns of something that a person has to hear of; false if they were told of it already, or had all
    deleted meanwhile. `once`: however often it happens to the same subject. `anew`: what was told before of the same
    subject is so no longer.

    Several things that are told within one tick of the worker go out as one message.
    """
    zone = what.zone or uow.region.zone
    closes = what.until or useful_until(what.kind, due_at=what.at, event=what.about, zone=zone)
    if closes <= uow.now:
        return False
    # Whoever made it happen learns nothing of what the person chose.
    chosen = await preferences_of_many(replace(uow, caller=None), [person_id])
    preferences = chosen.get(person_id) or Preferences()
    due_at = not_at_night(what.kind, what.at, closes, preferences, zone)
    about = what.about if isinstance(what.about, datetime) else what.at
    reminder = Reminder(
        what.kind,
        what.subject,
        what.subject_id,
        about,
        0,
        due_at,
        closes,
        what.matter,
        what.point_id,
        what.more or None,
    )
    if anew:
        await repository.outdate(uow, person_id, (what.subject, what.subject_id), [what.kind], but=due_at)
    return await repository.add(uow, person_id, reminder, once=once)


async def take_back(uow: Writing, person_id: UUID, subject: str, subject_id: str, kinds: Collection[Kind]) -> None:
    """What these kinds have said of the subject, or would, is not so any more."""
    await repository.outdate(uow, person_id, (subject, subject_id), kinds)


async def mark_read(uow: Writing, person_id: UUID, reminder_id: int) -> UUID:
    """Says that the person has read it, and returns the message that it was told by. NotFound if it is not theirs."""
    message_id = await repository.set_read(uow, person_id, reminder_id, Purpose.OWN_ACCESS)
    if message_id is None:
        raise NotFound
    return message_id


async def choose(
    uow: Writing, person_id: UUID, chosen: Preferences, language: Language, *, understood: bool
) -> Preferences:
    """What the person wants from now on. EssentialMuted when that silences what the law makes dear, unless they have
    `understood` the warning; the log keeps that they did.
    """
    await lock_person(uow, person_id)
    silenced = chosen.silenced(await own_preferences(uow, person_id))
    if silenced and not understood:
        warnings = {kind.value: warning(kind, words_in(language)) for kind in silenced}
        raise EssentialMuted(kinds=warnings)
    await repository.put_preferences(uow, person_id, chosen)
    # Which also has the person planned anew.
    if silenced:
        await record_change(uow, person_id, "reminders_muted", kinds=",".join(silenced))
    else:
        await record_change(uow, person_id, "reminders_chosen")
    return chosen


async def take_due(uow: Writing, *, urgent: bool, limit: int) -> list[Due]:
    """For `deliveries`: all that is due of up to so many people, locked for this transaction."""
    return await repository.take_due(uow, urgent=urgent, limit=limit)


async def set_told(uow: Writing, told: Sequence[tuple[int, UUID]]) -> None:
    """For `deliveries`: these are in the inbox, each under its message."""
    await repository.set_told(uow, told)


async def set_lapsed(uow: Writing, ids: Collection[int]) -> None:
    """For `deliveries`: these came too late to be told."""
    await repository.set_lapsed(uow, ids)


async def forget_old_reminders(uow: Writing) -> None:
    """What was told a year ago, or lapsed then, is kept no longer; logs of who is gone are looked at no more."""
    await repository.delete_old(uow, uow.now - KEPT_FOR)
    await mark_gone_planned(uow)
