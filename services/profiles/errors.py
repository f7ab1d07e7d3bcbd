"""What can be wrong with a profile."""

from typing import ClassVar

from app.errors import AppError


class InvalidZone(AppError):
    """`field` names the part of the zone that does not hold, as printed in ICAO 9303 part 4."""

    code = "invalid_mrz"
    status = 422
    title: ClassVar = {
        "en": "The machine-readable lines do not add up. Read them again from the passport.",
        "ru": "Машиночитаемые строки не сходятся. Считайте их с паспорта ещё раз.",
    }


class DocumentKnown(AppError):
    code = "document_known"
    status = 409
    title: ClassVar = {
        "en": "This passport belongs to another profile. If it is yours, ask at a service point to join them.",
        "ru": "Этот паспорт уже есть в другом профиле. Если он ваш, обратитесь в пункт обслуживания.",
    }


class EntryNotPlausible(AppError):
    code = "entry_not_plausible"
    status = 422
    title: ClassVar = {
        "en": "The date of entry must lie within the last ten years and not after tomorrow.",
        "ru": "Дата въезда должна быть за последние десять лет и не позже завтрашнего дня.",
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
