"""What can be wrong with a merge."""

from typing import ClassVar

from app.errors import AppError


class DocumentFree(AppError):
    """Counted: it tells that nobody has the document."""

    code = "document_free"
    status = 409
    commits = True
    title: ClassVar = {
        "en": "No other profile has this document. Give it as your own.",
        "ru": "Этого документа нет в другом профиле. Просто укажите его как свой.",
    }


class TooManyCases(AppError):
    """`limit`: how many documents one person may ask for at a time. Counted: it tells that somebody has it."""

    code = "too_many_cases"
    status = 409
    commits = True
    title: ClassVar = {
        "en": "You have asked for several documents already. Ask at a service point, with the document.",
        "ru": "Вы уже запросили несколько документов. Обратитесь в пункт обслуживания с документом.",
    }


class CaseClosed(AppError):
    code = "case_closed"
    status = 409
    title: ClassVar = {
        "en": "This request was decided, or is too old. Make a new one.",
        "ru": "Эта просьба уже решена или устарела. Отправьте новую.",
    }


class WrongCaseCode(AppError):
    """The try is counted; after five, only a service point can decide."""

    code = "wrong_case_code"
    status = 409
    commits = True
    title: ClassVar = {
        "en": "This is not the code on the phone that asks. If it is not your phone, reject the request.",
        "ru": "Это не тот код, что на телефоне, отправившем просьбу. Если телефон не ваш, отклоните её.",
    }


class OtherDocument(AppError):
    code = "other_document"
    status = 409
    title: ClassVar = {
        "en": "The document in hand is not the one that was asked for.",
        "ru": "Предъявлен не тот документ, который указан в просьбе.",
    }


class VisitsClash(AppError):
    code = "visits_clash"
    status = 409
    title: ClassVar = {
        "en": "Both profiles have a visit at the same time or for the same step. Cancel one, then join them.",
        "ru": "В обоих профилях есть запись на одно время или на один шаг. Отмените одну, затем объедините.",
    }
