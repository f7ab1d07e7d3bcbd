"""Reads of what was told, and of what people chose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.profiles.languages import Language
from app.domain.reminders.kinds import KINDS
from app.domain.reminders.messages import Message, label, public_text
from app.domain.reminders.preferences import Preferences
from app.errors import NotFound
from services.reminders import repository
from services.reminders.rows import Told
from services.reminders.wording import in_full, words_in

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing that was told, with its words in the reader's language."""

    told: Told
    message: Message


async def inbox(
    uow: Reading, person_id: UUID, language: Language, *, before: tuple[datetime, int] | None, limit: int
) -> list[InboxItem]:
    """Newest first; `before` is the (told at, id) that the page before ended with."""
    found = await repository.inbox(uow, person_id, Purpose.OWN_ACCESS, before, limit)
    return [InboxItem(told, await _said(uow, told, language)) for told in found]


async def _said(uow: Reading, told: Told, language: Language) -> Message:
    """In full; what the law or the directory no longer knows the words of, by what kind of thing it was."""
    try:
        return await in_full(uow, told.reminder, language)
    except Exception as error:  # noqa: BLE001 — one message that cannot be read must not hide the others
        _log.error("reminders.unreadable", kind=told.reminder.kind, cause=type(error).__name__)
        kind, words = told.reminder.kind, words_in(language)
        link = KINDS[kind].link.format(id=told.reminder.subject_id)
        return Message(label(kind, words), public_text(kind, words), "", link)


async def unread(uow: Reading, person_id: UUID) -> int:
    """How much of what is of use still has not been read."""
    return await repository.unread(uow, person_id, Purpose.OWN_ACCESS)


async def told_by(uow: Reading, person_id: UUID, message_id: UUID, language: Language) -> list[InboxItem]:
    """What a push told of. NotFound also when it was somebody else's."""
    found = await repository.message(uow, person_id, message_id, Purpose.OWN_ACCESS)
    if not found:
        raise NotFound
    return [InboxItem(told, await _said(uow, told, language)) for told in found]


async def told_as(uow: Reading, people: Collection[UUID], messages: Collection[UUID]) -> dict[UUID, list[Told]]:
    """For `deliveries`: what each of these messages, which are to these people, tells."""
    return await repository.told_as(uow, people, messages)


async def own_preferences(uow: Reading, person_id: UUID) -> Preferences:
    return (await repository.preferences(uow, [person_id], Purpose.OWN_ACCESS)).get(person_id) or Preferences()


async def preferences_of_many(uow: Reading, people: Collection[UUID]) -> dict[UUID, Preferences]:
    """Of those of these people who chose anything, for what they are told."""
    return await repository.preferences(uow, people, Purpose.OWN_REMINDERS)
