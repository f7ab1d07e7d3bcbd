"""The operator's dashboards about places: load, waits, who does not come, and where too much is asked of too few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.disclosure.opening import Cell
from app.domain.figures.told import Told, cells_of, is_one, known, rounded_quantile, share_of, spans, summed
from app.domain.figures.visits import OUTCOMES, WAITS

CAME = OUTCOMES[0]
OVERLOADED, LONG_WAIT = 0.9, 30.0
"""From this part of the counters' time, or this ninth decile of waits (minutes), a place is a problem."""


@dataclass(frozen=True, slots=True)
class HourRow:
    """Visits that took place at these points, of these services, in these local hours (empty: not told apart), in all
    the weeks together, and how long one waited, in minutes. `timed`: of how many that is known.
    """

    municipalities: tuple[str, ...]
    points: tuple[str, ...]
    services: tuple[str, ...]
    hours: tuple[str, ...]
    visits: int
    timed: int
    median_wait: float | None
    p90_wait: float | None


def by_hour(told: Sequence[Told]) -> list[HourRow]:
    """Of the cells that tell who came from who did not."""
    came = [cell for cell in cells_of(told) if is_one(cell, "outcome", CAME)]
    groups: dict[tuple[tuple[str, ...], ...], list[Cell]] = {}
    for cell in came:
        key = tuple(known(cell, name) for name in ("municipality", "point", "service", "hour"))
        groups.setdefault(key, []).append(cell)
    return [_hour_row(key, cells) for key, cells in sorted(groups.items())]


def _hour_row(key: tuple[tuple[str, ...], ...], cells: Sequence[Cell]) -> HourRow:
    waits = spans(cells, "wait", WAITS)
    municipalities, points, services, hours = key
    return HourRow(
        municipalities,
        points,
        services,
        hours,
        sum(cell.count for cell in cells),
        sum(count for _, _, count in waits),
        rounded_quantile(waits, 0.5),
        rounded_quantile(waits, 0.9),
    )


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """These points (several, where one alone had fewer than ten visitors) in all the weeks together: visits with a
    place or without, of how many it is told whether they took place, how many did not; waits in minutes; `load`: the
    part of the counters' open minutes that visits as long as planned would fill, where a point is told by itself.
    """

    municipalities: tuple[str, ...]
    points: tuple[str, ...]
    visits: int
    told: int
    missed: int
    missed_share: float | None
    median_wait: float | None
    p90_wait: float | None
    load: float | None


def by_place(
    told: Sequence[Told], minutes: Mapping[tuple[str, str], int], open_minutes: Mapping[str, int]
) -> list[PlaceRow]:
    """`minutes` a visit takes, by point and service; `open_minutes` of each point's counters in these weeks."""
    cells = list(cells_of(told))
    rows = []
    for (municipalities, points), visits in sorted(
        summed(cells, lambda cell: (known(cell, "municipality"), known(cell, "point"))).items()
    ):
        mine = [
            cell for cell in cells if known(cell, "point") == points and known(cell, "municipality") == municipalities
        ]
        of_outcome = [cell for cell in mine if known(cell, "outcome")]
        counted = sum(cell.count for cell in of_outcome)
        missed = sum(cell.count for cell in of_outcome if CAME not in known(cell, "outcome"))
        waits = spans(mine, "wait", WAITS)
        rows.append(
            PlaceRow(
                municipalities,
                points,
                visits,
                counted,
                missed,
                share_of(missed, counted),
                rounded_quantile(waits, 0.5),
                rounded_quantile(waits, 0.9),
                _load(points, mine, minutes, open_minutes),
            )
        )
    return rows


def _load(
    points: tuple[str, ...],
    cells: Sequence[Cell],
    minutes: Mapping[tuple[str, str], int],
    open_minutes: Mapping[str, int],
) -> float | None:
    if len(points) != 1 or not open_minutes.get(points[0]):
        return None
    point = points[0]
    given = [taken for (code, _), taken in minutes.items() if code == point]
    if not given:
        return None
    mean = sum(given) / len(given)
    filled = 0.0
    for cell in cells:
        services = known(cell, "service")
        filled += cell.count * (minutes.get((point, services[0]), mean) if len(services) == 1 else mean)
    return round(filled / open_minutes[point], 4)


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A place, or a service where it is told, that is overloaded: a problem zone. `why`: `load`, `wait` or both."""

    points: tuple[str, ...]
    services: tuple[str, ...]
    why: tuple[str, ...]
    visits: int
    load: float | None
    p90_wait: float | None


def bottlenecks(places: Sequence[PlaceRow], hours: Sequence[HourRow], told: Sequence[Told]) -> list[Bottleneck]:
    """The worst first: places by load and wait, services by wait, never people."""
    found = []
    for row in places:
        why = _why(row.load, row.p90_wait)
        if why:
            found.append(Bottleneck(row.points, (), why, row.visits, row.load, row.p90_wait))
    by_service: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells_of(told):
        by_service.setdefault(known(cell, "service"), []).append(cell)
    for services, cells in sorted(by_service.items()):
        wait = rounded_quantile(spans(cells, "wait", WAITS), 0.9)
        if services and _why(None, wait):
            visits = sum(row.visits for row in hours if row.services == services)
            found.append(Bottleneck((), services, ("wait",), visits, None, wait))
    return sorted(found, key=lambda one: (-(one.p90_wait or 0.0), -(one.load or 0.0)))


def _why(load: float | None, wait: float | None) -> tuple[str, ...]:
    over = ("load",) if load is not None and load >= OVERLOADED else ()
    return (*over, "wait") if wait is not None and wait >= LONG_WAIT else over
