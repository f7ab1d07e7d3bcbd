import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sizes import sizes

KEYS = {"name", "value", "unit", "ceiling", "ratio", "goal"}
LOADED = {"p50_ms", "p99_ms", "clients", "load_cpu"}
COMMAND = [sys.executable, "-m", "app.cli", "bench"]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_each_figure_stands_beside_a_ceiling_and_nothing_remains(tmp_path: Path) -> None:
    size = {
        "MANZIL_API_PROCESSES": "1",
        "MANZIL_BENCH_SECONDS": str(sizes().bench_seconds),
        "MANZIL_BENCH_ROUNDS": str(sizes().bench_rounds),
        "MANZIL_BENCH_REMINDERS": str(sizes().bench_reminders),
    }
    done = subprocess.run(
        [*COMMAND, "--json", "booking", "reminders"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **size, "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    figures = {figure["name"]: figure for figure in map(json.loads, done.stdout.splitlines())}
    assert figures.keys() == {"booking", "reminders.send", "reminders.plan"}
    for name, figure in figures.items():
        assert figure.keys() >= (KEYS if name.startswith("reminders") else KEYS | LOADED)
        assert figure["value"] > 0
        assert figure["ratio"] == pytest.approx(figure["value"] / figure["ceiling"], rel=0.01)
    assert figures["booking"]["doctor"] == "clean"
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    done = subprocess.run([*COMMAND, "nothing"], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "nothing" in " ".join(done.stderr.split())
    known = "booking, search, growth, plan, reminders, mirror, locations, upload, match, region, forecast, pages"
    assert known in " ".join(done.stderr.split())
