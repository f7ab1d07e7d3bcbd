"""What can be wrong with a report, its subscription, or a question to the simulator."""

from typing import ClassVar

from app.errors import AppError


class CodeWrong(AppError):
    """The try is counted; after a few the subscription is over."""

    code = "report_code_wrong"
    status = 422
    commits = True
    title: ClassVar = {
        "en": "This is not the code that was sent, or it is too old.",
        "ru": "Это не тот код, который был отправлен, или он устарел.",
    }


class TooManySubscriptions(AppError):
    code = "too_many_subscriptions"
    status = 409
    title: ClassVar = {
        "en": "You have as many reports by e-mail as one may have. End one first.",
        "ru": "У вас уже наибольшее число отчётов по почте. Сначала отмените один.",
    }


class NoEmail(AppError):
    code = "no_email"
    status = 409
    title: ClassVar = {
        "en": "No e-mail is sent from here: the service has no mail server.",
        "ru": "Отсюда почта не отправляется: почтовый сервер не настроен.",
    }


class TooManyQuestions(AppError):
    code = "too_many_questions"
    status = 409
    title: ClassVar = {
        "en": "Your earlier question is still being answered. Wait for it.",
        "ru": "Ваш прошлый вопрос ещё обрабатывается. Дождитесь ответа.",
    }


class NotPlayable(AppError):
    """`reason` says what is missing, in a word."""

    code = "not_playable"
    status = 409
    title: ClassVar = {
        "en": "This cannot be played: too little is known about the region so far, or nothing would change.",
        "ru": "Это нельзя просчитать: о регионе пока известно слишком мало, или ничего не изменится.",
    }
