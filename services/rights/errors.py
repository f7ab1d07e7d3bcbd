"""What can be wrong with having all of one's data."""

from typing import ClassVar

from app.errors import AppError


class ExportUnderWay(AppError):
    """One file is made for a person at a time."""

    code = "export_under_way"
    status = 409
    title: ClassVar = {
        "en": "Your file is being made already. Wait until you have it.",
        "ru": "Ваш файл уже готовится. Дождитесь его.",
    }
