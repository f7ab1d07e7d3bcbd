"""The one message that identity sends: it names nobody and nothing."""

from app.ports import Sms
from services.outbox.commands import Handler, Payload

_CODE = {
    "en": "Manzil: {code} is your code for 5 minutes. Tell it to nobody.",
    "ru": "Manzil: {code} — ваш код на 5 минут. Никому его не сообщайте.",
}


def code_sender(sms: Sms) -> Handler:
    """The handler of `identity.code_requested`. A code sent twice is the same code: harmless."""

    async def send(payload: Payload) -> None:
        await sms.send(payload["phone"], _CODE[payload["language"]].format(code=payload["code"]))

    return send
