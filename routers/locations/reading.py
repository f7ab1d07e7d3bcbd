"""Samples from the bytes of a body, column by column: there may be hundreds, and a line of Python for each part of each
would take longer than all else that is done with them.

Only what is plainly in order is read here. Anything else is left to `SamplesIn`, which says what is wrong with it: so
this may leave what that takes, and never take what that refuses.
"""

from datetime import UTC, datetime
from itertools import product
from operator import itemgetter
from typing import Any

from pydantic_core import from_json

from app.domain.locations.samples import MOST_AT_ONCE, Sample, SampleSource, milliseconds

FIRST, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC)
"""From when on and before when a sample is taken."""
_FIRST, _END = milliseconds(FIRST), milliseconds(END)
_FIELDS = ("at", "lat", "lon", "accuracy", "source")
_values = itemgetter(*_FIELDS)
_SOURCES = {source.value: source for source in SampleSource}
_DIGITS = str.maketrans("123456789", "000000000")
_FRACTIONS = ("", *("." + "0" * digits for digits in range(1, 7)))
_SHAPES = {f"0000-00-00T00:00:00{part}{zone}" for part, zone in product(_FRACTIONS, ("Z", "+00:00", "-00:00"))}
"""RFC 3339 with its digits made zeros: `fromisoformat` reads much else besides."""


def plain_samples(body: bytes) -> list[Sample] | None:
    """None for a body that is not plainly in order."""
    try:
        stated = from_json(body, allow_inf_nan=False)
        samples = stated["samples"]
        if not _whole(stated, samples):
            return None
        instants, *places, sources = zip(*map(_values, samples), strict=True)
        lat, lon, accuracy = map(_floats, places)
        if not _within(lat, -90, 90) or not _within(lon, -180, 180) or not _within(accuracy, 0, 100_000):
            return None
        if not set("\n".join(instants).translate(_DIGITS).split("\n")) <= _SHAPES:
            return None
        taken = [milliseconds(at) for at in map(datetime.fromisoformat, instants)]
        if not min(taken) >= _FIRST or not max(taken) < _END:
            return None
        named = [_SOURCES[source] for source in sources]
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return list(map(Sample, taken, lat, lon, accuracy, named))


def _whole(stated: Any, samples: Any) -> bool:
    """Whether there is nothing in it but samples, not too many, each with as many fields as it has."""
    there = len(stated) == 1 and type(samples) is list and 0 < len(samples) <= MOST_AT_ONCE
    return there and set(map(len, samples)) == {len(_FIELDS)}


def _floats(numbers: tuple[Any, ...]) -> tuple[float, ...]:
    """TypeError for what is no number, a truth value too."""
    types = set(map(type, numbers))
    if types == {float}:
        return numbers
    if types <= {float, int}:
        return tuple(map(float, numbers))
    raise TypeError


def _within(numbers: tuple[float, ...], least: float, most: float) -> bool:
    return least <= min(numbers) and max(numbers) <= most
