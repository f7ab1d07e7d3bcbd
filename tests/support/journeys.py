"""Random journeys, the rules that any plan for them must keep, and what a plan costs: told apart from the planner."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from app.domain.routing.itinerary import Cost, Visit
from app.domain.routing.journey import Advice, Given, Journey, Need, Openings, Task, TravelTimes

FIRST = date(2026, 9, 1)
MORNING = 1000
"""A tick at which random days begin; each later day's 288 later."""


def starts(opening: Openings) -> Iterator[int]:
    """Every tick at which a visit may start."""
    return (opening.base + bit for bit in range(opening.mask.bit_length()) if opening.mask >> bit & 1)


def rules_broken(journey: Journey, visits: Sequence[Visit]) -> list[str]:
    """What a plan does that it may not, in words."""
    wrong = [] if len({visit.code for visit in visits}) == len(visits) else ["a task is done twice"]
    for visit in visits:
        wrong += _place_broken(journey, visit)
    return wrong + _order_broken(journey, visits)


def _place_broken(journey: Journey, visit: Visit) -> list[str]:
    """What is wrong with a visit whatever else is planned."""
    wrong = []
    task = next(task for task in journey.tasks if task.code == visit.code)
    rows = journey.openings.get(visit.code, {}).get(visit.day, ())
    if not any((row.point, row.ticks) == (visit.point, visit.ticks) and visit.start in starts(row) for row in rows):
        wrong.append(f"{visit.code} has no such place")
    if not journey.first <= visit.day <= journey.last:
        wrong.append(f"{visit.code} is outside the days")
    if task.earliest and visit.day < task.earliest:
        wrong.append(f"{visit.code} is before its earliest day")
    if journey.most_minutes is not None and not task.kept and journey.travel.out[visit.point] > journey.most_minutes:
        wrong.append(f"{visit.code} is too far")
    return wrong


def _order_broken(journey: Journey, visits: Sequence[Visit]) -> list[str]:
    """What is wrong with visits beside each other."""
    wrong = []
    when = {visit.code: visit for visit in visits}
    days: dict[date, list[Visit]] = {}
    for task in journey.tasks:
        if task.code in when:
            wrong += _prerequisites_broken(task, when[task.code], when)
            days.setdefault(when[task.code].day, []).append(when[task.code])
    for day, group in days.items():
        wrong += _day_broken(journey, sorted(group, key=lambda visit: visit.start), day)
    return wrong


def _prerequisites_broken(task: Task, visit: Visit, when: Mapping[str, Visit]) -> list[str]:
    wrong = []
    for need in task.hard:
        if isinstance(need, Given):
            ready, until = need.ready, need.good_until
        elif need.code in when:
            before = when[need.code]
            ready = need.ready.get(before.day)
            until = date.max if need.good_until is None else need.good_until.get(before.day, date.min)
            if (before.day, before.start) >= (visit.day, visit.start):
                wrong.append(f"{task.code} is before {need.code}")
        else:
            ready, until = None, None
        if ready is None or visit.day < ready:
            wrong.append(f"{task.code} is before the result of {need.code}")
        if until is not None and visit.day > until:
            wrong.append(f"{task.code} is when the result of {need.code} is no longer good")
    return wrong


def _day_broken(journey: Journey, visits: Sequence[Visit], day: date) -> list[str]:
    wrong = []
    kept = {task.code for task in journey.tasks if task.kept}
    travel = journey.travel
    for before, after in pairwise(visits):
        margin = 0 if {before.code, after.code} <= kept else journey.margin
        minutes = travel.between[before.point][after.point] + margin
        if 5 * (before.start + before.ticks) + minutes > 5 * after.start:
            wrong.append(f"{before.code} leaves no time for {after.code}")
    on_day = [
        (code, row)
        for code in kept
        for row in journey.openings.get(code, {}).get(day, ())
        if journey.first <= day <= journey.last
    ]
    if len(visits) > max(journey.most_visits, len(on_day)):
        wrong.append(f"too many visits on {day}")
    if journey.free is not None:
        free = {tick for opens, ends in journey.free.get(day, ()) for tick in range(opens, ends)}
        for _, row in on_day:
            start = next(starts(row))
            free |= set(range(*_around(travel, row.point, start, start + row.ticks)))
        leaves, _ = _around(travel, visits[0].point, visits[0].start, visits[0].start)
        _, back = _around(travel, visits[-1].point, 0, visits[-1].start + visits[-1].ticks)
        if not all(tick in free for tick in range(leaves, back)):
            wrong.append(f"{day} is not free")
    return wrong


