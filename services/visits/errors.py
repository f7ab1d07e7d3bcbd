"""What can be wrong with a visit."""

from typing import ClassVar

from app.errors import AppError


class PassRefused(AppError):
    """`reason`: `unreadable`, `unknown_device`, `expired`, `not_signed` or `no_visit_here_today`."""

    code = "pass_refused"
    status = 422
    title: ClassVar = {
        "en": "This pass does not open a visit here. Ask the visitor to show a fresh one.",
        "ru": "По этому пропуску визита здесь нет. Попросите посетителя показать новый.",
    }


class NotArrived(AppError):
    code = "not_arrived"
    status = 409
    title: ClassVar = {
        "en": "The visitor has not checked in, or the visit is over.",
        "ru": "Посетитель не отметился, или визит уже завершён.",
    }


class AlreadyArrived(AppError):
    code = "already_arrived"
    status = 409
    title: ClassVar = {
        "en": "This visitor has checked in already.",
        "ru": "Этот посетитель уже отметился.",
    }
