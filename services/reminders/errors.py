"""What can be wrong with what one chooses of messages."""

from typing import ClassVar

from app.errors import AppError


class EssentialMuted(AppError):
    """`kinds` that would be muted, each with what may be lost; `understood` in the request says that it was read."""

    code = "essential_muted"
    status = 409
    title: ClassVar = {
        "en": "Without these messages you may miss a deadline set by law and lose your right to stay or to work.",
        "ru": "Без этих сообщений можно пропустить срок по закону и потерять право на пребывание или работу.",
    }
