"""Labour supply: people allowed to work by occupation, 12 weeks on.

Those who are allowed now, less whose permission runs out and is not renewed, and those who will be allowed: people in
progress by how far they are and what they have booked (`landmark`), and people who have yet to arrive (`arrivals`).
"""

from dataclasses import dataclass

import numpy as np

from app.domain.forecast.arrivals import expected_arrivals
from app.domain.forecast.history import WEEKS_AHEAD, Counts, History, Reals
from app.domain.forecast.landmark import chances, entry_chances

RECENT_WEEKS = 26
LEAN_RENEWED = 5.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """Expected numbers [K, WEEKS_AHEAD]: `allowed` at the end of each week, `gained` and `lost` in it."""

    allowed: Reals
    gained: Reals
    lost: Reals

    @property
    def scale(self) -> Reals:
        """How far a number may well be off [K, WEEKS_AHEAD], but for a factor: by chance, and in the rates."""
        moved = np.cumsum(self.gained + self.lost, axis=1)
        return np.asarray(np.sqrt(1 + moved + (0.1 * moved) ** 2))


def outlook(history: History) -> Outlook:
    """What is to be expected at the end of the last week of `history`."""
    gained = _gained(history)
    return _carried_on(history, gained)


def _gained(history: History) -> Reals:
    """First permissions expected [K, WEEKS_AHEAD]."""
    gained = history.sighted[-1] @ chances(history.lags)
    coming, entry = expected_arrivals(history.arrivals), entry_chances(history.entries)
    for week in range(WEEKS_AHEAD):
        gained[:, week:] += np.outer(coming[:, week], entry[: WEEKS_AHEAD - week])
    return np.asarray(gained)


def _carried_on(history: History, gained: Reals) -> Outlook:
    """Week by week: what is due ends or is renewed, what is new holds as long as permissions do."""
    first, again = _lengths(history.granted), _lengths(history.renewed)
    kept = _renewed_share(history)
    standing = history.standing[-1].astype(float)
    allowed, lost = np.zeros_like(gained), np.zeros_like(gained)
    for week in range(WEEKS_AHEAD):
        due = standing[:, 0]
        lost[:, week] = due * (1 - kept)
        standing = np.concatenate([standing[:, 1:], np.zeros_like(standing[:, :1])], axis=1)
        standing += np.outer(due * kept, again) + np.outer(gained[:, week], first)
        allowed[:, week] = standing.sum(axis=1)
    return Outlook(allowed, gained, lost)


def _lengths(counts: Counts) -> Reals:
    """How long permissions of late hold: shares by weeks [STANDING_WEEKS]; the longest if none was seen."""
    seen = counts[-RECENT_WEEKS:].sum(axis=0).astype(float)
    if not seen.sum():
        seen[-1] = 1
    return np.asarray(seen / seen.sum())


def _renewed_share(history: History) -> float:
    renewed, ended = history.renewed[-RECENT_WEEKS:].sum(), history.ended[-RECENT_WEEKS:].sum()
    return float((renewed + LEAN_RENEWED / 2) / (renewed + ended + LEAN_RENEWED))
