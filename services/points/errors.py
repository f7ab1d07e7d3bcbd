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


class PlanChanged(AppError):
    """`version`: of the plan that is in force now."""

    code = "plan_changed"
    status = 409
    title: ClassVar = {
        "en": "The plan of this point was changed meanwhile. Read it again, then make your change.",
        "ru": "План этого пункта тем временем изменили. Прочитайте его снова и внесите изменение.",
    }


class WouldStrand(AppError):
    """`count` and `affected` (booking, service, beginning) tell whom; `confirmation` sent with the same change
    applies it.
    """

    code = "would_strand"
    status = 409
    title: ClassVar = {
        "en": "People have visits booked that this change leaves without a counter. Confirm that you will move them.",
        "ru": "После этого изменения у людей с записью не останется окна приёма. Подтвердите, что перенесёте их.",
    }


class WrongPlan(AppError):
    """`fault`: what contradicts what."""

    code = "wrong_plan"
    status = 422
    title: ClassVar = {
        "en": "These hours, exceptions or counters contradict each other.",
        "ru": "Часы, исключения или число окон противоречат друг другу.",
    }


class ClosedAlready(AppError):
    code = "closed_already"
    status = 409
    title: ClassVar = {
        "en": "The point receives nobody at that time as it is.",
        "ru": "В это время пункт и так не принимает.",
    }
