"""What can be wrong with a number change or a recovery."""

from typing import ClassVar

from app.errors import AppError


class RecoveryOver(AppError):
    """Unknown, used or too old: which of them is not said. The try is counted."""

    code = "recovery_over"
    status = 401
    commits = True
    title: ClassVar = {
        "en": "The code on the paper is wrong, used or too old. Ask at a service point for a new one.",
        "ru": "Код с бумаги неверен, использован или устарел. Попросите новый в пункте обслуживания.",
    }


class TooManyRecoveries(AppError):
    code = "too_many_recoveries"
    status = 429
    title: ClassVar = {
        "en": "You have looked for so many lost accounts today that it has to wait. Ask a colleague.",
        "ru": "Сегодня вы уже искали слишком много потерянных учётных записей. Попросите коллегу.",
    }
