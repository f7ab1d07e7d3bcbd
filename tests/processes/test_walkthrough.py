import json
from typing import Any

import pytest

from tests.processes.commands import manzil
from tests.processes.copies import Copy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

STEPS = [
    "sign-in",
    "refresh",
    "profile",
    "pathway",
    "search",
    "hold",
    "confirm",
    "plan",
    "itinerary",
    "clerk",
    "check-in",
    "queue",
    "push",
    "inbox",
    "visit",
    "next step",
    "reroute",
    "data uses",
]


def walked(copy: Copy) -> dict[str, dict[str, Any]]:
    """The lines of a walk that went well, by step."""
    done = manzil(copy.env, "walkthrough", "--json")
    assert done.returncode == 0, done.stdout + done.stderr + copy.log.read_text()[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["step"] for line in lines] == STEPS
    assert all(line["ok"] is True for line in lines)
    assert all(isinstance(line["ms"], float) and 0 < line["ms"] < 60_000 for line in lines)
    return {line["step"]: line for line in lines}


def test_the_main_job_can_be_walked_and_walked_again(made_copy: Copy) -> None:
    with made_copy.running(pushes=True):
        first, second = walked(made_copy), walked(made_copy)
        doctor = manzil(made_copy.env, "doctor", "--json")
    assert doctor.returncode == 0, doctor.stdout
    # The first walk has taken the specimen's passport: the second brings another and becomes another person.
    assert first["profile"]["mrz"] != second["profile"]["mrz"]
    assert first["profile"]["migrant_id"] != second["profile"]["migrant_id"]
    assert first["check-in"]["migrant_id"] == first["profile"]["migrant_id"]
    for walk in (first, second):
        assert "medical" in walk["pathway"]["next"]
        assert "medical" not in walk["next step"]["next"]
        assert "visit_check_in" in walk["data uses"]["by_others"]
        assert set(walk["plan"]["visits"]) == {"medical", *walk["itinerary"]["booked"]}
        assert walk["queue"]["number"] == walk["check-in"]["ticket"]
        assert walk["reroute"]["from"] != walk["reroute"]["to"]
        # As the FCM server saw it, and what it was about, in Uzbek.
        assert walk["push"]["notification"] == {"title": "Manzil", "body": "Iltimos, hozir ilovani oching."}
        assert walk["push"]["data"]["link"] == f"/inbox/{walk['push']['data']['message_id']}"
        assert walk["inbox"]["title"] == f"Navbatingiz keldi: {walk['queue']['number']}"
        assert walk["inbox"]["text"].startswith("Iltimos, hozir boring: ")
        assert walk["inbox"]["sent"] == {"push": "received"}


def test_without_a_worker_the_walk_fails_and_says_why(made_copy: Copy) -> None:
    with made_copy.running(worker=False):
        done = manzil(made_copy.env, "walkthrough", "--json", "--patience", "2")
    assert done.returncode == 1
    (line,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert line["step"] == "sign-in"
    assert line["ok"] is False
    assert "is a worker running" in line["error"]
    assert "stopped here" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_server_the_walk_fails_and_says_where_it_looked(made_copy: Copy) -> None:
    done = manzil(made_copy.env, "walkthrough", "--json")
    assert done.returncode == 1
    (line,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert line["ok"] is False
    assert line["error"]
    assert "Traceback" not in done.stderr
