"""What can be wrong with companies, vacancies, work profiles and requests."""

from typing import ClassVar

from app.errors import AppError


class CompanyKnown(AppError):
    code = "company_known"
    status = 409
    title: ClassVar = {
        "en": "A company with this number has applied already.",
        "ru": "Организация с таким номером уже подала заявку.",
    }


class CompanyDecided(AppError):
    """`company_status`: where the application stands."""

    code = "company_decided"
    status = 409
    title: ClassVar = {
        "en": "This does not follow from where the company stands now.",
        "ru": "В нынешнем состоянии организации это невозможно.",
    }


class CompanyNotApproved(AppError):
    code = "company_not_approved"
    status = 403
    title: ClassVar = {
        "en": "The region's operator has not approved this company, or has suspended it.",
        "ru": "Оператор региона не одобрил эту организацию или приостановил её работу.",
    }


class VacancyRefused(AppError):
    """`reasons`: each with the place in the vacancy, the words, and in Russian and English what is wrong with them."""

    code = "vacancy_refused"
    status = 422
    title: ClassVar = {
        "en": "The vacancy cannot be published like this: see the reasons.",
        "ru": "В таком виде вакансию нельзя опубликовать: смотрите причины.",
    }


class VacancyClosed(AppError):
    code = "vacancy_closed"
    status = 409
    title: ClassVar = {
        "en": "This vacancy is not published, or is closed.",
        "ru": "Эта вакансия не опубликована или закрыта.",
    }


class VacancyChanged(AppError):
    """`version`: as it is now."""

    code = "vacancy_changed"
    status = 409
    title: ClassVar = {
        "en": "The vacancy was changed meanwhile. Look at it again.",
        "ru": "Вакансию тем временем изменили. Посмотрите её снова.",
    }


class AskedAlready(AppError):
    code = "asked_already"
    status = 409
    title: ClassVar = {
        "en": "This person was asked for this vacancy already. Nobody is asked twice.",
        "ru": "Этого человека уже спрашивали по этой вакансии. Дважды не спрашивают.",
    }


class TooManyWaiting(AppError):
    """`most`: so many requests of a vacancy may wait at once."""

    code = "too_many_waiting"
    status = 409
    title: ClassVar = {
        "en": "Too many requests for this vacancy wait for an answer. Wait for some of them first.",
        "ru": "По этой вакансии слишком много запросов ждут ответа. Дождитесь ответов.",
    }


class RequestOver(AppError):
    code = "request_over"
    status = 409
    title: ClassVar = {
        "en": "This request was answered or is over.",
        "ru": "На этот запрос уже ответили, или его срок прошёл.",
    }


class ContactNotShown(AppError):
    """Whatever the reason is, it is not said."""

    code = "contact_not_shown"
    status = 409
    title: ClassVar = {
        "en": "This person's contacts are not shown for this vacancy.",
        "ru": "Контакты этого человека для этой вакансии не показаны.",
    }
