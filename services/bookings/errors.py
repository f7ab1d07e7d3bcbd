"""What can be wrong with a booking."""

from typing import ClassVar

from app.errors import AppError


class WrongService(AppError):
    code = "wrong_service"
    status = 422
    title: ClassVar = {
        "en": "This step is not done by a visit for that service.",
        "ru": "Этот шаг не проходят через такую услугу.",
    }


class StepBooked(AppError):
    code = "step_booked"
    status = 409
    title: ClassVar = {
        "en": "You have a visit booked for this step. Cancel it first.",
        "ru": "На этот шаг у вас уже есть запись. Сначала отмените её.",
    }


class TooEarly(AppError):
    """`not_before`: the first day on which the step can succeed: a result is awaited, or a retake is not yet due."""

    code = "too_early"
    status = 409
    title: ClassVar = {
        "en": "This step cannot succeed that early. Choose a later day.",
        "ru": "Так рано этот шаг пройти нельзя. Выберите день позже.",
    }


class ElsewhereThen(AppError):
    code = "elsewhere_then"
    status = 409
    title: ClassVar = {
        "en": "You have another visit at that time.",
        "ru": "На это время у вас уже есть другая запись.",
    }


class HoldGone(AppError):
    code = "hold_gone"
    status = 409
    title: ClassVar = {
        "en": "The place was kept for you for a few minutes, and that time is over. Choose again.",
        "ru": "Время, на которое место было за вами закреплено, истекло. Выберите снова.",
    }


class NotCancellable(AppError):
    code = "not_cancellable"
    status = 409
    title: ClassVar = {
        "en": "This visit has begun or is over: it cannot be cancelled.",
        "ru": "Этот визит уже начался или завершён: отменить его нельзя.",
    }