def _around(travel: TravelTimes, point: int, start: int, end: int) -> tuple[int, int]:
    """The ticks from leaving home to being back, of a visit of those ticks."""
    return (5 * start - travel.out[point]) // 5, -((-5 * end - travel.back[point]) // 5)


def cost_of(journey: Journey, visits: Sequence[Visit]) -> Cost:
    when = {visit.code: visit for visit in visits}
    late = {
        task.code: (when[task.code].day - task.deadline).days
        for task in journey.tasks
        if task.deadline and task.code in when and when[task.code].day > task.deadline
    }
    left_out = [task for task in journey.tasks if task.code not in when]
    return Cost(
        lost=sum(task.kept for task in left_out),
        unplaced=len(left_out),
        missed=len(late) + sum(task.deadline is not None for task in left_out),
        days_late=sum(late.values()),
        completion=max(visit.day for visit in visits) if visits else date.min,
        outings=len({visit.day for visit in visits}),
        minutes=travel_of(journey, visits) + sum(minutes for _, _, minutes in advice_broken(journey, visits)),
    )


def travel_of(journey: Journey, visits: Sequence[Visit]) -> int:
    travel, minutes = journey.travel, 0
    for day in {visit.day for visit in visits}:
        points = [visit.point for visit in sorted(visits, key=lambda v: v.start) if visit.day == day]
        minutes += travel.out[points[0]] + travel.back[points[-1]]
        minutes += sum(travel.between[one][other] for one, other in pairwise(points))
    return minutes


def advice_broken(journey: Journey, visits: Sequence[Visit]) -> list[tuple[str, str, int]]:
    """(task, advised prerequisite, minutes)."""
    when = {visit.code: visit for visit in visits}
    codes = {task.code for task in journey.tasks}
    found = []
    for task in journey.tasks:
        if task.code not in when:
            continue
        for advice in task.soft:
            if advice.code in codes:
                before = when.get(advice.code)
                fine = before is not None and before.start < when[task.code].start
            else:
                fine = advice.ready is not None and advice.ready <= when[task.code].day
            if not fine:
                found.append((task.code, advice.code, advice.minutes))
    return found


def every_plan(journey: Journey) -> Iterator[list[Visit]]:
    """Every choice of places, or of none, for each task, that keeps the rules."""
    choices = [
        [
            visit
            for day, rows in journey.openings.get(task.code, {}).items()
            for row in rows
            for start in starts(row)
            if not _place_broken(journey, visit := Visit(task.code, row.point, day, start, row.ticks))
        ]
        for task in journey.tasks
    ]

    def choose(index: int, chosen: list[Visit]) -> Iterator[list[Visit]]:
        if index == len(choices):
            if not _order_broken(journey, chosen):
                yield list(chosen)
            return
        yield from choose(index + 1, chosen)
        for visit in choices[index]:
            if all(_apart(visit, other) for other in chosen):
                yield from choose(index + 1, [*chosen, visit])

    return choose(0, [])


def _apart(one: Visit, other: Visit) -> bool:
    return one.start + one.ticks <= other.start or other.start + other.ticks <= one.start


def random_travel(rng: random.Random, points: int) -> TravelTimes:
    """Quickest ways through a random net, so that the triangle inequality holds; there and back may differ."""
    count = points + 1
    minutes = [[0 if a == b else rng.choice((1, 7, 12, 20, 33, 60)) for b in range(count)] for a in range(count)]
    for via in range(count):
        for a in range(count):
            for b in range(count):
                minutes[a][b] = min(minutes[a][b], minutes[a][via] + minutes[via][b])
    return TravelTimes(
        out=minutes[0][1:], back=[row[0] for row in minutes[1:]], between=[row[1:] for row in minutes[1:]]
    )


