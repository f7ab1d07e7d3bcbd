"""Columns that several sections have."""

from app.domain.reports.report import Column, Kind, Text


def column(key: str, ru: str, en: str, kind: Kind) -> Column:
    return Column(key, {"ru": ru, "en": en}, kind)


def words(ru: str, en: str) -> Text:
    return {"ru": ru, "en": en}


KINDS = column("kind", "Путь", "Way", Kind.TEXT)
PEOPLE = column("people", "Человек", "People", Kind.COUNT)
POINT = column("point", "Пункт", "Point", Kind.TEXT)
VISITS = column("visits", "Посещений", "Visits", Kind.COUNT)
WAIT = column("wait", "Ожидание, медиана, мин", "Wait, median, min", Kind.MINUTES)
LONG_WAIT = column("long_wait", "Ожидание, 90 %, мин", "Wait, 90 %, min", Kind.MINUTES)
LOAD = column("load", "Загрузка", "Load", Kind.SHARE)
WEEK = column("week", "Неделя с", "Week from", Kind.DATE)
OCCUPATION = column("occupation", "Профессия", "Occupation", Kind.TEXT)
