"""What can be wrong with the accounts of staff."""

from typing import ClassVar

from app.errors import AppError


class LoginTaken(AppError):
    code = "login_taken"
    status = 409
    title: ClassVar = {"en": "This login is taken. Choose another.", "ru": "Этот логин занят. Выберите другой."}


class ScopeWrong(AppError):
    """Clerks and managers belong to a point, employers and officers to an organisation of their kind."""

    code = "scope_wrong"
    status = 422
    title: ClassVar = {
        "en": "This role needs a point, or an organisation of its kind, that exists here; and nothing else.",
        "ru": "Для этой роли нужен существующий пункт или организация своего вида, и ничего другого.",
    }


class EmployersApply(AppError):
    """An employer is let in after it has applied, so that somebody has checked who it is."""

    code = "employers_apply"
    status = 422
    title: ClassVar = {
        "en": "An employer applies as a company (POST /v1/companies), and is approved there: it is not made here.",
        "ru": "Работодатель подаёт заявку как организация (POST /v1/companies) и одобряется там: здесь его не создают.",
    }


class LastOperator(AppError):
    code = "last_operator"
    status = 409
    title: ClassVar = {
        "en": "The region would be left without an operator. Let another one enrol first.",
        "ru": "Регион остался бы без оператора. Сначала зарегистрируйте другого.",
    }


class NobodyConfirms(AppError):
    """Operators and auditors are let in by two operators, and there is but one who could."""

    code = "nobody_confirms"
    status = 409
    title: ClassVar = {
        "en": "An operator or auditor is let in by two operators, and there is no other. Whoever runs the server can"
        " make one (`manzil operator`).",
        "ru": "Оператора и аудитора допускают два оператора, а другого нет. Его может создать администратор сервера"
        " (`manzil operator`).",
    }


class SecondPersonNeeded(AppError):
    """Who asked, their deputy, or whose deputy they are."""

    code = "second_person_needed"
    status = 403
    commits = True
    title: ClassVar = {
        "en": "Another operator has to approve this, who does not stand in for the first.",
        "ru": "Это должен утвердить другой оператор, который не замещает первого.",
    }


class EnrolmentOver(AppError):
    """Unknown, used, too old or not whole: which of them is not said. The try is counted."""

    code = "enrolment_over"
    status = 401
    commits = True
    title: ClassVar = {
        "en": "This invitation is used, too old or not whole: an operator or auditor needs two codes. Ask for another.",
        "ru": "Приглашение использовано, устарело или неполно: у оператора и аудитора два кода. Попросите новое.",
    }
