"""How much the tests repeat: scaled down in `make test`, full size in `make acceptance`. The one place that says so."""

import os
from dataclasses import dataclass

FULL_SIZE = "MANZIL_TEST_FULL_SIZE"


@dataclass(frozen=True)
class Sizes:
    """`machine_examples` runs of `machine_steps` each; `kills` of a process under load, one after another;
    `contract_examples` made from the document for each operation that serves the caller, `contract_refusals` for each
    that does not; `small_journeys` are planned against every plan there is, `large_journeys` against the rules;
    `queue_calls` of two clerks; `itineraries` booked at once. `reminders` fall due within
    `reminder_seconds` (0: as fast as the machine can carry them), while `worker_kills` workers are killed;
    `bench_reminders` are planned. `mirror_events` of `mirror_people`, while `mirror_kills` workers are killed, each
    within `mirror_kill_seconds` of work, and the registry is restarted `mirror_restarts` times; a message that is not
    answered is given up after `mirror_patience` seconds. `season`: weeks, people a week, the first week of a forecast,
    the most that it may be off as a share of naive's error, and between what its intervals' coverage lies.
    `first_starts`: after how many seconds a first start of the embedded database is killed.
    """

    name: str
    machine_examples: int
    machine_steps: int
    kills: int
    bookers: int
    contract_examples: int
    contract_refusals: int
    bench_seconds: float
    bench_rounds: int
    small_journeys: int
    large_journeys: int
    queue_calls: int
    itineraries: int
    reminders: int
    reminder_seconds: int
    worker_kills: int
    bench_reminders: int
    mirror_events: int
    mirror_people: int
    mirror_kills: int
    mirror_restarts: int
    mirror_kill_seconds: float
    mirror_patience: float
    season: tuple[int, int, int, float, float, float]
    first_starts: tuple[float, ...]

    def told(self) -> str:
        return (
            f"{self.name}: state machine {self.machine_examples} × {self.machine_steps} steps, {self.kills} kills under"
            f" {self.bookers} bookers, {self.contract_examples} examples an operation,"
            f" benchmarks {self.bench_rounds} × {self.bench_seconds} s,"
            f" {self.small_journeys} journeys against every plan, {self.large_journeys} against the rules,"
            f" {self.queue_calls} calls of two clerks, {self.itineraries} itineraries at once,"
            f" {self.reminders} reminders in {self.reminder_seconds} s with {self.worker_kills} kills,"
            f" {self.mirror_events} events mirrored with {self.mirror_kills} kills"
        )


SCALED_DOWN = Sizes(
    name="scaled down (`make acceptance` runs the full size)",
    machine_examples=12,
    machine_steps=20,
    kills=2,
    bookers=6,
    contract_examples=4,
    contract_refusals=1,
    bench_seconds=1.0,
    bench_rounds=1,
    small_journeys=400,
    large_journeys=1500,
    queue_calls=150,
    itineraries=20,
    reminders=1500,
    reminder_seconds=10,
    worker_kills=2,
    bench_reminders=3000,
    mirror_events=400,
    mirror_people=40,
    mirror_kills=1,
    mirror_restarts=1,
    mirror_kill_seconds=1.0,
    mirror_patience=1.5,
    season=(40, 8, 24, 1.0, 0.55, 0.97),
    first_starts=(0.02, 0.3, 0.55, 0.8),
)
FULL = Sizes(
    name="full size",
    machine_examples=300,
    machine_steps=50,
    kills=12,
    bookers=16,
    contract_examples=40,
    contract_refusals=40,
    bench_seconds=4.0,
    bench_rounds=5,
    small_journeys=5000,
    large_journeys=50_000,
    queue_calls=10_000,
    itineraries=50,
    reminders=100_000,
    reminder_seconds=0,
    worker_kills=5,
    bench_reminders=200_000,
    mirror_events=50_000,
    mirror_people=2000,
    mirror_kills=10,
    mirror_restarts=2,
    mirror_kill_seconds=20.0,
    mirror_patience=3.0,
    season=(130, 40, 58, 0.5, 0.75, 0.85),
    first_starts=(0.02, 0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
)


def sizes() -> Sizes:
    return FULL if os.environ.get(FULL_SIZE) == "1" else SCALED_DOWN
