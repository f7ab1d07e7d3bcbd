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


class NotMovable(AppError):
    code = "not_movable"
    status = 409
    title: ClassVar = {
        "en": "Only a visit that is booked and has not begun can be moved.",
        "ru": "Перенести можно только назначенный визит, который ещё не начался.",
    }


class TooLate(AppError):
    """`minutes`: how long before its beginning a place can be taken at the latest."""

    code = "too_late"
    status = 409
    title: ClassVar = {
        "en": "This time begins too soon. Choose a later one.",
        "ru": "До этого времени осталось слишком мало. Выберите время позже.",
    }


class TooManyOpen(AppError):
    """`limit`: how many holds and visits to come one person may have."""

    code = "too_many_open"
    status = 409
    title: ClassVar = {
        "en": "You have as many visits to come as one person may have. Cancel one you do not need.",
        "ru": "У вас уже предельное число предстоящих визитов. Отмените ненужный.",
    }


class TooManyChanges(AppError):
    """`limit` moves and cancellations of one step's visit in `hours`."""

    code = "too_many_changes"
    status = 409
    title: ClassVar = {
        "en": "The visit for this step was moved or cancelled too often. Try again tomorrow, or ask at the point.",
        "ru": "Визит на этот шаг переносили или отменяли слишком часто. Попробуйте завтра или обратитесь в пункт.",
    }


class NotCancellable(AppError):
    code = "not_cancellable"
    status = 409
    title: ClassVar = {
        "en": "This visit has begun or is over: it cannot be cancelled.",
        "ru": "Этот визит уже начался или завершён: отменить его нельзя.",
    }
