"""`booking`: confirmed bookings a second over HTTP, against the same writes as one statement.

40 points with a pool each and 200 counters, open 9–13 and 14–18 every day; each booking takes 40 minutes at a
random one of 12 × 28 × 40 places, and is a different person's, signed in, three days in the country. The whole
path is measured: token, validation, idempotency, pathway, ledger, booking, audit chain, kept answer, commit.
The ceiling is `benchmarks.pgbench`: ledger, booking and kept answer, without the chain.
"""

import json
import math
import random
import statistics
from uuid import uuid4

from app.doctor import examine
from app.runtime import Runtime
from benchmarks.copy import Copy, Say
from benchmarks.figures import BenchSettings, Figure, extras, in_turns
from benchmarks.load import BenchError, Job, Load, put_load, request
from benchmarks.pgbench import run_ceiling
from benchmarks.world import COUNTERS, POINTS, add_ground, add_people, id_of, random_start, tokens

GOAL = 0.3
WARM_UP = 300
_SPARE = 1.5
# Those of the ceiling are numbered from here on.
_CEILING_FIRST = 100_000_000


class Supply:
    """Requests, each of a person who has not booked yet."""

    def __init__(self, copy: Copy, kind: str = "booking") -> None:
        self._copy, self._kind = copy, kind
        self._chance = random.Random(1)  # noqa: S311 — the same places in every run
        self._next = 0
        copy.inside(lambda runtime: add_ground(runtime, kind, "medical", COUNTERS))

    def take(self, count: int) -> list[str]:
        first, self._next = self._next, self._next + count

        async def make(runtime: Runtime) -> list[str]:
            await add_people(runtime, first, count, with_profiles=True)
            return [self._request(runtime, token) for token in await tokens(runtime, first, count)]

        return self._copy.inside(make)

    def _request(self, runtime: Runtime, token: str) -> str:
        body = {
            "step": "medical",
            "service": "medical",
            "point_id": str(id_of(self._kind, self._chance.randrange(POINTS))),
            "starts_at": random_start(self._chance, runtime).isoformat(),
        }
        headers = {"Authorization": f"Bearer {token}", "Idempotency_Key": str(uuid4())}
        return request("POST", "/v1/bookings", body=json.dumps(body), **headers)


def measure_booking(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    clients, seconds, rounds = options.clients, options.seconds, options.rounds
    today = copy.inside(_today)
    supply = Supply(copy)

    def book(requests: list[str]) -> Load:
        return put_load(Job(copy.ports, clients, seconds, 201, requests))

    def ceiling(first: int) -> float:
        return run_ceiling(copy, today=today, first=first, clients=clients, seconds=seconds)

    say("booking: warming up …")
    each = math.ceil(_SPARE * seconds * book(supply.take(WARM_UP)).rate)
    # Nobody knows how fast the ceiling is before it has run: people for 15,000 transactions a second.
    ceiling_each = math.ceil(15_000 * (seconds + 1))
    firsts = [_CEILING_FIRST + ceiling_each * number for number in range(rounds + 1)]

    async def add_to_ceiling(runtime: Runtime) -> None:
        for first in firsts:
            await add_people(runtime, first, ceiling_each, with_profiles=False)

    copy.inside(add_to_ceiling)
    ceiling(firsts[-1])
    requests = [supply.take(each) for _ in range(rounds)]
    copy.as_owner("VACUUM (ANALYZE)")
    loads, ceilings = in_turns(
        rounds,
        lambda number: book(requests[number]),
        lambda number: ceiling(firsts[number]),
        say,
    )
    say("booking: asking the doctor …")
    faults = [fault for finding in copy.inside(examine) for fault in finding.faults]
    if faults:
        raise BenchError(f"the doctor found: {'; '.join(faults[:5])}")
    figure = Figure(
        name="booking",
        value=statistics.median(load.rate for load in loads),
        unit="bookings/s",
        ceiling=statistics.median(ceilings),
        goal=GOAL,
        extra=extras(loads, ceilings, clients, len(copy.ports)) | {"doctor": "clean"},
    )
    return [figure]


async def _today(runtime: Runtime) -> str:
    region = next(iter(runtime.regions.values()))
    return region.day_of(runtime.database.clock.now()).isoformat()
