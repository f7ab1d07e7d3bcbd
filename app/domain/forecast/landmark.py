"""How probably somebody in a cell is allowed to work in exactly so many weeks: landmark estimates.

Of everybody sighted in a cell at the end of some week (the landmark), the discrete hazard of being allowed `h` weeks
later is events over people at risk, as far as it was seen by now; whoever is not seen to the end counts for the weeks
that they were seen (Kaplan and Meier 1958; landmarks: van Houwelingen 2007). Recent weeks weigh more, so that points
that have become slower are believed soon. A cell with few people leans on coarser ones: the same steps left and the
same visit booked, the same steps left, everybody.

Hazards are the same for all occupations: how long it takes is a matter of the steps and the points, never of groups of
people.
"""

import numpy as np

from app.domain.forecast.history import BOOKED, LEFT, SINCE, WEEKS_AHEAD, Counts, Reals

HALF_LIFE_WEEKS = 10.0
LEAN = 12.0
"""Of how many people at risk a coarser cell's hazard weighs as much."""


def chances(lags: Counts, *, half_life: float = HALF_LIFE_WEEKS) -> Reals:
    """Chances [CELLS, WEEKS_AHEAD] of being allowed in exactly 1, 2, … weeks, from `lags` of a history that ends
    now.
    """
    events, risk = _seen(lags, half_life)
    fine = (LEFT, SINCE, BOOKED, WEEKS_AHEAD)
    events, risk = events.reshape(fine), risk.reshape(fine)
    hazard = _leaning(events.sum(axis=(0, 1, 2)), risk.sum(axis=(0, 1, 2)), np.zeros(WEEKS_AHEAD))
    hazard = _leaning(events.sum(axis=(1, 2)), risk.sum(axis=(1, 2)), hazard)
    hazard = _leaning(events.sum(axis=1), risk.sum(axis=1), hazard[:, None])
    hazard = _leaning(events, risk, hazard[:, None])
    return _exactly(hazard).reshape(-1, WEEKS_AHEAD)


def entry_chances(entries: Counts, *, half_life: float = HALF_LIFE_WEEKS) -> Reals:
    """The same [WEEKS_AHEAD] for who enters: in the week of entry, the week after, and so on."""
    shifted = np.concatenate([entries[1:], np.zeros((1, entries.shape[1]), dtype=np.int64)])
    events, risk = _seen(shifted[:, None, :], half_life)
    return _exactly(_leaning(events[0], risk[0], np.zeros(WEEKS_AHEAD)))


def _seen(lags: Counts, half_life: float) -> tuple[Reals, Reals]:
    """Events and people at risk [cells, WEEKS_AHEAD], weighed by how long ago each was."""
    weeks = len(lags)
    total = lags.sum(axis=2)
    events = np.zeros((lags.shape[1], WEEKS_AHEAD))
    risk = np.zeros_like(events)
    left = total.astype(float)
    for ahead in range(1, WEEKS_AHEAD + 1):
        passed = weeks - ahead  # landmarks of which this week ahead has been seen
        if passed <= 0:
            break
        ago = np.arange(passed - 1, -1, -1, dtype=float)
        weight = 0.5 ** (ago / half_life)
        events[:, ahead - 1] = weight @ lags[:passed, :, ahead]
        risk[:, ahead - 1] = weight @ left[:passed]
        left = left - lags[:, :, ahead]
    return events, risk


def _leaning(events: Reals, risk: Reals, coarser: Reals) -> Reals:
    """Hazards that lean on a coarser cell's as far as there are few people."""
    return np.asarray((events + LEAN * coarser) / (risk + LEAN))


def _exactly(hazard: Reals) -> Reals:
    """The chance of the event at each step, from its hazards along the last axis."""
    still = np.cumprod(1 - hazard, axis=-1)
    before = np.concatenate([np.ones_like(still[..., :1]), still[..., :-1]], axis=-1)
    return np.asarray(hazard * before)
