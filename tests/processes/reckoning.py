"""Holds what an FCM server saw against the rows of what it was to be sent."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from app.demo import fcm
from app.domain.reminders.delivery import LEASE, PATIENCE, Answer, Verdict, after

TICK = timedelta(seconds=1)
_RESULT = {503: Verdict.BUSY, 429: Verdict.QUOTA, 0: Verdict.UNKNOWN}


@dataclass
class Row:
    """A delivery as it ended."""

    address: str
    message_id: str
    due_at: datetime
    expires_at: datetime
    status: str
    attempts: int
    unknown: int


@dataclass
class Reckoning:
    """What came of it, in figures. `hung` tries had no answer, `killed` had none that was written: each of these may
    be sent once more, `repeated` were; `slow` of them because the server took longer than a worker has patience for.
    `late` came later than a tick and their backoff, since all hands were busy with what had been due before: a
    machine that carries less than is asked of it. What came later for any other reason is a fault.
    """

    sent: int = 0
    hung: int = 0
    killed: int = 0
    repeated: int = 0
    slow: int = 0
    lapsed: int = 0
    late: int = 0
    latest: float = 0.0
    faults: list[str] = field(default_factory=list)

    def told(self) -> str:
        return (
            f"{self.sent} messages came; {self.hung} tries hung and {self.killed} were a killed worker's,"
            f" {self.repeated} came again for that ({self.slow} since the server was slow); {self.lapsed} lapsed;"
            f" {self.late} had to wait for the machine; at most {self.latest:.1f} s later than tick and backoff"
        )


@dataclass(frozen=True)
class Trial:
    """What was done to the workers. `kills`: when, in seconds since 1970. `slack`: seconds that a message may be on its
    way by itself.
    """

    kills: list[float]
    retry_after: int
    slack: float


def reckon(found: list[Row], seen: list[fcm.Seen], trial: Trial) -> Reckoning:
    """Holds what the server saw against what was to be done."""
    came: defaultdict[tuple[str, str], list[fcm.Seen]] = defaultdict(list)
    for one in sorted(seen, key=lambda one: one.at):
        came[one.address, one.message_id].append(one)
    reckoning, work = Reckoning(), Work(found, came)
    for row in found:
        tries = came.pop((row.address, row.message_id), [])
        _count(row, tries, trial, reckoning)
        name = f"{row.address} ({row.status}, {row.attempts} tries, {row.unknown} unknown): {[t.answer for t in tries]}"
        reckoning.faults += [f"{fault}: {name}" for fault in _faults(row, tries, trial)]
        if not tries:
            continue
        by, at = _by_when(row, tries[:-1], trial.retry_after).timestamp(), tries[-1].at
        reckoning.latest = max(reckoning.latest, at - by)
        if at - by > trial.slack:
            reckoning.late += 1
            if not work.went_on(by, at, trial.slack):
                reckoning.faults.append(f"late: by {at - by:.1f} s, {name}")
    if came:
        reckoning.faults.append(f"{len(came)} messages that nobody was to send")
    return reckoning


class Work:
    """What the server saw of the workers' work, in the order of time."""

    def __init__(self, found: list[Row], came: dict[tuple[str, str], list[fcm.Seen]]) -> None:
        self._all = sorted(one.at for tries in came.values() for one in tries)
        self._pauses = [(one, other) for one, other in pairwise(self._all) if other - one > TICK.total_seconds()]
        firsts = sorted(
            (tries[0].at, row.due_at.timestamp()) for row in found if (tries := came.get((row.address, row.message_id)))
        )
        self._firsts = [at for at, _ in firsts]
        self._newest = list(accumulate((due for _, due in firsts), max))

    def went_on(self, by: float, at: float, slack: float) -> bool:
        """Whether, while a message waited that should have come by then, others came without a pause, and none of
        those that were due later: all hands were busy, in order. A worker may have taken later ones under a lease.
        """
        waited = sum(max(min(end, at) - max(begin, by), 0) for begin, end in self._pauses)
        before = bisect_left(self._firsts, at - slack) - 1
        overtaken = before >= 0 and self._newest[before] > by + LEASE.total_seconds() + slack
        return waited <= slack and not overtaken


def _taken(tries: list[fcm.Seen]) -> list[fcm.Seen]:
    return [one for one in tries if one.answer in {200, 0}]


def _killed(one: fcm.Seen, trial: Trial) -> bool:
    """Whether a worker was killed while it may have waited for this answer, or have been about to write it."""
    return any(0 <= kill - one.at + trial.slack <= LEASE.total_seconds() for kill in trial.kills)


def _count(row: Row, tries: list[fcm.Seen], trial: Trial, reckoning: Reckoning) -> None:
    taken, hung = len(_taken(tries)), sum(one.answer == 0 for one in tries)
    reckoning.sent += bool(taken)
    reckoning.slow += sum(one.answer == 200 and not _killed(one, trial) for one in _taken(tries)[:-1])
    reckoning.hung += hung
    reckoning.killed += max(row.unknown - hung, 0)
    reckoning.repeated += max(taken - 1, 0)
    reckoning.lapsed += row.status == "lapsed"


def _faults(row: Row, tries: list[fcm.Seen], trial: Trial) -> Iterator[str]:
    taken = _taken(tries)
    if row.address.startswith(fcm.DEAD):
        if row.status not in {"failed", "lapsed"} or any(one.answer != 404 for one in tries):
            yield "dead"
    elif (not taken and row.status != "lapsed") or row.status in {"waiting", "sending", "failed"}:
        yield "never came"
    if row.status == "lapsed" and row.expires_at - row.due_at > timedelta(minutes=1):
        yield "given up"
    if len(taken) > 1 + row.unknown:
        yield "sent twice"
    marks = {(t.message["android"]["collapse_key"], t.message["android"]["notification"]["tag"]) for t in tries}
    if len(marks) > 1 or any(tag != row.message_id for _, tag in marks):
        yield "other marks"
    # What left in time is there within a worker's patience.
    ends = row.expires_at.timestamp() + PATIENCE.total_seconds() + 1
    if any(one.at + max(float(one.message["android"]["ttl"][:-1]), 0) > ends for one in tries):
        yield "after its time"


def _by_when(row: Row, failed: list[fcm.Seen], retry_after: int) -> datetime:
    """When the last try has to be at the latest: a tick, and what the answers before ask for; a lease for each try that
    a killed worker had, which counts as a try and may have been the first.
    """
    unanswered = _taken(failed)
    killed = max(row.unknown - len(unanswered), 0)
    at = row.due_at + TICK + killed * (LEASE + TICK)
    for number, one in enumerate(failed, 1 + killed):
        asks = timedelta(seconds=retry_after) if one.answer in {503, 429} else None
        answer = Answer(_RESULT.get(one.answer, Verdict.UNKNOWN), retry_after=asks)
        following = (after(answer, number, at, row.expires_at + timedelta(days=1)).at or at) + TICK
        at = max(following + PATIENCE, at + LEASE + TICK) if one in unanswered else following
    return at
