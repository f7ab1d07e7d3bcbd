"""The scenario's rivals, each read in its favour.

What needs no visit runs beside the visits for all of them. A step is done when its visit is; its result is waited for
only by what needs it. They book at any hour, for the same day too if the way allows, and see every free place at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.simulation.journey import Journey, Visit
from app.simulation.life import Life
from app.simulation.policies.search import Search, unblocked_steps

REACH_KM = 60.0
A_WEEK = 7 * 1440.0


@dataclass
class Rival:
    life: Life

    def __post_init__(self) -> None:
        self.search = Search(self.life)

    def act(self, journey: Journey) -> None:
        raise NotImplementedError

    def advised(self, visit: Visit) -> float:
        _ = visit
        return 0.0

    def displaced(self, there: Sequence[tuple[Journey, Visit]]) -> None:
        """They are told, and see to another time at once: who had booked first is the first to hear."""
        for journey, _ in there:
            self.act(journey)

    def _go(self, journey: Journey, step: str) -> None:
        morning = self.search.next_morning(journey, step)
        if morning is not None:
            self.life.walk_in(journey, step, *morning)

    def _book(self, journey: Journey, step: str) -> None:
        """Books, or walks in as some do."""
        if journey.attempt(step).walks_in:
            self._go(journey, step)
        else:
            self._find(journey, step)

    def _find(self, journey: Journey, step: str) -> None:
        raise NotImplementedError


class WalkIn(Rival):
    """Goes to the nearest point that gives the step, one step at a time in the listed order, next working morning, and
    waits in line.
    """

    def act(self, journey: Journey) -> None:
        step = _next_in_order(journey, self.life.env.now)
        if step is not None:
            self._go(journey, step)


class Sequential(Rival):
    """One open booking at a time: when a step is done, books the next in the listed order at the nearest point with a
    free time within 7 days, else at the earliest anywhere within 60 km.
    """

    def act(self, journey: Journey) -> None:
        step = _next_in_order(journey, self.life.env.now)
        if step is not None:
            self._book(journey, step)

    def _find(self, journey: Journey, step: str) -> None:
        since = journey.not_before.get(step, 0.0)
        week = max(self.life.env.now, since) + A_WEEK
        for near in self.search.within(journey, step, REACH_KM):
            found = self.search.first_free(journey, step, [near], since=since, until=week)
            if found is not None:
                break
        else:
            found = self.search.first_free(journey, step, self.search.within(journey, step, REACH_KM), since=since)
        if found is not None:
            self.life.book(journey, step, found.place)


class Diligent(Rival):
    """Books every step that is not blocked, each by itself, as soon as it is unblocked, at the earliest free time at
    any point within 60 km, ties to the nearest.
    """

    def act(self, journey: Journey) -> None:
        for step in list(unblocked_steps(journey, self.life.env.now)):
            self._book(journey, step)

    def _find(self, journey: Journey, step: str) -> None:
        since = journey.not_before.get(step, 0.0)
        found = self.search.first_free(journey, step, self.search.within(journey, step, REACH_KM), since=since)
        if found is not None:
            self.life.book(journey, step, found.place)


def _next_in_order(journey: Journey, now: float) -> str | None:
    """The first visit that is not done, if it can be seen to now and no other is open."""
    if journey.visits:
        return None
    first = next(iter(journey.open_steps()), None)
    return None if first is None else next((s for s in unblocked_steps(journey, now) if s == first.code), None)
