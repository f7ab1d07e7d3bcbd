"""Why a deadline is missed or a task has no place: told in the order in which a person would ask."""

from datetime import date

from app.domain.routing.ground import Ground
from app.domain.routing.groups import union
from app.domain.routing.itinerary import Obstacle, Obstructed
from app.domain.routing.journey import Given, Need, Task
from app.domain.routing.solving import Solution, possible


def missed(ground: Ground, active: int, solution: Solution) -> tuple[Obstructed, ...]:
    """The placed tasks that are late."""
    found = []
    for tour in solution.chosen.tours:
        for stop in tour.stops:
            task = ground.tasks[stop.task]
            if task.deadline and (late := tour.day - ground.number(task.deadline)) > 0:
                found.append(_obstructed(_Asked(ground, active, solution, stop.task), late))
    return tuple(found)


def unplaced(ground: Ground, active: int, solution: Solution | None) -> tuple[Obstructed, ...]:
    """The tasks without a place."""
    return tuple(
        _obstructed(_Asked(ground, active, solution, i), None) for i in range(len(ground.tasks)) if not active >> i & 1
    )


class _Asked:
    """What is known about one task. `reach[j]`: the days that prerequisite `j` leaves when done as early as any day."""

    def __init__(self, ground: Ground, active: int, solution: Solution | None, i: int) -> None:
        self.ground, self.active, self.i = ground, active, i
        self.task: Task = ground.tasks[i]
        self.planned = {stop.task: tour for tour in (solution.chosen.tours if solution else ()) for stop in tour.stops}
        first = possible(ground)
        self.reach: dict[int, int] = {}
        for edge in ground.edges:
            if edge.after == i:
                self.reach[edge.before] = union(edge.allows, first[edge.before])


def _obstructed(asked: _Asked, late: int | None) -> Obstructed:
    ground, task = asked.ground, asked.task
    in_time = ground.all_days if late is None or task.deadline is None else ground.until(task.deadline)
    obstacle, by = _obstacle(asked, in_time)
    days = ground.allowed[asked.i]
    for reach in asked.reach.values():
        days &= reach
    return Obstructed(
        code=task.code,
        deadline=task.deadline,
        days_late=late,
        obstacle=obstacle,
        by=by,
        from_day=ground.day_of((days & -days).bit_length() - 1) if days else None,
    )


def _obstacle(asked: _Asked, in_time: int) -> tuple[Obstacle, str | None]:
    ground, task = asked.ground, asked.task
    if not in_time:
        return Obstacle.PAST, None
    if task.earliest is not None and not in_time & ground.since(task.earliest):
        return Obstacle.NOT_ALLOWED_YET, None
    blocked = _blocked(asked, in_time)
    if blocked:
        return blocked
    days = in_time & ground.allowed[asked.i]
    for reach in asked.reach.values():
        days &= reach
    return _without_place(asked, days, in_time) or _clash(asked, days)


def _blocked(asked: _Asked, in_time: int) -> tuple[Obstacle, str | None] | None:
    """The prerequisite that is never there in time; of several the one that comes last."""
    ground = asked.ground
    too_late: list[tuple[date, str]] = []
    for need in asked.task.hard:
        if isinstance(need, Given):
            if need.ready is None:
                return Obstacle.PREREQUISITE_UNPLACED, need.code
            if not in_time & ground.since(need.ready):
                too_late.append((need.ready, need.code))
            continue
        before = ground.codes[need.code]
        reach = asked.reach[before]
        if not asked.active >> before & 1:
            return Obstacle.PREREQUISITE_UNPLACED, need.code
        if not in_time & reach:
            first = ground.day_of((reach & -reach).bit_length() - 1) if reach else date.max
            too_late.append((first, need.code))
    return (Obstacle.RESULT_TOO_LATE, max(too_late)[1]) if too_late else None


def _without_place(asked: _Asked, days: int, in_time: int) -> tuple[Obstacle, str | None] | None:
    """What is wrong with the places on the days that prerequisites leave."""
    ground, task = asked.ground, asked.task
    journey = ground.journey
    places = {
        number: rows
        for day, rows in journey.openings.get(task.code, {}).items()
        if rows and 0 <= (number := ground.number(day)) < ground.length and in_time >> number & 1
    }
    if task.kept and (late := [j for j, reach in asked.reach.items() if not any(reach >> each & 1 for each in places)]):
        return Obstacle.RESULT_TOO_LATE, ground.tasks[late[0]].code
    if not any(days >> number & 1 for number in places):
        ending = [need.code for need in task.hard if need.good_until is not None]
        later = any(number > day for number in places for day in [days.bit_length() - 1]) if days else bool(places)
        return (Obstacle.RESULT_ENDS, ending[0]) if ending and later else (Obstacle.NO_PLACE, None)
    if days & ground.days[asked.i]:
        return None
    limit = journey.most_minutes
    near = [
        number
        for number, rows in places.items()
        if days >> number & 1
        and (limit is None or task.kept or any(journey.travel.out[row.point] <= limit for row in rows))
    ]
    return (Obstacle.FREE_HOURS if near else Obstacle.TOO_FAR), None


def _clash(asked: _Asked, days: int) -> tuple[Obstacle, str | None]:
    """It could be had if others were planned otherwise: a prerequisite that had to wait, else who shares a day."""
    ground, i = asked.ground, asked.i
    days &= ground.days[i]
    for edge in ground.edges:
        if edge.after == i and edge.before in asked.planned:
            left = days & edge.allows[asked.planned[edge.before].day]
            if not left:
                return Obstacle.CLASH, ground.tasks[edge.before].code
            days = left
    for other, tour in asked.planned.items():
        if other != i and days >> tour.day & 1:
            return Obstacle.CLASH, ground.tasks[other].code
    needed_by = [
        task.code
        for task in ground.tasks
        if any(need.code == asked.task.code for need in task.hard if isinstance(need, Need))
    ]
    return Obstacle.CLASH, needed_by[0] if needed_by else None
