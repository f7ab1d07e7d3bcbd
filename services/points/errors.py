"""What can be wrong with a place."""

from typing import ClassVar

from app.errors import AppError


class NoSuchPlace(AppError):
    """The point does not give the service, is closed then, or starts are on another grid of minutes."""

    code = "no_such_place"
    status = 422
    title: ClassVar = {
        "en": "There is no such time at this point. Look at its free times again.",
        "ru": "Такого времени в этом пункте нет. Посмотрите свободное время ещё раз.",
    }


class PlaceTaken(AppError):
    """`alternatives`: the nearest free times there and at other points, each with `point_id` and `starts_at`."""

    code = "place_taken"
    status = 409
    title: ClassVar = {
        "en": "This time was taken a moment ago. Choose another.",
        "ru": "Это время только что заняли. Выберите другое.",
    }
