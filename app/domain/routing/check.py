"""Whether visits keep every hard rule: told without the planner, for plans and for what is to be booked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise

from app.domain.routing.itinerary import Fault, Violation, Visit
from app.domain.routing.journey import TICK_MINUTES, Given, Journey, Openings, Task


def check(journey: Journey, visits: Sequence[Visit]) -> list[Violation]:
    """Every hard rule that the visits break; empty if none. Tasks that are left out, and late ones, break none."""
    tasks = {task.code: task for task in journey.tasks}
    known = [visit for visit in visits if visit.code in tasks]
    planned = {visit.code: visit for visit in known}
    found = [Violation(Fault.UNKNOWN, visit.code) for visit in visits if visit.code not in tasks]
    found += [Violation(Fault.TWICE, visit.code) for visit in known if planned[visit.code] is not visit]
    for visit in planned.values():
        found += _task_faults(journey, tasks[visit.code], visit, planned)
    in_order = sorted(planned.values(), key=lambda visit: (visit.day, visit.start))
    for day, group in groupby(in_order, key=lambda visit: visit.day):
        found += _day_faults(journey, tasks, day, [*group])
    return found


def _task_faults(journey: Journey, task: Task, visit: Visit, planned: Mapping[str, Visit]) -> Iterator[Violation]:
    rows = journey.openings.get(task.code, {}).get(visit.day, ())
    if not journey.first <= visit.day <= journey.last or not any(_is_place(row, visit) for row in rows):
        yield Violation(Fault.NOT_FREE, task.code)
    if task.earliest is not None and visit.day < task.earliest:
        yield Violation(Fault.NOT_ALLOWED_YET, task.code)
    limit = journey.most_minutes
    if limit is not None and not task.kept and journey.travel.out[visit.point] > limit:
        yield Violation(Fault.TOO_FAR, task.code)
    for need in task.hard:
        if isinstance(need, Given):
            ready, until = need.ready, need.good_until
        else:
            before = planned.get(need.code)
            if before is None or (visit.day, visit.start) <= (before.day, before.start):
                yield Violation(Fault.PREREQUISITE, task.code, need.code)
                continue
            ready = need.ready.get(before.day)
            until = None if need.good_until is None else need.good_until.get(before.day, date.min)
        if ready is None or visit.day < ready:
            yield Violation(Fault.PREREQUISITE, task.code, need.code)
        if until is not None and visit.day > until:
            yield Violation(Fault.RESULT_ENDED, task.code, need.code)


def _is_place(row: Openings, visit: Visit) -> bool:
    bit = visit.start - row.base
    return row.point == visit.point and row.ticks == visit.ticks and bit >= 0 and row.mask >> bit & 1 == 1


def _day_faults(journey: Journey, tasks: Mapping[str, Task], day: date, visits: Sequence[Visit]) -> Iterator[Violation]:
    travel = journey.travel
    for before, after in pairwise(visits):
        margin = 0 if tasks[before.code].kept and tasks[after.code].kept else journey.margin
        minutes = travel.between[before.point][after.point] + margin
        if before.start + before.ticks + _ticks(minutes) > after.start:
            yield Violation(Fault.CLASH, after.code, before.code)
    kept = [
        _away(journey, row.point, start, start + row.ticks)
        for task in tasks.values()
        if task.kept
        for row in journey.openings.get(task.code, {}).get(day, ())
        for start in [row.base + (row.mask & -row.mask).bit_length() - 1]
    ]
    if len(visits) > max(journey.most_visits, len(kept)):
        yield from (Violation(Fault.TOO_MANY, visit.code) for visit in visits if not tasks[visit.code].kept)
    if journey.free is None:
        return
    opens, _ = _away(journey, visits[0].point, visits[0].start, visits[0].start)
    _, ends = _away(journey, visits[-1].point, visits[-1].start, visits[-1].start + visits[-1].ticks)
    reached = opens
    for start, end in sorted([*journey.free.get(day, ()), *kept]):
        if start <= reached:
            reached = max(reached, end)
    if reached < ends:
        yield from (Violation(Fault.FREE_HOURS, visit.code) for visit in visits)


def _away(journey: Journey, point: int, start: int, end: int) -> tuple[int, int]:
    """The ticks from leaving home for a visit to being back."""
    return start - _ticks(journey.travel.out[point]), end + _ticks(journey.travel.back[point])


def _ticks(minutes: int) -> int:
    return -(-minutes // TICK_MINUTES)
