"""What the holder of a number is told when it leaves an account, or is about to: they may not be who asked for it."""

from datetime import timedelta
from enum import StrEnum

from app.db.unit_of_work import Writing
from app.domain.profiles.languages import Language
from app.locales.reading import written
from app.ports import Sms
from services.outbox.commands import Handler, Payload, emit

NUMBER_NOTICE = "numbers.notice"
_PATIENCE = timedelta(days=1)


class Notice(StrEnum):
    WAITS = "waits"
    CHANGED = "changed"
    DETACHED = "detached"


TEXTS = {
    Notice.WAITS: {
        "en": "Manzil: in 3 days your account moves to another number. Not you? Sign in by this number and stop it.",
        "ru": "Manzil: через 3 дня ваша учётная запись перейдёт на другой номер. Это не вы? Войдите и отмените.",
    },
    Notice.CHANGED: {
        "en": "Manzil: your account has moved to another number. Not you? Come to a service point with your passport.",
        "ru": "Manzil: ваша учётная запись перешла на другой номер. Это не вы? Приходите в пункт с паспортом.",
    },
    Notice.DETACHED: {
        "en": "Manzil: this number was detached from its account at a service point. Not you? Come with your passport.",
        "ru": "Manzil: этот номер отвязан от учётной записи в пункте. Это не вы? Приходите с паспортом.",
    },
}


async def tell(uow: Writing, number: str | None, notice: Notice, language: str) -> None:
    """Queues the message to an E.164 number; nothing without one."""
    if number is not None:
        payload = {"phone": number, "notice": notice.value, "language": language}
        await emit(uow, NUMBER_NOTICE, payload, expires_at=uow.now + _PATIENCE)


def notice_handlers(sms: Sms) -> dict[str, Handler]:
    """What carries out the topic. Told twice is harmless."""

    async def send(payload: Payload) -> None:
        text = written(TEXTS[Notice(payload["notice"])], "sms", Language(payload["language"]))
        await sms.send(payload["phone"], text)

    return {NUMBER_NOTICE: send}
