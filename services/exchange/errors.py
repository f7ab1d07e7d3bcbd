"""What agencies and operators of the exchange can be told. What was refused is counted, so that these commit."""

from typing import ClassVar

from app.errors import AppError


class NothingHeld(AppError):
    """Nobody has this number; or nothing of them may be told: which of these is not said."""

    code = "nothing_held"
    status = 404
    commits = True
    title: ClassVar = {
        "en": "Nothing is held here that could be told.",
        "ru": "Сведений, которые можно сообщить, здесь нет.",
    }


class ReasonMissing(AppError):
    code = "reason_missing"
    status = 422
    commits = True
    title: ClassVar = {
        "en": "Say what this is for and in which case. The person will see that you looked.",
        "ru": "Укажите, для чего это нужно и по какому делу. Человек увидит, что вы смотрели.",
    }


class OutsideAgreement(AppError):
    """Another agency's, not in force, or not in this way."""

    code = "outside_agreement"
    status = 403
    commits = True
    title: ClassVar = {
        "en": "No agreement that is in force allows this.",
        "ru": "Ни одно действующее соглашение этого не разрешает.",
    }


class LookUpsStopped(AppError):
    """The account went through the numbers."""

    code = "look_ups_stopped"
    status = 403
    commits = True
    title: ClassVar = {
        "en": "There were too many look-ups. The operator was told and has to let you go on.",
        "ru": "Запросов было слишком много. Оператор извещён; продолжить можно с его разрешения.",
    }


class ListNeverGiven(AppError):
    """`why`: by origin, a pathway that is help, or nothing that an agreement could say."""

    code = "list_never_given"
    status = 403
    commits = True
    title: ClassVar = {
        "en": "Nobody is listed by origin, missed deadlines or predictions, whoever asks.",
        "ru": "Списки людей по происхождению, пропущенным срокам или прогнозам не выдаются никому.",
    }


class TrackingNeverGiven(AppError):
    code = "tracking_never_given"
    status = 403
    commits = True
    title: ClassVar = {
        "en": "Where people are is not told, and nobody is followed, whoever asks.",
        "ru": "Местонахождение людей не сообщается, и слежка за ними не ведётся, кто бы ни просил.",
    }


class SubjectDiffers(AppError):
    """Who approves reads another number in the papers than was entered."""

    code = "subject_differs"
    status = 409
    commits = True
    title: ClassVar = {
        "en": "This request was entered with another Migrant ID. Compare the papers, or decline it.",
        "ru": "В запрос внесён другой Migrant ID. Сверьте документы или отклоните запрос.",
    }


class AlreadyDecided(AppError):
    code = "already_decided"
    status = 409
    title: ClassVar = {
        "en": "This has been decided already, or its time is over.",
        "ru": "Решение по этому уже принято, или срок истёк.",
    }
