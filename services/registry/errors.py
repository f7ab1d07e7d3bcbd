"""What the operator of the mirror can be told."""

from typing import ClassVar

from app.errors import AppError


class NoGroundLeft(AppError):
    """It was dropped: nothing is kept without a ground."""

    code = "mirror_ground_gone"
    status = 409
    commits = True
    title: ClassVar = {
        "en": "This may not be sent any more, so it was dropped.",
        "ru": "Отправлять это больше нельзя, поэтому запись удалена.",
    }
