"""The ceiling of `booking`: one prepared statement that does the same writes, as fast as PostgreSQL can take them."""

import re
import subprocess
import tempfile
from pathlib import Path

from benchmarks.copy import Copy
from benchmarks.load import BenchError
from benchmarks.world import DAYS, FIRST_TICK, MINUTES, POINTS, SLOTS, TICKS

ANSWER_BYTES = 480
"""About what a booking's sealed answer takes."""

# Every parameter is computed, none is read: the statement touches the tables it writes, and nothing else.
_SCRIPT = f"""\
\\set n :n + 1
\\set person :first + :n * :clients + :client_id
\\set stand random(0, {POINTS - 1})
\\set ahead random(1, {DAYS})
\\set slot random(0, {SLOTS - 1})
\\set tick {FIRST_TICK} + :slot * {TICKS} + :slot / 6 * 12
WITH ledger AS (
    UPDATE capacity_days SET used = ticks_changed(used, :tick, {TICKS}, 1)
    WHERE pool_id = md5('booking-pool:' || :stand)::uuid AND day = :today::date + :ahead::int
    RETURNING pool_id, day, starts_at + :tick::int * interval '5 minutes' AS begins
), booked AS (
    INSERT INTO bookings (id, person_id, step, service, point_id, pool_id, day, first_tick, ticks, during, status,
        held_until, created_at, changed_at)
    SELECT gen_random_uuid(), md5('person:' || :person)::uuid, 'medical', 'medical',
        md5('booking:' || :stand)::uuid, pool_id, day, :tick::int, {TICKS},
        tstzrange(begins, begins + interval '{MINUTES} minutes'), 'confirmed', NULL, now(), now()
    FROM ledger
    RETURNING id
)
INSERT INTO kept_answers (key_digest, request_digest, answer_sealed, expires_at)
SELECT sha256(id::text::bytea), sha256(id::text::bytea), decode(repeat('5a', {ANSWER_BYTES}), 'hex'),
    now() + interval '1 day'
FROM booked;
"""  # noqa: S608 — ours, all of it


def run_ceiling(copy: Copy, *, today: str, first: int, clients: int, seconds: float) -> float:
    """Transactions a second. Uses persons from number `first` on, each once; `BenchError` if one is missing."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_SCRIPT)
        script.flush()
        command: list[str | Path] = [
            copy.pgbench,
            *("--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=2"),
            *(f"--time={max(1, round(seconds))}", f"--file={script.name}"),
            *("-D", "n=-1", "-D", f"first={first}", "-D", f"clients={clients}", "-D", f"today={today}"),
        ]
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            env=copy.libpq_env(),
            stdin=subprocess.DEVNULL,
            timeout=seconds + 120,
            start_new_session=True,
        )
    found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if done.returncode != 0 or found is None:
        raise BenchError(f"pgbench failed: {done.stderr.strip()[-500:]}")
    return float(found[1])
