import asyncio
import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from app.phone import Phone
from app.refusal_story import RefusalStory
from tests.processes.commands import manzil
from tests.processes.copies import Copy
from tests.support.registry import fresh_schema

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
    "complaint",
    "report",
    "agency",
    "consent",
    "upload",
    "location",
    "registry",
    "withdraw",
    "gone",
    "work",
    "vacancy",
    "card",
    "request",
    "yes",
    "contact",
    "data uses",
]
REFUSING = [*STEPS[:3], "refuse", *STEPS[3:12], *STEPS[13:17], "offices", "kept quiet"]


def walked(copy: Copy, *how: str, steps: Sequence[str] = STEPS) -> dict[str, dict[str, Any]]:
    """The lines of a walk that went well, by step."""
    done = manzil(copy.env, "walkthrough", "--json", *how)
    assert done.returncode == 0, done.stdout + done.stderr + copy.log.read_text()[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["step"] for line in lines] == list(steps)
    assert all(line["ok"] is True for line in lines)
    assert all(isinstance(line["ms"], float) and 0 < line["ms"] < 60_000 for line in lines)
    return {line["step"]: line for line in lines}


@pytest.fixture(scope="module")
def walks(made_copy: Copy, worker: str) -> list[dict[str, dict[str, Any]]]:
    """Two that gave consents and took them back, and one that refused them all; the copy is whole afterwards."""
    database = asyncio.run(fresh_schema(f"walked_{worker}"))
    with made_copy.running(pushes=True, registry=database):
        done = [walked(made_copy), walked(made_copy), walked(made_copy, "--no-consent", steps=REFUSING)]
        doctor = manzil(made_copy.env, "doctor", "--json")
    assert doctor.returncode == 0, doctor.stdout
    return done


def test_the_main_job_can_be_walked_and_walked_again(walks: list[dict[str, dict[str, Any]]]) -> None:
    first, second, _ = walks
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

        assert (walk["complaint"]["status"], walk["complaint"]["told"]) == ("answered", "Shikoyatingizga javob berildi")
        assert walk["agency"]["without a reason"] == "reason_missing"
        assert walk["agency"]["list of missed deadlines"] == "list_never_given"
        assert {"name", "steps_done"} <= set(walk["agency"]["told"]) <= {"name", "birth_date", "document", "steps_done"}
        assert walk["agency"]["the person sees"]["receiver"] == "Health department (demo)"
        given = walk["consent"]["given"]
        assert {notice["language"] for notice in given.values()} == {"tg"}
        assert "Розигӣ" in given["mirror_location"]["text"]
        assert walk["registry"]["location"]["cell"] == walk["location"]["cell"]
        assert walk["registry"]["document"]["type"] == "passport"
        assert walk["gone"]["held"] == 0
        assert len(walk["gone"]["receipts"]) == 2
        told = "regional registry, regional_registry"
        assert walk["data uses"]["passed_on"] == {"mirror_document": told, "mirror_location": told}


def test_who_refuses_every_consent_has_the_whole_main_job_and_no_clerk_learns_of_it(
    walks: list[dict[str, dict[str, Any]]],
) -> None:
    walk = walks[-1]
    assert walk["refuse"]["refused"] > 10
    assert walk["next step"]["medical"] == "done"
    assert walk["inbox"]["sent"] == {}, "told in the app alone"
    assert walk["kept quiet"]["answers to staff"] > 20
    assert (walk["kept quiet"]["telling"], walk["kept quiet"]["passed_on"]) == (0, 0)


@pytest.mark.parametrize("word", ["refused", "Отказ от согласия", "mirror_location"])
def test_one_word_of_a_refusal_would_be_heard(word: str) -> None:
    with httpx.Client() as client:
        story = RefusalStory(Phone(client), ["{}", json.dumps({"status": word}, ensure_ascii=False)])
        with pytest.raises(LookupError, match="2 answers"):
            story.kept_quiet()


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
