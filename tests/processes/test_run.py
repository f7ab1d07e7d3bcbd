import fcntl
import json
import os
import secrets
import signal
import socket

import httpx
import pytest

from app.adapters.console import newest_message
from app.demo.seed import ACCOUNTS
from tests.processes.commands import free_port, is_ready, manzil
from tests.processes.homes import Home, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

IDS = "SELECT string_agg(migrant_id, ' ' ORDER BY migrant_id) FROM region_ru_ta.profiles"


def test_manzil_run_becomes_ready_and_says_how_to_sign_in(home: Home) -> None:
    home.started()
    eventually(lambda: "Ctrl-C" in home.said())
    said = home.said()
    clerk = json.loads((home.data_dir / ACCOUNTS).read_text())[0]
    for word in (home.base_url, "/v1/auth/codes", clerk["login"], clerk["password"], clerk["totp"]):
        assert word in said
    doctor = manzil(home.env, "doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert len(doctor.stdout.splitlines()) >= 5
    assert all(line.startswith("yes ") for line in doctor.stdout.splitlines())


def test_a_second_run_on_the_same_folder_is_refused_in_words(home: Home) -> None:
    run = home.started()
    second = manzil(home.env | {"MANZIL_PORT": str(free_port())}, "run")
    assert second.returncode == 1
    said = " ".join(second.stderr.split())
    assert "Another `manzil run` uses" in said
    assert "MANZIL_DATA_DIR" in said
    assert "Traceback" not in said
    assert run.poll() is None
    assert is_ready(home.base_url)


@pytest.mark.parametrize("killed", ["app.cli api", "app.cli worker", "postgres -D"])
def test_a_part_that_is_killed_comes_back_by_itself(home: Home, killed: str) -> None:
    run = home.started()
    pid = home.only(killed)
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: set(home.processes(killed)) not in ({pid}, set()))
    eventually(lambda: is_ready(home.base_url))
    # API, database and worker together: a code is asked for, and its SMS comes.
    number = f"+7900{secrets.randbelow(10**7):07}"
    answer = httpx.post(f"{home.base_url}/v1/auth/codes", json={"phone": number}, timeout=30)
    assert answer.status_code == 202, answer.text
    eventually(lambda: newest_message(home.data_dir / "sms.jsonl", number) is not None)
    assert run.poll() is None


def test_ctrl_c_ends_everything_with_0_and_keeps_the_data(home: Home) -> None:
    run = home.started()
    walked = manzil(home.env, "walkthrough", "--json")
    assert walked.returncode == 0, walked.stdout + walked.stderr
    before = home.ask(IDS)
    assert before
    run.send_signal(signal.SIGINT)
    assert run.wait(60) == 0, home.said()
    assert home.processes() == {}
    assert "Stopped" in home.said()
    home.started()
    assert home.ask(IDS) == before


def test_a_signal_of_an_init_system_ends_everything_with_0_too(home: Home) -> None:
    run = home.started()
    run.send_signal(signal.SIGTERM)
    assert run.wait(60) == 0, home.said()
    assert home.processes() == {}


def test_a_second_run_is_refused_in_words_while_the_first_still_starts(home: Home) -> None:
    home.stopped()
    # What a `manzil run` holds before its database answers.
    with (home.data_dir / "run.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in ("run", "doctor"):
            refused = manzil(home.env, command)
            assert refused.returncode == 1
            assert "Traceback" not in refused.stderr, refused.stderr[-600:]
            assert str(home.data_dir) in "".join(refused.stderr.split())


def test_a_taken_port_is_said_before_anything_starts(home: Home) -> None:
    home.stopped()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        refused = manzil(home.env | {"MANZIL_PORT": port}, "run")
    assert refused.returncode == 1
    said = " ".join(refused.stderr.split())
    assert f"Port {port} is taken" in said
    assert "MANZIL_PORT" in said
    assert home.processes() == {}


def test_the_next_run_takes_over_what_a_killed_one_left(home: Home) -> None:
    run = home.started()
    server = home.only("postgres -D")
    before = home.ask(IDS)
    run.kill()
    run.wait()
    # Nobody told the children: they see it by themselves.
    eventually(lambda: not home.processes("app.cli"))
    assert home.only("postgres -D") == server
    run = home.started()
    assert home.only("postgres -D") == server, "the orphaned server is adopted, not started again"
    assert home.ask(IDS) == before
    run.send_signal(signal.SIGINT)
    assert run.wait(60) == 0, home.said()
    assert home.processes() == {}
