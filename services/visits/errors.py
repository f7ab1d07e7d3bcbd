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


class NotExpectedToday(AppError):
    """The same for a Migrant ID that nobody has and for one whose bearer has no visit here: it tells nothing more."""

    code = "not_expected_today"
    status = 404
    title: ClassVar = {
        "en": "Nobody with this Migrant ID is expected here today.",
        "ru": "Посетителя с таким Migrant ID здесь сегодня не ждут.",
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


class VersionNeeded(AppError):
    """RFC 6585 §3: `If-Match` with the ETag of a visit or ticket: nobody overwrites what they have not seen."""

    code = "version_needed"
    status = 428
    title: ClassVar = {
        "en": "Say which version you have seen (If-Match).",
        "ru": "Укажите, какую версию вы видели (If-Match).",
    }


class VisitChanged(AppError):
    """`present`: the visit's `status`, `outcome` and `version` as they are now. The look at them stays in the log."""

    code = "visit_changed"
    status = 412
    commits = True
    title: ClassVar = {
        "en": "Another clerk changed this visit meanwhile. Look at it again.",
        "ru": "Другой сотрудник тем временем изменил этот визит. Посмотрите на него снова.",
    }


class OutcomeNotAllowed(AppError):
    """`allowed`: every `outcome` that a visit for this service may have, and whether it states `expires_on`."""

    code = "outcome_not_allowed"
    status = 422
    title: ClassVar = {
        "en": "A visit for this service cannot end so.",
        "ru": "Визит за этой услугой не может завершиться так.",
    }


class NotAbsent(AppError):
    code = "not_absent"
    status = 409
    title: ClassVar = {
        "en": "Only a visitor who is still expected can be marked as absent.",
        "ru": "Отметить неявку можно только для посетителя, которого ещё ждут.",
    }


class StillAwaited(AppError):
    """`missed_from`: from when on the visitor may be marked as absent."""

    code = "still_awaited"
    status = 409
    title: ClassVar = {
        "en": "It is too early to mark the visitor as absent. They may only be late.",
        "ru": "Отмечать неявку ещё рано: посетитель может опаздывать.",
    }


class NothingToUndo(AppError):
    code = "nothing_to_undo"
    status = 409
    title: ClassVar = {
        "en": "There is nothing to take back here.",
        "ru": "Здесь нечего отменять.",
    }


class UndoTooLate(AppError):
    """`minutes`: how long a clerk's word can be taken back."""

    code = "undo_too_late"
    status = 409
    title: ClassVar = {
        "en": "It is too late to take this back.",
        "ru": "Отменить это уже нельзя: прошло слишком много времени.",
    }


class BookedAgain(AppError):
    code = "booked_again"
    status = 409
    title: ClassVar = {
        "en": "The visitor has booked another visit meanwhile, so this one cannot be opened again.",
        "ru": "Посетитель уже записался снова, поэтому этот визит нельзя открыть заново.",
    }
