"""What passes through others' hands: as little as there may be, unless the person chose detail."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog

from app.db.unit_of_work import Reading
from app.domain.profiles.languages import Language
from app.domain.reminders.dispatch import most_urgent
from app.domain.reminders.kinds import KINDS, Urgency
from app.domain.reminders.messages import (
    APP,
    BODY_LIMIT,
    Message,
    Push,
    cut,
    detailed_push,
    detailed_sms,
    digest_title,
    discreet_push,
    discreet_sms,
    public_text,
)
from app.domain.reminders.planning import Reminder
from app.domain.reminders.preferences import Preferences
from app.errors import AppError
from app.ports import PushNote
from services.deliveries.repository import Address
from services.reminders.wording import days_left, in_full, words_in

ADDRESS_FIELD = "push_addresses.value"
_log = structlog.get_logger()


async def note_of(
    uow: Reading,
    address: Address,
    message_id: UUID,
    delivery_id: UUID,
    told: Sequence[Reminder],
    preferences: Preferences,
    expires_at: datetime,
) -> PushNote:
    """A push. Its collapse key is how urgent it is: a phone that was off keeps one of each, as many as FCM keeps."""
    urgency = KINDS[most_urgent([one.kind for one in told])].urgency
    shown = await _push(uow, message_id, told, preferences, Language(address.language))
    return PushNote(
        kind=address.kind,
        address=uow.vault.open_system(ADDRESS_FIELD, address.sealed).decode(),
        message_id=str(message_id),
        collapse_key=urgency,
        title=shown.title,
        body=shown.body,
        data={"delivery_id": str(delivery_id), "link": shown.link},
        urgent=urgency in {Urgency.NOW, Urgency.TODAY},
        expires_at=expires_at,
    )


async def _in_full(
    uow: Reading, told: Sequence[Reminder], preferences: Preferences, language: Language
) -> list[Message]:
    """For who chose detail. Nothing where one of them cannot be told so: it must not keep the others from going out."""
    if not preferences.detail:
        return []
    try:
        return [await in_full(uow, one, language) for one in told]
    except (AppError, LookupError, TypeError, ValueError) as error:
        _log.error("deliveries.untold", kinds=[one.kind for one in told], cause=type(error).__name__)
        return []


async def _push(
    uow: Reading, message_id: UUID, told: Sequence[Reminder], preferences: Preferences, language: Language
) -> Push:
    words, first = words_in(language), told[0]
    full = await _in_full(uow, told, preferences, language)
    if len(told) == 1:
        if full:
            return detailed_push(full[0])
        return discreet_push(first.kind, str(message_id), words, days_left(first, uow.region.zone, uow.now))
    title, link = digest_title(len(told), words), f"/inbox/{message_id}"
    if full:
        titles = dict.fromkeys(one.title for one in full)
        return Push(title, cut("; ".join(titles), BODY_LIMIT), link)
    return Push(title, public_text(most_urgent([one.kind for one in told]), words), link)


async def sms_of(uow: Reading, told: Sequence[Reminder], preferences: Preferences, language: Language) -> str:
    words, first = words_in(language), told[0]
    if len(told) > 1:
        return f"{APP}: {digest_title(len(told), words)}. {public_text(most_urgent([one.kind for one in told]), words)}"
    if full := await _in_full(uow, told, preferences, language):
        return detailed_sms(full[0])
    return discreet_sms(first.kind, words, days_left(first, uow.region.zone, uow.now))


async def letter_of(
    uow: Reading, told: Sequence[Reminder], preferences: Preferences, language: Language
) -> tuple[str, str]:
    """Subject and text of an e-mail."""
    words, first = words_in(language), told[0]
    if full := await _in_full(uow, told, preferences, language):
        subject = full[0].title if len(told) == 1 else digest_title(len(told), words)
        return f"{APP}: {subject}", "\n\n".join(f"{one.title}\n{one.body}" for one in full)
    text = public_text(most_urgent([one.kind for one in told]), words, days_left(first, uow.region.zone, uow.now))
    return f"{APP}: {digest_title(len(told), words)}", text
