"""How long one visit takes at a counter: what was measured, drawn towards what was declared where little was measured.

A visit's minutes are log-normal, as service times at counters are found to be (Brown et al., "Statistical Analysis of
a Telephone Call Center", JASA 2005). What is known of a service is narrowed in steps, each step a conjugate normal
estimate with the step before as its prior (Gelman et al., "Bayesian Data Analysis", ch. 3 and 5): as declared, at all
points, at this point, at this hour; and at last today, on which a point may work slower or faster than it ever did.

A visit is measured from its call to the moment at which its counter is free again: that is what the others wait for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, pi, sqrt


@dataclass(frozen=True, slots=True)
class Times:
    """Visits that were measured, as sums over the logarithms of their minutes. `count` may be broken: see `aged`."""

    count: float = 0.0
    logs: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, minutes: Iterable[float]) -> "Times":
        """Raises `ValueError` for a visit that took no time."""
        logs = [log(each) for each in minutes]
        return cls(len(logs), sum(logs), sum(each * each for each in logs))

    def __add__(self, other: "Times") -> "Times":
        return Times(self.count + other.count, self.logs + other.logs, self.squares + other.squares)

    def aged(self, weight: float) -> "Times":
        """The same, counted for less: what was measured long ago."""
        return Times(self.count * weight, self.logs * weight, self.squares * weight)

    @property
    def mean(self) -> float:
        return self.logs / self.count

    @property
    def scatter(self) -> float:
        """The sum of squares about the mean."""
        return max(0.0, self.squares - self.logs * self.logs / self.count) if self.count else 0.0


NOTHING = Times()


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of a visit's length. `mean` and `spread` are of the logarithm of minutes.

    `doubt` is the standard deviation of what is not known of `mean`; `evidence`, for how many visits `spread` speaks.
    """

    mean: float
    doubt: float
    spread: float
    evidence: float

    @property
    def minutes(self) -> float:
        """The expected length."""
        return exp(self.mean + (self.doubt**2 + self.spread**2) / 2)


@dataclass(frozen=True, slots=True)
class Trust:
    """How many measured visits weigh as much as what is known without them.

    `declared`: minutes and variation as declared. `place`: a point is like the other points. `hour`: an hour is like
    the day.

    Today: one day in so many, `odd`, a point works at another pace; then its logarithm is off by about `off`, else by
    about `even`.
    """

    declared: float = 3.0
    place: float = 10.0
    hour: float = 20.0
    odd: float = 0.05
    off: float = 0.4
    even: float = 0.04


TRUST = Trust()


def declared(minutes: float, variation: float) -> Pace:
    """As somebody said before anything was measured; `variation` is the standard deviation over the mean.

    Raises `ValueError` unless both are above zero.
    """
    if minutes <= 0 or variation <= 0:
        raise ValueError(f"a visit of {minutes} minutes that varies by {variation}")
    square = log(1 + variation * variation)
    return Pace(log(minutes) - square / 2, 0.0, sqrt(square), 0.0)


def learned(said: Pace, levels: Sequence[Times], today: Times = NOTHING, trust: Trust = TRUST) -> Pace:
    """What is known now. `levels`: measured before today everywhere, at the point, and there at this hour, as far as
    they are asked for; each may contain the next. `today`: at the point, today.
    """
    pace = at_point = Pace(said.mean, 0.0, said.spread, trust.declared)
    for times, weight in zip(levels, (trust.declared, trust.place, trust.hour), strict=False):
        at_point = pace if weight == trust.hour else at_point
        pace = _narrowed(pace, times, weight)
    # Today is compared with the point as a whole, not with one of its hours.
    return _on_such_a_day(pace, at_point.mean if len(levels) > _TO_THE_POINT else pace.mean, today, trust)


_TO_THE_POINT = 2


def _narrowed(before: Pace, times: Times, weight: float) -> Pace:
    """The normal posterior. Its prior: as before, but for a difference that is worth `weight` visits."""
    unknown = before.doubt**2 + before.spread**2 / weight
    if not times.count:
        return Pace(before.mean, sqrt(unknown), before.spread, before.evidence)
    gap, noise = times.mean - before.mean, before.spread**2 / times.count
    moved = before.mean + gap * unknown / (unknown + noise)
    rest = times.scatter + times.count * (times.mean - moved) ** 2
    evidence = before.evidence + times.count
    spread = sqrt((before.evidence * before.spread**2 + rest) / evidence)
    return Pace(moved, sqrt(unknown * noise / (unknown + noise)), spread, evidence)


def _on_such_a_day(pace: Pace, usual: float, today: Times, trust: Trust) -> Pace:
    """Moved by how today differs from `usual`: each kind of day is as likely as it explains what was measured."""
    kinds = []
    for share, sd in ((1 - trust.odd, trust.even), (trust.odd, trust.off)):
        unknown = pace.doubt**2 + sd * sd
        if today.count:
            off, noise = today.mean - usual, pace.spread**2 / today.count
            total = unknown + noise
            likely = share * exp(-off * off / (2 * total)) / sqrt(2 * pi * total)
            kinds.append((likely, off * unknown / total, unknown * noise / total))
        else:
            kinds.append((share, 0.0, unknown))
    whole = sum(weight for weight, _, _ in kinds)
    if not whole:  # so far off that neither explains it
        kinds, whole = kinds[-1:], kinds[-1][0] or 1.0
        kinds = [(whole, *kinds[0][1:])]
    shift = sum(weight * mean for weight, mean, _ in kinds) / whole
    square = sum(weight * (variance + mean * mean) for weight, mean, variance in kinds) / whole
    return Pace(pace.mean + shift, sqrt(max(0.0, square - shift * shift)), pace.spread, pace.evidence)
