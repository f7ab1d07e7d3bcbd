"""What can be wrong with a profile."""

from typing import ClassVar

from app.errors import AppError


class InvalidZone(AppError):
    """`field` names the part of the zone that does not hold, as ICAO 9303 calls it; `line` and `position`, both from
    1, say where it begins, for the phone to point at. They are missing when the lines' lengths are wrong.
    """

    code = "invalid_mrz"
    status = 422
    title: ClassVar = {
        "en": "The machine-readable lines do not add up. Read them again from the document.",
        "ru": "Машиночитаемые строки не сходятся. Считайте их с документа ещё раз.",
    }


class TooManyGuesses(AppError):
    code = "too_many_guesses"
    status = 429
    title: ClassVar = {
        "en": "Several documents were refused today because other profiles have them. Wait a day, or come to a service "
        "point with your document.",
        "ru": "Сегодня несколько документов не приняты: они есть в других профилях. Подождите сутки или придите в "
        "пункт обслуживания с документом.",
    }


class TooManyDocuments(AppError):
    """`limit`: how many documents may say who one person is."""

    code = "too_many_documents"
    status = 409
    title: ClassVar = {
        "en": "Your profile has as many identity documents as it can keep. Ask at a service point.",
        "ru": "В вашем профиле уже предельное число документов, удостоверяющих личность. Обратитесь в пункт "
        "обслуживания.",
    }


class DocumentKnown(AppError):
    """Nothing is said of that profile; it is counted. `POST /v1/me/merges` with the same document opens the way to
    join them.
    """

    code = "document_known"
    status = 409
    commits = True
    title: ClassVar = {
        "en": "This document is in another profile. If it is yours, ask to join them: with your other phone, or at a "
        "service point with the document.",
        "ru": "Этот документ уже есть в другом профиле. Если он ваш, попросите объединить их: с другого вашего "
        "телефона или в пункте обслуживания с этим документом.",
    }


class DocumentIncomplete(AppError):
    """`missing` lists what this kind of document must tell."""

    code = "document_incomplete"
    status = 422
    title: ClassVar = {
        "en": "Something that this document shows was not told.",
        "ru": "Указано не всё, что есть в этом документе.",
    }


class EntryNotPlausible(AppError):
    code = "entry_not_plausible"
    status = 422
    title: ClassVar = {
        "en": "The date of entry must lie within the last ten years and not after tomorrow.",
        "ru": "Дата въезда должна быть за последние десять лет и не позже завтрашнего дня.",
    }


class ExitNotPlausible(AppError):
    code = "exit_not_plausible"
    status = 422
    title: ClassVar = {
        "en": "The day you left must not lie before the entry or after tomorrow.",
        "ru": "День выезда не может быть раньше въезда или позже завтрашнего дня.",
    }


class BirthNotPlausible(AppError):
    code = "birth_not_plausible"
    status = 422
    title: ClassVar = {
        "en": "There is no such date of birth. Leave out the parts that are not known.",
        "ru": "Такой даты рождения не бывает. Неизвестные части просто не указывайте.",
    }


class NameRefused(AppError):
    code = "name_refused"
    status = 422
    title: ClassVar = {
        "en": "Write the name in letters, as the document does. If you have one name only, leave the others out.",
        "ru": "Напишите имя буквами, как в документе. Если имя одно, остальные поля не заполняйте.",
    }


class NumberRefused(AppError):
    code = "number_refused"
    status = 422
    title: ClassVar = {
        "en": "This number does not add up. Check it, digit by digit.",
        "ru": "Этот номер не сходится. Проверьте его по цифрам.",
    }


class RecoveryRefused(AppError):
    """No such document, or the Migrant ID is another's: which of them is not said. The look is counted."""

    code = "recovery_refused"
    status = 422
    commits = True
    title: ClassVar = {
        "en": "The document and the Migrant ID are not those of one account. Read both again.",
        "ru": "Документ и Migrant ID не относятся к одной учётной записи. Проверьте оба ещё раз.",
    }
