"""Which samples of a phone are kept. A sample was *taken* at an instant; it may come much later, and in any order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

MOST_AT_ONCE = 500
MOST_A_DAY = 20_000
"""Of one person, taken on one day (UTC): one each five seconds and some."""
AHEAD = timedelta(minutes=1)
"""By so much a phone's clock may run ahead of ours before what it says is the future."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY_MS = 86_400_000


class SampleSource(StrEnum):
    """How the phone knew."""

    GPS = "gps"
    NETWORK = "network"
    FUSED = "fused"


class Verdict(StrEnum):
    """What became of a sample. *Known*: it, or another of the same millisecond, was kept before."""

    KEPT = "kept"
    KNOWN = "known"
    OUTSIDE_CONSENT = "outside_consent"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    DELETED = "deleted"
    DAY_FULL = "day_full"


class Sample(NamedTuple):
    """`at`: milliseconds since 1970-01-01 UTC. `lat` and `lon`: degrees, WGS 84. `accuracy`: metres, 68 %."""

    at: int
    lat: float
    lon: float
    accuracy: float
    source: SampleSource


@dataclass(frozen=True, slots=True)
class Term:
    """When a sample has to have been taken: from `since`, when the living consent was given; by `moment`; not before
    what the person had deleted up to; not longer ago than it is kept.
    """

    since: datetime
    moment: datetime
    keep: timedelta
    deleted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept already: instants among those that come now, and how many there are of their days."""

    instants: Collection[int] = frozenset()
    days: Mapping[date, int] = field(default_factory=dict)


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970, rounded down."""
    return (at - _EPOCH) // _MILLISECOND


def _milliseconds_up(at: datetime) -> int:
    return -((_EPOCH - at) // _MILLISECOND)


def instant(at: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=at)


def day_of(at: int) -> date:
    """The day (UTC) that a sample is kept under."""
    return date.fromordinal(_EPOCH.toordinal() + at // _DAY_MS)


def judge(samples: Sequence[Sample], term: Term, held: Held) -> list[Verdict]:
    """A verdict for each sample. The first of several of one millisecond is the one that is kept.

    A sample's millisecond has to lie in the term whole: of the one in which the consent was given nothing is kept.
    """
    since, oldest = _milliseconds_up(term.since), _milliseconds_up(term.moment - term.keep)
    until = milliseconds(term.moment + AHEAD)
    deleted = milliseconds(term.deleted_until) if term.deleted_until else None
    seen = set(held.instants)
    room: dict[int, int] = {}
    moments = [sample.at for sample in samples]
    earliest = max(since, oldest, since if deleted is None else deleted + 1)
    if _plainly_kept(moments, seen, held, earliest, until):
        return [Verdict.KEPT] * len(moments)
    verdicts = []
    for at in moments:
        if at > until:
            verdict = Verdict.IN_FUTURE
        elif at < since:
            verdict = Verdict.OUTSIDE_CONSENT
        elif at < oldest:
            verdict = Verdict.TOO_OLD
        elif deleted is not None and at <= deleted:
            verdict = Verdict.DELETED
        elif at in seen:
            verdict = Verdict.KNOWN
        else:
            day = at // _DAY_MS
            if day not in room:
                room[day] = MOST_A_DAY - held.days.get(day_of(at), 0)
            verdict = Verdict.KEPT if room[day] > 0 else Verdict.DAY_FULL
            if room[day] > 0:
                room[day] -= 1
                seen.add(at)
        verdicts.append(verdict)
    return verdicts


def _plainly_kept(moments: Sequence[int], seen: set[int], held: Held, earliest: int, latest: int) -> bool:
    """Whether no sample has to be looked at by itself, as is nearly always so: they are in the term, of one day that
    has room for all, and none is known or there twice.
    """
    if not moments or min(moments) < earliest or max(moments) > latest:
        return False
    days = days_of(moments)
    room = MOST_A_DAY - held.days.get(min(days), 0) - len(moments)
    return len(days) == 1 and room >= 0 and len(set(moments)) == len(moments) and seen.isdisjoint(moments)


def days_of(moments: Iterable[int]) -> set[date]:
    """The days that they are kept under."""
    return {day_of(day * _DAY_MS) for day in {at // _DAY_MS for at in moments}}


def by_day(samples: Sequence[Sample]) -> dict[date, list[Sample]]:
    """The samples by the day that they are kept under, each day's in the order in which they were taken."""
    return {
        day_of(day * _DAY_MS): list(taken)
        for day, taken in groupby(sorted(samples), key=lambda sample: sample.at // _DAY_MS)
    }
