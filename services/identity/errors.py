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
        "en": "The code is wrong or too old. Check it, or ask for a new one.",
        "ru": "Код неверен или устарел. Проверьте его или запросите новый.",
    }


class WrongCredentials(AppError):
    code = "wrong_credentials"
    status = 401
    commits = True
    title: ClassVar = {
        "en": "The login, the password or the one-time code is wrong. Five tries make an account rest for 15 minutes.",
        "ru": "Неверный логин, пароль или одноразовый код. После пяти попыток учётная запись отдыхает 15 минут.",
    }


class InvalidKey(AppError):
    code = "invalid_device_key"
    status = 422
    title: ClassVar = {
        "en": "The device's key must be a public EC P-256 key (JWK).",
        "ru": "Ключ устройства должен быть открытым ключом EC P-256 (JWK).",
    }


class SessionEnded(AppError):
    """The refresh token is unknown, used, expired or revoked."""

    code = "session_ended"
    status = 401
    commits = True
    title: ClassVar = {"en": "This sign-in has ended. Sign in again.", "ru": "Сеанс завершён. Войдите снова."}


class ProofRefused(AppError):
    """The sign-in stands: the phone may sign a fresh proof and try again."""

    code = "proof_refused"
    status = 401
    title: ClassVar = {
        "en": "This phone did not prove itself: the signature is missing, too old or not its own.",
        "ru": "Телефон не подтвердил себя: подпись отсутствует, устарела или чужая.",
    }


class NumberTaken(AppError):
    """Told only to somebody who has shown that they hold the number."""

    code = "number_taken"
    status = 409
    title: ClassVar = {
        "en": "Another account signs in by this number. Ask at a service point.",
        "ru": "По этому номеру входит другая учётная запись. Обратитесь в пункт обслуживания.",
    }


class DeviceTooNew(AppError):
    """`allowed_from`: when this phone may. Whoever stole a SIM has only just signed in."""

    code = "device_too_new"
    status = 409
    title: ClassVar = {
        "en": "This phone has only just signed in, and another one is signed in longer. Wait a day, or use that one.",
        "ru": "С этого телефона вошли недавно, а другой вошёл раньше. Подождите сутки или используйте тот телефон.",
    }
