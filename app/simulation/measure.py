"""What a run is measured by, the same for every policy."""

from app.simulation.journey import Journey
from app.simulation.scenario import Scenario
from app.simulation.timeline import Timeline
from app.simulation.world import Person
from app.simulation.graph import prerequisites_first


def unavoidable(scenario: Scenario, timeline: Timeline, person: Person) -> int:
    entry = timeline.day(person.entered)
    done = {}
    good = {}
    for code in prerequisites_first({s.code: s.hard_prerequisites for s in scenario.steps}):
        step = scenario.step(code)
        day = entry
        for need in step.hard_prerequisites:
            day = max(
                day,
                good[need],
                timeline.after_working_days(done[need], step.not_before_working_days_after.get(need, 0)),
            )
        for a in person.attempts.get(code, ()):
            if a.again:
                day += step.retake_after_days
        done[code] = day
        good[code] = timeline.after_working_days(day, step.result_after_working_days)
    return max(done.values()) - entry
