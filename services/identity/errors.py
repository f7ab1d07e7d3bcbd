"""What can be wrong with a sign-in. None of them tells whether a number or a login is known."""

from typing import ClassVar

from app.errors import AppError


class InvalidPhone(AppError):
    code = "invalid_phone"
    status = 422
    title: ClassVar = {
        "en": "Give the phone number with its country code, for example +7 900 000-00-00.",
        "ru": "Укажите номер телефона с кодом страны, например +7 900 000-00-00.",
    }


class TooSoon(AppError):
    code = "too_soon"
    status = 429
    title: ClassVar = {
        "en": "Wait a little before asking again.",
        "ru": "Подождите немного, прежде чем повторить.",
    }


class WrongCode(AppError):
    """Wrong, expired, used up or never sent: which of them is not said. The try is counted."""

    code = "wrong_code"
    status = 401
    commits = True
    title: ClassVar = {
        "en": "The code is wrong or too old. Ask for a new one.",
        "ru": "Код неверен или устарел. Запросите новый.",
    }


class WrongCredentials(AppError):
    code = "wrong_credentials"
    status = 401
    commits = True
    title: ClassVar = {
        "en": "The login, the password or the one-time code is wrong.",
        "ru": "Неверный логин, пароль или одноразовый код.",
    }


class InvalidKey(AppError):
    code = "invalid_device_key"
    status = 422
    title: ClassVar = {
        "en": "The device's key must be a public EC P-256 key (JWK).",
        "ru": "Ключ устройства должен быть открытым ключом EC P-256 (JWK).",
    }


class SessionEnded(AppError):
    """The refresh token is unknown, used, expired or revoked, or the device did not prove itself."""

    code = "session_ended"
    status = 401
    commits = True
    title: ClassVar = {"en": "This sign-in has ended. Sign in again.", "ru": "Сеанс завершён. Войдите снова."}
