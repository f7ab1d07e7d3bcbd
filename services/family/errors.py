"""What can be wrong with a family link."""

from typing import ClassVar

from app.errors import AppError


class NotAMinor(AppError):
    code = "not_a_minor"
    status = 409
    title: ClassVar = {
        "en": "Somebody acts for another only until they are 18, and their birth date has to be known.",
        "ru": "Действовать за другого можно только до его 18 лет, и дата рождения должна быть известна.",
    }


class LinkKnown(AppError):
    code = "link_known"
    status = 409
    title: ClassVar = {
        "en": "You have asked this person already, or are linked with them.",
        "ru": "Вы уже отправили этому человеку просьбу или связаны с ним.",
    }


class TooManyLinks(AppError):
    """`limit`: how many family members one person may have asked or registered."""

    code = "too_many_links"
    status = 409
    title: ClassVar = {
        "en": "You have as many family members here as one person may have. Ask at a service point.",
        "ru": "У вас уже предельное число членов семьи. Обратитесь в пункт обслуживания.",
    }