def random_journey(
    rng: random.Random, *, tasks: int, points: int, days: int, places: float, ticks: int = 24
) -> Journey:
    """A journey with all that can be asked for, or, half of the time, one that asks for little. `places`: openings of
    a task a day, on average, in a day of so many `ticks`.
    """
    dates = [FIRST + timedelta(days=number) for number in range(days)]
    codes = [f"t{number}" for number in range(tasks)]
    gentle = rng.random() < 0.5
    odd = 0.1 if gentle else 1.0
    all_tasks, openings = [], {}
    for number, code in enumerate(codes):
        kept = rng.random() < 0.12 * odd
        openings[code] = _openings(rng, points, dates, places, ticks, kept=kept)
        before = [other for other in codes[:number] if rng.random() < (0.25 if gentle else 0.4)]
        all_tasks.append(
            Task(
                code,
                hard=(*[_need(rng, other, dates, odd) for other in before], *_givens(rng, dates, odd)),
                soft=_advice(rng, [other for other in codes if other != code and other not in before], dates),
                earliest=rng.choice(dates) if rng.random() < 0.15 * odd else None,
                deadline=FIRST + timedelta(days=rng.randint(-1, days)) if rng.random() < 0.6 else None,
                kept=kept,
            )
        )
    rng.shuffle(all_tasks)
    return Journey(
        first=FIRST,
        last=dates[-1] if rng.random() < 0.9 else dates[-2],
        tasks=tuple(all_tasks),
        openings=openings,
        travel=random_travel(rng, points),
        free=_free(rng, dates, ticks) if rng.random() < 0.3 * odd else None,
        margin=rng.choice((0, 5, 10, 13)),
        most_visits=rng.choice((2, 3, 4, 4)) if gentle else rng.choice((1, 2, 3, 4)),
        most_minutes=rng.choice((20, 33, 60)) if rng.random() < 0.2 * odd else None,
    )


def _openings(
    rng: random.Random, points: int, dates: Sequence[date], places: float, ticks: int, *, kept: bool
) -> dict[date, list[Openings]]:
    found: dict[date, list[Openings]] = {}
    own = rng.sample(range(points), rng.randint(1, points))
    if kept:
        chosen = rng.randrange(len(dates))
        row = Openings(rng.choice(own), MORNING + 288 * chosen + rng.randrange(ticks), 1, rng.randint(1, 6))
        return {dates[chosen]: [row]}
    for number, day in enumerate(dates):
        rows = []
        for _ in range(int(places + rng.random())):
            mask = sum(1 << bit for bit in range(ticks // 2) if rng.random() < 0.15) or 1
            base = MORNING + 288 * number + rng.randrange(ticks // 2)
            rows.append(Openings(rng.choice(own), base, mask, rng.randint(1, 8)))
        if rows or rng.random() < 0.1:
            found[day] = rows
    return found


def _need(rng: random.Random, code: str, dates: Sequence[date], odd: float) -> Need:
    kind = rng.random() / odd
    wait = rng.choice((0, 0, 1, 1, 2, 3))
    ready = {day: day + timedelta(days=wait) for day in dates}
    if kind < 0.1:  # by no rule at all
        ready = {day: rng.choice(dates) for day in dates if rng.random() < 0.9}
    elif kind < 0.4 or rng.random() < 0.3:  # as working days: some results come together
        ready = {day: day + timedelta(days=wait + (number % 3 == 1)) for number, day in enumerate(dates)}
    good = None
    if rng.random() < 0.2 * odd:
        good = {day: day + timedelta(days=wait + rng.randint(0, 3)) for day in dates}
    return Need(code, ready, good)


def _givens(rng: random.Random, dates: Sequence[date], odd: float) -> list[Given]:
    if rng.random() > 0.2 * odd:
        return []
    ready = rng.choice(dates[: len(dates) // 2 + 1]) if rng.random() < 0.95 else None
    return [Given("given", ready, rng.choice(dates[len(dates) // 2 :]) if rng.random() < 0.3 else None)]


def _advice(rng: random.Random, codes: Sequence[str], dates: Sequence[date]) -> tuple[Advice, ...]:
    found = [Advice(code, rng.choice((5, 30, 60))) for code in codes if rng.random() < 0.3]
    if rng.random() < 0.1:
        found.append(Advice("outside", 45, rng.choice((None, *dates))))
    return tuple(found)


def _free(rng: random.Random, dates: Sequence[date], ticks: int) -> dict[date, list[tuple[int, int]]]:
    found = {}
    for number, day in enumerate(dates):
        if rng.random() < 0.8:
            opens = MORNING + 288 * number + rng.randint(-20, ticks // 2)
            ends = opens + rng.randint(10, 50)
            found[day] = [(opens, ends)]
            if rng.random() < 0.3:
                found[day].append((ends + rng.randint(0, 5), ends + 30))
    return found
