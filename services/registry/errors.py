"""What the operator of the mirror can be told."""

from typing import ClassVar

from app.errors import AppError


class NoGroundLeft(AppError):
    """It was dropped: nothing is kept without a ground."""

    code = "mirror_ground_gone"
    status = 409
    commits = True
    title: ClassVar = {
        "en": "The consent to this has ended meanwhile, so it was dropped.",
        "ru": "Согласие на это тем временем прекращено, поэтому запись удалена.",
    }
