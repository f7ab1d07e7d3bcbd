"""What can be wrong with a step."""

from typing import ClassVar

from app.errors import AppError


class ProfileIncomplete(AppError):
    code = "profile_incomplete"
    status = 409
    title: ClassVar = {
        "en": "First give your passport and your entry.",
        "ru": "Сначала укажите паспорт и въезд.",
    }


class StepUnknown(AppError):
    code = "step_unknown"
    status = 404
    title: ClassVar = {
        "en": "Your pathway has no such step.",
        "ru": "В вашем маршруте нет такого шага.",
    }


class StepBlocked(AppError):
    """`blocked_by` lists the steps that come first."""

    code = "step_blocked"
    status = 409
    title: ClassVar = {
        "en": "Other steps come before this one.",
        "ru": "Сначала нужно пройти другие шаги.",
    }


class StepDone(AppError):
    code = "step_done"
    status = 409
    title: ClassVar = {"en": "This step is done.", "ru": "Этот шаг уже пройден."}


class NeedsProof(AppError):
    code = "step_needs_proof"
    status = 409
    title: ClassVar = {
        "en": "Your own word is not enough for this step: it is confirmed by a service point or a document.",
        "ru": "Для этого шага нужно подтверждение пункта обслуживания или документ.",
    }


class DayDoesNotCount(AppError):
    code = "day_does_not_count"
    status = 422
    title: ClassVar = {
        "en": "A result of that day does not count: it is from before your entry, or has run out.",
        "ru": "Результат за этот день не засчитывается: он получен до въезда или уже истёк.",
    }
