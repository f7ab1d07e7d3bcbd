"""The demonstration's walks through the whole main job; and what people told in them lies nowhere in the open."""

import asyncio
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.consent_story import TOKEN
from app.db.engine import schema_of
from app.phone import Json, Phone
from app.refusal_story import RefusalStory
from app.running import registry_address
from tests.processes.commands import manzil
from tests.processes.copies import Copy
from tests.processes.telling import CYRILLIC, PLACE, SAID, Told, dumped, in_files, photo, tell_everything, unfolded
from tests.support.registry import fresh_schema
from tests.support.server import urls

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

Walk = dict[str, dict[str, Any]]

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


def walked(copy: Copy, *how: str, steps: Sequence[str] = STEPS) -> Walk:
    """The lines of a walk that went well, by step."""
    done = manzil(copy.env, "walkthrough", "--json", *how)
    assert done.returncode == 0, done.stdout + done.stderr + copy.log.read_text()[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["step"] for line in lines] == list(steps)
    assert all(line["ok"] is True for line in lines)
    assert all(isinstance(line["ms"], float) and 0 < line["ms"] < 60_000 for line in lines)
    return {line["step"]: line for line in lines}


@dataclass(frozen=True)
class Walks:
    """Two that gave consents and took them back, and one that refused them all. `said`: what the processes wrote."""

    first: Walk
    second: Walk
    refusing: Walk
    told: Told
    newcomer: Json
    registry: str
    said: bytes


@pytest.fixture(scope="module")
def walks(made_copy: Copy, worker: str) -> Walks:
    """After them, and somebody who leaves nothing out and takes nothing back, the copy is whole."""
    registry, told = f"walked_{worker}", Told()
    database = asyncio.run(fresh_schema(registry))
    begun = len(made_copy.log.read_bytes()) if made_copy.log.exists() else 0
    with made_copy.running(pushes=True, registry=database):
        newcomer = tell_everything(made_copy, told)
        first, second = walked(made_copy), walked(made_copy)
        refusing = walked(made_copy, "--no-consent", steps=REFUSING)
        doctor = manzil(made_copy.env, "doctor", "--json")
        reader = {"Authorization": f"Bearer {(made_copy.data_dir / TOKEN).read_text()}"}
        alarms = httpx.get(f"{registry_address(made_copy.data_dir)}/v1/alarms", headers=reader).json()
    assert alarms == {"alarms": []}, "nor did the two sides, which start at once, take each other for strangers"
    assert doctor.returncode == 0, doctor.stdout
    told.by_walks(first, second, refusing)
    told.by_staff(made_copy)
    return Walks(first, second, refusing, told, newcomer, registry, made_copy.log.read_bytes()[begun:])


def test_the_main_job_can_be_walked_and_walked_again(walks: Walks) -> None:
    first, second = walks.first, walks.second
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
        seen = walk["registry"]["my_log_tells"]
        assert seen["ground"].startswith("109-FZ"), "by which law the region read, what for, and who"
        named = {name: seen[name] for name in ("purpose", "receiver", "system")}
        assert named == {"purpose": "migration_registration", "receiver": "region", "system": "regional_registry"}
        assert walk["gone"]["held"] == 0
        assert len(walk["gone"]["receipts"]) == 2
        told = "regional registry, regional_registry"
        assert walk["data uses"]["passed_on"] == {"mirror_document": told, "mirror_location": told}


def test_who_refuses_every_consent_has_the_whole_main_job_and_no_clerk_learns_of_it(walks: Walks) -> None:
    walk = walks.refusing
    assert walk["refuse"]["refused"] > 10
    assert walk["next step"]["medical"] == "done"
    assert walk["inbox"]["sent"] == {}, "told in the app alone"
    assert walk["kept quiet"]["answers to staff"] > 20
    assert (walk["kept quiet"]["telling"], walk["kept quiet"]["passed_on"]) == (0, 0)


def test_nothing_that_people_told_lies_open_in_database_store_or_logs(made_copy: Copy, walks: Walks) -> None:
    """Acceptance 6: while all of it is kept, and mirrored, and after somebody has taken it back."""
    told, schema = walks.told, schema_of(made_copy.region)
    searched = asyncio.run(dumped(schema, urls()[1])) | asyncio.run(dumped(walks.registry, urls()[1]))
    assert walks.newcomer["migrant_id"].encode() in searched[f"{schema}.profiles"], "a dump that says nothing"
    assert searched[f"{walks.registry}.records"], "the registry holds what was mirrored"
    objects = in_files(made_copy.data_dir / "documents")
    assert sum(map(len, objects.values())) > len(photo()) // 2, "a store with nothing in it"
    assert {"name", "phone", "document", "place", "cell", "free text", "token", "number", "picture"} <= told.ways.keys()
    searched |= objects | {"logs": SAID.sub(b"", walks.said)}
    hits = {where: found for where, content in searched.items() if (found := told.found_in(content))}
    assert hits == {}


@pytest.mark.parametrize(
    "content",
    [
        b"ERIKSSON, Anna",
        "улица вишнёвая".encode(),
        unfolded(b"7\\t\\\\x" + "Зарина".encode().hex().encode()),
        unfolded(b"\\\\x00" + struct.pack("<d", PLACE["lat"]).hex().encode()),
        b'{"lat": 55.790417}',
    ],
)
def test_what_lies_open_would_be_found(content: bytes) -> None:
    told = Told()
    told.add("name", "Eriksson", *CYRILLIC.values())
    told.add("free text", "Вишнёвая")
    told.add_place(**PLACE)
    assert told.found_in(content)


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
