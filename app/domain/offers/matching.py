"""Which free places are offered to whom: to the most pressed first, to each their best, and no place to two.

First everybody is given one place, in the order of their pressure; a second one, where it makes a real choice (their
own point later, another point sooner), only then and from what is left.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.domain.offers.free import FreePoint, Window
from app.domain.offers.terms import Cause, OfferTerms
from app.domain.points.places import Place

_PRESSURE = list(Cause)
_ENDLESS = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Seeker:
    """Somebody who is to be offered another place for a visit, which begins at `starts_at` at `point_id`.

    `earliest`, `latest`: when the other one may begin (the latest excluded). `points`: where; None: wherever it is
    near enough. `not_before`: the first day on which the step can succeed; `useful_until`: the last one that keeps what
    they booked after it. `busy`: their other visits. `passed`: (point, beginning) of places that they let pass.
    `expected`: when their point will call them, where it is behind.
    """

    entry_id: UUID
    cause: Cause
    service: str
    point_id: UUID
    starts_at: datetime
    asked_at: datetime
    deadline: date | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    points: frozenset[UUID] | None = None
    not_before: date | None = None
    useful_until: date | None = None
    busy: tuple[tuple[datetime, datetime], ...] = ()
    passed: frozenset[tuple[UUID, datetime]] = frozenset()
    expected: datetime | None = None

    @property
    def pressure(self) -> tuple[int, date, datetime, UUID]:
        """The smaller, the more pressed: by cause, then by deadline, then by time of asking."""
        return _PRESSURE.index(self.cause), self.deadline or date.max, self.asked_at, self.entry_id


@dataclass(frozen=True, slots=True)
class Choice:
    """A place for somebody: kept until `until`; `minutes` of travel from the point that they had booked."""

    point_id: UUID
    place: Place
    minutes: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """What one seeker is offered: one choice, or two."""

    seeker: Seeker
    choices: tuple[Choice, ...]


Ways = Callable[[UUID, UUID], int]
"""Minutes from a point to another."""
Free = Mapping[str, Mapping[UUID, FreePoint]]
"""By service and point. What is offered is taken from it."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of offers, made `at` an instant. `lead`: so long before it begins a place is taken at the latest."""

    at: datetime
    lead: timedelta
    terms: OfferTerms
    free: Free
    ways: Ways

    def matches(self, seekers: Iterable[Seeker]) -> list[Match]:
        """In the order of pressure; who is left out finds nothing."""
        found: dict[UUID, list[Choice]] = {}
        ordered = sorted(seekers, key=lambda seeker: seeker.pressure)
        for seeker in ordered:
            best = min(self._offers(seeker), key=lambda choice: self._rank(seeker, choice), default=None)
            if best is not None:
                self._take(seeker, best)
                found[seeker.entry_id] = [best]
        for seeker in ordered:
            first = found.get(seeker.entry_id)
            if first and seeker.cause is not Cause.ASKED and (second := self._other(seeker, first[0])):
                self._take(seeker, second)
                first.append(second)
        return [
            Match(seeker, tuple(sorted(found[seeker.entry_id], key=lambda choice: choice.place.starts_at)))
            for seeker in ordered
            if seeker.entry_id in found
        ]

    def _offers(self, seeker: Seeker) -> Sequence[Choice]:
        return [choice for choice in (self._at_own(seeker), self._elsewhere(seeker)) if choice]

    def _other(self, seeker: Seeker, first: Choice) -> Choice | None:
        """Their own point, if the first is another and sooner; or another that is sooner than their own."""
        if first.point_id != seeker.point_id:
            own = self._at_own(seeker)
            return own if own and own.place.starts_at > first.place.starts_at else None
        other = self._elsewhere(seeker)
        return other if other and other.place.starts_at < first.place.starts_at else None

    def _rank(self, seeker: Seeker, choice: Choice) -> tuple[bool, bool, date, int, datetime]:
        """In time for the law, then for what was booked after it, then the day, then the way, then the hour."""
        day = choice.place.day
        late = seeker.deadline is not None and day > seeker.deadline
        breaks = seeker.useful_until is not None and day > seeker.useful_until
        return late, breaks, day, choice.minutes, choice.place.starts_at

    def _at_own(self, seeker: Seeker) -> Choice | None:
        since = max(self.at, seeker.expected or self.at)
        return self._first(seeker, seeker.point_id, since, self._latest(seeker))

    def _elsewhere(self, seeker: Seeker) -> Choice | None:
        latest = min(seeker.expected or self._latest(seeker), self._latest(seeker))
        found = (self._first(seeker, point_id, self.at, latest) for point_id in self._reached(seeker))
        return min((c for c in found if c), key=lambda choice: self._rank(seeker, choice), default=None)

    def _latest(self, seeker: Seeker) -> datetime:
        """Who asked for an earlier time is not offered a later one."""
        latest = seeker.latest or self.at + _ENDLESS
        return min(latest, seeker.starts_at) if seeker.cause is Cause.ASKED else latest

    def _reached(self, seeker: Seeker) -> list[UUID]:
        giving = self.free.get(seeker.service, {})
        if seeker.points is not None:
            return [point_id for point_id in giving if point_id in seeker.points and point_id != seeker.point_id]
        ways = sorted((self.ways(seeker.point_id, point_id), point_id) for point_id in giving)
        near = [point_id for minutes, point_id in ways if minutes <= self.terms.far and point_id != seeker.point_id]
        return near[: self.terms.nearest]

    def _first(self, seeker: Seeker, point_id: UUID, since: datetime, latest: datetime) -> Choice | None:
        free = self.free.get(seeker.service, {}).get(point_id)
        if free is None or (seeker.points is not None and point_id not in seeker.points):
            return None
        minutes = 0 if point_id == seeker.point_id else self.ways(seeker.point_id, point_id)
        ready = self.lead + timedelta(minutes=minutes)
        soonest = max(since, seeker.earliest or since, self.at + self.terms.notice + ready)
        passed = frozenset(starts_at for point, starts_at in seeker.passed if point == point_id)
        place = free.first(Window(soonest, latest, seeker.not_before, seeker.busy, passed))
        if place is None:
            return None
        until = min(self.at + self.terms.stands[seeker.cause], place.starts_at - ready)
        return Choice(point_id, place, minutes, until)

    def _take(self, seeker: Seeker, choice: Choice) -> None:
        self.free[seeker.service][choice.point_id].take(choice.place)
