"""What can be wrong with an offer, or with asking for one."""

from typing import ClassVar

from app.errors import AppError


class PlaceNoLongerOffered(AppError):
    code = "place_no_longer_offered"
    status = 409
    title: ClassVar = {
        "en": "This place is no longer kept for you. If another is found, it will be offered to you.",
        "ru": "Это место за вами больше не закреплено. Если найдётся другое, мы его предложим.",
    }


class NothingEarlier(AppError):
    """The bounds leave nothing that is earlier than the booking, or at any point that gives the service."""

    code = "nothing_earlier"
    status = 422
    title: ClassVar = {
        "en": "Within these bounds nothing can be earlier than your visit.",
        "ru": "В этих пределах не может быть времени раньше вашего визита.",
    }
