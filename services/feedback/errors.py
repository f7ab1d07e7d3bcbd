"""What can be wrong with a rating or a complaint."""

from typing import ClassVar

from app.errors import AppError


class NotRateable(AppError):
    """The visit is not over, or was too long ago; or the rating was given too long ago to be changed."""

    code = "not_rateable"
    status = 409
    title: ClassVar = {
        "en": "A visit can be rated once it is over and for 60 days, and the rating changed for 7 days.",
        "ru": "Оценить визит можно после него и в течение 60 дней, изменить оценку — в течение 7 дней.",
    }


class TooManyComplaints(AppError):
    """`limit`: how many complaints of one person may wait for an answer at a time."""

    code = "too_many_complaints"
    status = 409
    title: ClassVar = {
        "en": "You have many complaints without an answer yet. Wait for the answers first.",
        "ru": "У вас уже много жалоб без ответа. Сначала дождитесь ответов.",
    }


class ComplaintAnswered(AppError):
    code = "complaint_answered"
    status = 409
    title: ClassVar = {
        "en": "This complaint is answered already.",
        "ru": "На эту жалобу уже ответили.",
    }
