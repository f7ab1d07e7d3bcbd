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


class NothingToTakeBack(AppError):
    """Also when a point, a document or an agency says so: that is theirs to put right."""

    code = "nothing_to_take_back"
    status = 409
    title: ClassVar = {
        "en": "There is no word of yours or of your host to take back. Ask the point to mend what it recorded.",
        "ru": "Здесь нет ваших слов или слов принимающей стороны. Запись пункта исправит сам пункт.",
    }


class NotForHosts(AppError):
    code = "not_for_hosts"
    status = 409
    title: ClassVar = {
        "en": "Your host cannot confirm this step.",
        "ru": "Этот шаг не подтверждает принимающая сторона.",
    }


class OwnHost(AppError):
    code = "own_host"
    status = 409
    title: ClassVar = {
        "en": "You cannot confirm your own step. Give the code to whoever hosts you.",
        "ru": "Подтвердить свой собственный шаг нельзя. Передайте код тому, кто вас принимает.",
    }


class InvitationGone(AppError):
    """The same for a code that never was, was used, withdrawn or has ended."""

    code = "invitation_gone"
    status = 404
    title: ClassVar = {
        "en": "This code is not valid. Ask for a new one.",
        "ru": "Этот код не действует. Попросите новый.",
    }
