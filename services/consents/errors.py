"""What can be wrong with a consent, and with a use that has none."""

from typing import ClassVar

from app.errors import AppError


class NoConsent(AppError):
    """What was to be done with the person's data has neither their consent nor a law for its ground."""

    code = "no_consent"
    status = 403
    title: ClassVar = {
        "en": "This needs a consent that is not there. Nothing was done.",
        "ru": "Для этого нужно согласие, а его нет. Ничего не сделано.",
    }


class NoticeChanged(AppError):
    """`version` and `sha256` (hex) are those of the text as it is now."""

    code = "notice_changed"
    status = 409
    title: ClassVar = {
        "en": "This is not the text as it is now. Read it again, then answer.",
        "ru": "Текст с тех пор изменился. Прочитайте его снова и ответьте.",
    }


class MirrorNotOffered(AppError):
    code = "mirror_not_offered"
    status = 409
    title: ClassVar = {
        "en": "On your pathway nothing is passed to the regional registry, so there is nothing to agree to.",
        "ru": "На вашем пути данные в региональный реестр не передаются, соглашаться не на что.",
    }


class WardOfAge(AppError):
    code = "ward_of_age"
    status = 409
    title: ClassVar = {
        "en": "This person is of age, or their birth date is not known. They decide for themselves.",
        "ru": "Этот человек совершеннолетний, или дата его рождения неизвестна. Он решает сам.",
    }


class ConsentOver(AppError):
    """`status`: how it ended."""

    code = "consent_over"
    status = 409
    title: ClassVar = {
        "en": "This consent has ended or was never given.",
        "ru": "Это согласие уже не действует или не было дано.",
    }


class ConsentGiven(AppError):
    """`consent_id`: the one that is given."""

    code = "consent_given"
    status = 409
    title: ClassVar = {
        "en": "You have given this consent. You can withdraw it.",
        "ru": "Это согласие вы уже дали. Его можно отозвать.",
    }


class TooSoonToRenew(AppError):
    """`renewable_from`: when it may be renewed."""

    code = "too_soon_to_renew"
    status = 409
    title: ClassVar = {
        "en": "This consent still holds for long. You can renew it near its end.",
        "ru": "Это согласие ещё долго действует. Продлить его можно ближе к концу срока.",
    }
