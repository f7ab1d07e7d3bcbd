"""The messages that identity sends: they name nobody and nothing."""

from app.domain.profiles.languages import Language
from app.locales.reading import written
from app.ports import Sms
from services.identity.codes import CODE_REQUESTED, CodeUse
from services.outbox.commands import Handler, Payload

CODES = {
    CodeUse.SIGN_IN: {
        "en": "Manzil: {code} is your code for 5 minutes. Tell it to nobody.",
        "ru": "Manzil: {code} — ваш код на 5 минут. Никому его не сообщайте.",
    },
    CodeUse.NUMBER_CHANGE: {
        "en": "Manzil: {code} is the code to change the number of an account. Not you? Tell it to nobody.",
        "ru": "Manzil: {code} — код для смены номера учётной записи. Это не вы? Никому его не сообщайте.",
    },
}


def message_handlers(sms: Sms) -> dict[str, Handler]:
    """What carries out each of identity's topics. A code sent twice is the same code: harmless."""

    async def send_code(payload: Payload) -> None:
        text = written(CODES[CodeUse(payload["use"])], "sms", Language(payload["language"]))
        await sms.send(payload["phone"], text.format(code=payload["code"]))

    return {CODE_REQUESTED: send_code}
