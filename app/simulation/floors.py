"""What no policy can do better for a person, were there counters without end: deadlines missed, and days out."""

from app.simulation.capacity import Capacity
from app.simulation.graph import prerequisites_first
from app.simulation.relaxed import days_to_next
from app.simulation.world import Person, World


def least_missed(world: World, capacity: Capacity) -> int:
    """Deadlines that everybody together has to miss, however early each visit is made."""
    count = 0
    for person in world.people:
        done = earliest(world, capacity, person)
        count += sum(done[code] > deadline for code, deadline in deadlines(world, person).items())
    return count


def least_out(world: World) -> float:
    """Days out in the mean: of visits that wait for each other each next one is on a later day."""
    return sum(_days_out(world, person) for person in world.people) / max(1, len(world.people))


def deadlines(world: World, person: Person) -> dict[str, int]:
    """The last day in time of each step that has one."""
    timeline, entry = world.timeline, world.timeline.day(person.entered)
    found = {}
    for step in world.scenario.steps:
        if step.deadline is not None:
            days, working = step.deadline.days, step.deadline.working_days
            found[step.code] = timeline.after_working_days(entry, working or 0) if days is None else entry + days
    return found


def earliest(world: World, capacity: Capacity, person: Person) -> dict[str, int]:
    """The first day on which each step could be done; the last of the calendar where none could."""
    scenario, timeline = world.scenario, world.timeline
    done: dict[str, int] = {}
    for code in _order(world):
        step = scenario.step(code)
        day = timeline.day(person.entered)
        for need in step.hard_prerequisites:
            term = step.not_before_working_days_after.get(need, 0)
            wait = max(term, scenario.step(need).result_after_working_days)
            day = max(day, timeline.after_working_days(done[need], wait))
        if not step.visited:
            done[code] = day + person.elsewhere[code]
            continue
        day = max(day, capacity.first_day(person, code))
        for number in range(len(person.attempts[code])):
            while day < scenario.horizon_days and not capacity.opens[code][day]:
                day += 1
            done[code] = day
            day += days_to_next(world, step, person.attempts[code], number)
    return done


def _days_out(world: World, person: Person) -> int:
    """The longest chain of visits of which each has to be on a later day than the one before."""
    scenario = world.scenario
    chain: dict[str, tuple[int, bool]] = {}
    for code in _order(world):
        step = scenario.step(code)
        before = 0
        for need in step.hard_prerequisites:
            wait = max(step.not_before_working_days_after.get(need, 0), scenario.step(need).result_after_working_days)
            days, later = chain[need]
            before = max(before, days + (later or wait > 0))
        if not step.visited:
            chain[code] = before, person.elsewhere[code] > 0
            continue
        attempts = person.attempts[code]
        days = max(1, before)
        apart, came = 0, False
        for number, attempt in enumerate(attempts):
            days += came and attempt.comes and apart > 0
            came = came or attempt.comes
            apart = days_to_next(world, step, attempts, number) + (0 if attempt.comes else apart)
        chain[code] = days, False
    return max(days for days, _ in chain.values())


def _order(world: World) -> list[str]:
    return prerequisites_first({step.code: step.hard_prerequisites for step in world.scenario.steps})
