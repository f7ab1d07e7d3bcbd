"""Kinds of wording that leave people out, why each is not allowed, and by which law."""

from dataclasses import dataclass
from enum import StrEnum

LAW = "ТК РФ, ст. 3, 64; КоАП РФ, ст. 13.11.1"
"""Russia: the Labour Code on discrimination and on refusal of work, and the fine for vacancies that discriminate."""


class Kind(StrEnum):
    """What somebody is left out for."""

    SEX = "sex"
    NATIONALITY = "nationality"
    RACE = "race"
    LANGUAGE = "language"
    RELIGION = "religion"
    RESIDENCE = "residence"
    AGE = "age"
    FAMILY = "family"
    APPEARANCE = "appearance"
    HEALTH = "health"
    VIEWS = "views"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why wording of a kind is stopped, for whoever wrote it, and what to write instead."""

    russian: str
    english: str
    law: str = LAW


REASONS = {
    Kind.SEX: Reason(
        "Вакансия не может быть только для мужчин или только для женщин. Опишите саму работу и нужные навыки.",
        "A vacancy cannot be for men only or for women only. Describe the work itself and the skills it needs.",
    ),
    Kind.NATIONALITY: Reason(
        "Национальность, происхождение и гражданство не могут быть условием. Кто может работать здесь к началу работы, "
        "проверяет система.",
        "Nationality, origin and citizenship cannot be a condition. Who may work here by the start, the system checks.",
    ),
    Kind.RACE: Reason(
        "Раса, цвет кожи и тип внешности не могут быть условием.",
        "Race, colour of skin and type of appearance cannot be a condition.",
    ),
    Kind.LANGUAGE: Reason(
        "Родной язык и акцент не могут быть условием. Если работе нужен язык, укажите его уровень и зачем он нужен.",
        "Mother tongue and accent cannot be a condition. If the work needs a language, state its level and what for.",
    ),
    Kind.RELIGION: Reason(
        "Отношение к религии и одежда по вере не могут быть условием.",
        "Religion, and what is worn for it, cannot be a condition.",
    ),
    Kind.RESIDENCE: Reason(
        "Прописка, регистрация и место жительства не могут быть условием. Укажите, где работа и как до неё добраться.",
        "Registration and place of residence cannot be a condition. State the place of work and how to get there.",
    ),
    Kind.AGE: Reason(
        "Возраст не может быть условием, кроме возраста, с которого закон разрешает такую работу.",
        "Age cannot be a condition, other than the age from which the law allows such work.",
    ),
    Kind.FAMILY: Reason(
        "Семейное положение, дети и беременность не могут быть условием.",
        "Family status, children and pregnancy cannot be a condition.",
    ),
    Kind.APPEARANCE: Reason(
        "Внешность, рост и телосложение не могут быть условием. Требования к форме и опрятности указать можно.",
        "Looks, height and build cannot be a condition. Working clothes and neatness may be asked for.",
    ),
    Kind.HEALTH: Reason(
        "Инвалидность и состояние здоровья не могут быть условием. Где закон требует медосмотр, укажите медосмотр.",
        "Disability and state of health cannot be a condition. Where the law asks for an examination, name it.",
    ),
    Kind.VIEWS: Reason(
        "Убеждения, членство в профсоюзе или партии не могут быть условием.",
        "Views, and being a member of a union or a party, cannot be a condition.",
    ),
}
