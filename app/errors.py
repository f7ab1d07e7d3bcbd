"""Errors that a caller can act on: each knows its code, its status and its words.

`code` is part of the API and never changes its meaning; `title` is for people, in their language. The
features' own errors stand beside the features, in `services/<feature>/errors.py`.
"""

from typing import Any, ClassVar


class AppError(Exception):
    """`context` is added to the answer as members of the problem (RFC 9457 §3.2). Never personal data."""

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[dict[str, str]]
    commits: ClassVar[bool] = False
    """Whether what the command wrote stands although it ends in this error."""

    def __init__(self, *, retry_after: int | None = None, **context: Any) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after
        self.context = context


class NotFound(AppError):
    """Also the answer for what belongs to someone else: it does not tell that it exists."""

    code = "not_found"
    status = 404
    title: ClassVar = {"en": "There is nothing here for you.", "ru": "Здесь для вас ничего нет."}


class NotSignedIn(AppError):
    code = "not_signed_in"
    status = 401
    title: ClassVar = {"en": "Sign in, then try again.", "ru": "Войдите и попробуйте снова."}


class NotAllowed(AppError):
    code = "not_allowed"
    status = 403
    title: ClassVar = {"en": "Your role may not do this.", "ru": "Вашей роли это не разрешено."}


class InvalidInput(AppError):
    code = "invalid_input"
    status = 422
    title: ClassVar = {
        "en": "Something in the request is not as it should be.",
        "ru": "В запросе есть ошибка.",
    }


class KeyReused(AppError):
    code = "idempotency_key_reused"
    status = 422
    title: ClassVar = {
        "en": "This Idempotency-Key was used for another request.",
        "ru": "Этот Idempotency-Key уже использован для другого запроса.",
    }


class UnknownRegion(AppError):
    code = "unknown_region"
    status = 404
    title: ClassVar = {"en": "This region is not served here.", "ru": "Этот регион здесь не обслуживается."}


class TryAgain(AppError):
    """The database was busy or restarting; nothing was changed."""

    code = "try_again"
    status = 503
    title: ClassVar = {
        "en": "The service is busy. Nothing was changed; try again in a moment.",
        "ru": "Сервис занят. Ничего не изменено; попробуйте ещё раз через минуту.",
    }


class Unexpected(AppError):
    code = "unexpected"
    status = 500
    title: ClassVar = {
        "en": "Something went wrong on our side. Nothing was changed.",
        "ru": "Ошибка на нашей стороне. Ничего не изменено.",
    }


class MethodNotAllowed(AppError):
    code = "method_not_allowed"
    status = 405
    title: ClassVar = {
        "en": "This address does not take this method.",
        "ru": "Этот адрес не принимает такой метод.",
    }


class TooManyRequests(AppError):
    code = "too_many_requests"
    status = 429
    title: ClassVar = {
        "en": "Too many requests. Nothing was changed; try again in a minute.",
        "ru": "Слишком много запросов. Ничего не изменено; попробуйте через минуту.",
    }


class TooLarge(AppError):
    code = "too_large"
    status = 413
    title: ClassVar = {"en": "The request is too large.", "ru": "Запрос слишком велик."}
