"""Sections about places: load, waits and no-shows of points, hours of the day, problem zones, and a map of them."""

from collections import Counter

import h3

from app.db.unit_of_work import Reading
from app.domain.reports.report import Chart, Form, Kind, Section
from services.region import queries
from services.reports.columns import LOAD, LONG_WAIT, POINT, VISITS, WAIT, column, words
from services.reports.names import Names

WEEKS = 4
RESOLUTION = 6
"""Of the map's cells: about 36 km². A point's own place is known to everybody."""
_WHY = {
    "load": words("загрузка", "load"),
    "wait": words("ожидание", "wait"),
}


async def places(uow: Reading, names: Names) -> Section:
    rows = tuple(
        (
            names.of(names.points, row.points),
            row.visits,
            row.missed_share,
            row.median_wait,
            row.p90_wait,
            row.load,
        )
        for row in await queries.places_of(uow, WEEKS)
    )
    return Section(
        "places",
        words("Пункты: загрузка, ожидание, неявки", "Points: load, waits, no-shows"),
        words(
            "За четыре недели. Пункты, где было меньше 10 человек, показаны вместе с соседними.",
            "Four weeks. Points with fewer than 10 people are told together with others.",
        ),
        (POINT, VISITS, column("missed", "Не пришли", "No-shows", Kind.SHARE), WAIT, LONG_WAIT, LOAD),
        rows,
        Chart(Form.BARS, "point", "visits"),
    )


async def hours(uow: Reading, names: Names) -> Section:
    """Visits by point and hour, of all services together."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in await queries.load_by_hour(uow, WEEKS):
        if row.hours:
            told = row.hours[0] if len(row.hours) == 1 else f"{row.hours[0]}-{row.hours[-1]}"
            sums[names.of(names.points, row.points), told] += row.visits
    rows = tuple((point, hour, visits) for (point, hour), visits in sorted(sums.items()))
    return Section(
        "hours",
        words("Посещения по часам", "Visits by the hour"),
        words("За четыре недели, по местному времени пункта.", "Four weeks, by the point's local time."),
        (POINT, column("hour", "Час", "Hour", Kind.TEXT), VISITS),
        rows,
        Chart(Form.HEAT, "hour", "visits", series="point"),
    )


async def bottlenecks(uow: Reading, names: Names) -> Section:
    rows = tuple(
        (
            names.of(names.points, row.points) if row.points else names.of(names.services, row.services),
            ", ".join(_WHY[why][names.language] for why in row.why),
            row.visits,
            row.load,
            row.p90_wait,
        )
        for row in await queries.bottlenecks(uow, WEEKS)
    )
    return Section(
        "bottlenecks",
        words("Проблемные зоны", "Problem zones"),
        words(
            "Пункты и услуги, где не хватает окон: самые перегруженные сначала. Групп людей здесь нет.",
            "Points and services with too few counters, the worst first. No groups of people are here.",
        ),
        (
            column("where", "Где", "Where", Kind.TEXT),
            column("why", "Почему", "Why", Kind.TEXT),
            VISITS,
            LOAD,
            LONG_WAIT,
        ),
        rows,
    )


async def visits_map(uow: Reading, _: Names) -> Section:
    """Visits by H3 cell of the points that are told by themselves."""
    at = {place.code: h3.latlng_to_cell(place.lat, place.lon, RESOLUTION) for place in await queries.point_places(uow)}
    sums: Counter[str] = Counter()
    for row in await queries.places_of(uow, WEEKS):
        cells = {at[code] for code in row.points if code in at}
        if len(cells) == 1:
            sums[cells.pop()] += row.visits
    return Section(
        "map",
        words("Карта посещений", "Map of visits"),
        words("Ячейки H3, за четыре недели.", "H3 cells, four weeks."),
        (column("cell", "Ячейка", "Cell", Kind.CELL), VISITS),
        tuple(sorted(sums.items())),
        Chart(Form.MAP, "cell", "visits"),
    )
