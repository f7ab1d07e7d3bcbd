"""What can be wrong with a plan or an itinerary."""

from typing import ClassVar

from app.errors import AppError


class ItineraryTaken(AppError):
    """`taken`: the visits whose places somebody else was faster to take. `plan`: what can be had now."""

    code = "itinerary_taken"
    status = 409
    title: ClassVar = {
        "en": "Somebody has just taken a place of this itinerary. Nothing was booked; here is a new plan.",
        "ru": "Место из этого маршрута только что заняли. Ничего не забронировано; вот новый план.",
    }


class ItineraryBreaks(AppError):
    """`violations`: for each, the `step` of a visit, the `fault`, and the `other` step that it is about, if any."""

    code = "itinerary_breaks"
    status = 409
    title: ClassVar = {
        "en": "These visits cannot be made as they stand. Nothing was booked; plan again.",
        "ru": "В таком виде эти визиты невозможны. Ничего не забронировано; составьте план заново.",
    }


class TooMuchToPlan(AppError):
    """`limit`: how many visits, those booked already among them, can be planned together."""

    code = "too_much_to_plan"
    status = 409
    title: ClassVar = {
        "en": "There are more visits than can be planned together. Cancel one that you do not need.",
        "ru": "Визитов больше, чем можно спланировать вместе. Отмените ненужный.",
    }


class OfferGone(AppError):
    code = "offer_gone"
    status = 409
    title: ClassVar = {
        "en": "This offer no longer stands. Look at your itinerary again.",
        "ru": "Это предложение больше не действует. Посмотрите маршрут ещё раз.",
    }
