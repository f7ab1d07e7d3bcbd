"""The registry's side of the mirror: order, gaps, duplicates, tombstones, acknowledgements, erasures, readers."""

import asyncio
import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.wire import receipts
from app.wire.bodies import Act
from app.wire.keys import read_set
from tests.support.registry import CELL, READER, Sender, Standing, serving, standing_registry


async def test_what_comes_after_a_gap_is_held_and_applied_in_order(registry: Standing, sender: Sender) -> None:
    subject, chance = uuid4(), random.Random(1)
    events = [sender.event(subject, number, kind="document", key=f"d{number}") for number in range(1, 21)]
    shuffled = chance.sample(events, len(events))
    for event in shuffled:
        await sender.send(event)
        if chance.random() < 0.3:
            await sender.send(event, "duplicate")
    told = [one for one in await sender.acknowledged() if one["subject"] == str(subject)]
    assert [one["sequence"] for one in told] == list(range(1, 21)), "applied in order, each once"
    assert {one["state"] for one in told} == {"applied"}
    standing = await sender.standing(subject)
    assert (standing["applied"], len(standing["held"])) == (20, 20)


async def test_nothing_is_applied_before_the_gap_is_filled(registry: Standing, sender: Sender) -> None:
    subject = uuid4()
    first, second = (sender.event(subject, number, key="latest") for number in (1, 2))
    await sender.send(second)
    assert await sender.standing(subject) | {"digest": ""} == {"applied": 0, "held": [], "digest": ""}
    await sender.send(first)
    assert [held[3] for held in (await sender.standing(subject))["held"]] == [str(second.id)], (
        "the latest, and no track"
    )


async def test_an_acknowledgement_is_told_until_it_is_confirmed(registry: Standing, sender: Sender) -> None:
    event = sender.event(uuid4(), 1)
    await sender.acknowledged()
    await sender.acknowledged()
    await sender.send(event)
    (first,) = (await sender.ask("/v1/acknowledgements"))["acknowledgements"]
    assert (first["event"], first["state"]) == (str(event.id), "applied")
    assert (await sender.ask("/v1/acknowledgements"))["acknowledgements"] == [], "another worker has it"
    registry.clock.move(seconds=10)
    (again,) = await sender.acknowledged()
    assert again == first
    assert await sender.acknowledged() == []
    await sender.send(event, "duplicate")
    assert [one["event"] for one in await sender.acknowledged()] == [str(event.id)], "whoever lost it asks by sending"
    await sender.acknowledged()


async def test_who_waits_for_an_acknowledgement_has_it_at_once(registry: Standing, sender: Sender) -> None:
    await sender.acknowledged()
    await sender.acknowledged()
    waiting = asyncio.create_task(sender.acknowledged(wait=10))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await sender.send(sender.event(uuid4(), 1))
    assert len(await asyncio.wait_for(waiting, 2)) == 1
    await sender.acknowledged()


@pytest.mark.parametrize("fault", ["kind_unknown", "content_invalid", "ground_missing"])
async def test_what_cannot_be_applied_is_rejected_and_holds_nobody_up(
    registry: Standing, sender: Sender, fault: str
) -> None:
    wrong: dict[str, dict[str, Any]] = {"kind_unknown": {"kind": "face"}, "content_invalid": {"content": {"cell": "x"}}}
    subject = uuid4()
    await sender.send(sender.event(subject, 1, **wrong.get(fault, {"ground": ""})))
    await sender.send(sender.event(subject, 2))
    told = [(one["state"], one.get("reason")) for one in await sender.acknowledged() if one["subject"] == str(subject)]
    assert told == [("rejected", fault), ("applied", None)]


@pytest.mark.parametrize("came", ["never", "held", "applied", "late"])
async def test_of_what_a_tombstone_supersedes_nothing_stays(registry: Standing, sender: Sender, came: str) -> None:
    """The original never came; came and waited behind a gap; was applied; comes after its tombstone."""
    subject = uuid4()
    first, original, last = (sender.event(subject, n, kind="document", key=f"d{n}") for n in (1, 2, 3))
    stone = sender.event(subject, 2, act=Act.TOMBSTONE, supersedes=original.id, kind="", key="", content={})
    order = {
        "never": [first, stone, last],
        "held": [original, stone, first, last],
        "applied": [first, original, stone, last],
        "late": [first, stone, original, last],
    }[came]
    for event in order:
        await sender.send(event, "superseded" if came == "late" and event is original else "received")
    standing = await sender.standing(subject)
    assert standing["applied"] == 3
    assert [held[1] for held in standing["held"]] == ["d1", "d3"]
    told = [one["sequence"] for one in await sender.acknowledged() if one["event"] == str(stone.id)]
    assert told == [2]
    kept = await registry.sql("SELECT sealed FROM events WHERE id = $1", original.id)
    assert [row["sealed"] for row in kept] == [None]


async def test_an_erasure_takes_all_of_the_consent_and_its_receipt_can_be_verified(
    registry: Standing, sender: Sender
) -> None:
    subject, consent, kept = uuid4(), uuid4(), uuid4()
    await sender.send(sender.event(subject, 1, consent=consent, purpose="mirror_document", kind="document", key="a"))
    await sender.send(sender.event(subject, 2, consent=kept))
    held = sender.event(subject, 4, consent=consent, purpose="mirror_document", kind="document", key="b")
    await sender.send(held)
    erase = sender.event(subject, 3, act=Act.ERASE, consent=consent, kind="", key="", content={})
    await sender.send(erase)
    told = [one for one in await sender.acknowledged() if one["subject"] == str(subject)]
    assert [(one["sequence"], one["state"], one.get("reason")) for one in told] == [
        (1, "applied", None),
        (2, "applied", None),
        (4, "rejected", "consent_erased"),
        (3, "applied", None),
    ]
    keys = read_set((await sender.client.get("/.well-known/jwks.json")).json())
    stated = receipts.read(told[-1]["receipt"], keys)
    assert (stated["event"], stated["consent"], stated["key_destroyed"]) == (str(erase.id), str(consent), True)
    assert stated["erased"] == 2, "one applied, one that waited"
    assert [row[0] for row in (await sender.standing(subject))["held"]] == ["location"]
    assert [row["kind"] for row in (await sender.read(subject)).json()["records"]] == ["location"]


async def test_a_crash_between_erasure_and_receipt_is_made_good_at_the_next_start(
    worker: str, own_folder: Path
) -> None:
    async with standing_registry(f"registry_crash_{worker}", own_folder) as registry:
        sender, subject, consent = registry.sender, uuid4(), uuid4()
        await sender.send(sender.event(subject, 1, consent=consent))
        registry.app.state.gate.inbox.keys.destroy = None  # what is called then raises: the process dies here
        with pytest.raises(TypeError):
            await sender.send(sender.event(subject, 2, act=Act.ERASE, consent=consent, kind="", key="", content={}))
        assert not [one for one in await sender.acknowledged() if one["sequence"] == 2]
    async with serving(registry.settings, registry.clock) as (_, client):
        sender.client = client
        (told,) = [one for one in await sender.acknowledged() if one["sequence"] == 2]
        assert told["receipt"]


async def test_a_backup_from_before_an_erasure_stays_unreadable(worker: str, own_folder: Path) -> None:
    """Crypto-erasure: the rows come back from the backup, the key does not, and the rest can still be read."""
    async with standing_registry(f"registry_backup_{worker}", own_folder) as registry:
        sender, subject, consent = registry.sender, uuid4(), uuid4()
        await sender.send(sender.event(subject, 1, consent=consent))
        await sender.send(sender.event(subject, 2, consent=uuid4(), kind="document", key="passport"))
        await registry.sql("CREATE TABLE backup AS SELECT * FROM records")
        await sender.send(sender.event(subject, 3, act=Act.ERASE, consent=consent, kind="", key="", content={}))
        await registry.sql("DELETE FROM records")
        await registry.sql("INSERT INTO records SELECT * FROM backup")
        assert len(await registry.sql("SELECT FROM records")) == 2
        told = (await sender.read(subject)).json()["records"]
        assert [record["kind"] for record in told] == ["document"]
        cells = await registry.client.get("/v1/cells", headers={"Authorization": f"Bearer {READER['ministry']}"})
        assert cells.json() == {"cells": []}


async def test_what_is_stored_is_sealed(registry: Standing, sender: Sender) -> None:
    subject = uuid4()
    await sender.send(sender.event(subject, 1))
    await sender.send(sender.event(subject, 3))
    for query in (
        "SELECT to_jsonb(t)::text AS row, sealed FROM records t WHERE subject = $1",
        "SELECT to_jsonb(t)::text AS row, sealed FROM events t WHERE subject = $1",
    ):
        rows = await registry.sql(query, subject)
        assert rows
        assert all(CELL not in row["row"] and CELL.encode() not in (row["sealed"] or b"") for row in rows)


async def test_who_reads_of_a_person_says_what_for_and_it_stands_in_the_log(registry: Standing, sender: Sender) -> None:
    subject = uuid4()
    await sender.send(sender.event(subject, 1))
    without = await sender.client.get(f"/v1/people/{subject}", params={"source": sender.source})
    assert (without.status_code, without.json()["code"]) == (401, "reader_unknown")
    headers = {"Authorization": f"Bearer {READER['ministry']}"}
    aimless = await sender.client.get(f"/v1/people/{subject}", params={"source": sender.source}, headers=headers)
    assert (aimless.status_code, aimless.json()["code"]) == (422, "purpose_missing")
    told = (await sender.read(subject, purpose="border_control")).json()["records"]
    assert [record["content"] for record in told] == [{"cell": CELL}]
    uses = await sender.client.get(f"/v1/people/{subject}/uses", params={"source": sender.source}, headers=headers)
    (use,) = uses.json()["uses"]
    assert (use["reader"], use["purpose"], use["kinds"]) == ("ministry", "border_control", ["location", "document"])
    assert CELL not in uses.text


async def test_cells_are_told_of_with_ten_people_and_not_with_nine(worker: str, own_folder: Path) -> None:
    async with standing_registry(f"registry_cells_{worker}", own_folder) as registry:
        sender, other = registry.sender, "881f1d4813fffff"
        for number in range(19):
            content = {"cell": CELL if number < 10 else other}
            await sender.send(sender.event(uuid4(), 1, consent=uuid4(), content=content))
        headers = {"Authorization": f"Bearer {READER['ministry']}"}
        fine = await registry.client.get("/v1/cells", params={"resolution": 8}, headers=headers)
        assert fine.json() == {"cells": [{"cell": CELL, "people": 10}]}
        coarse = await registry.client.get("/v1/cells", params={"resolution": 5}, headers=headers)
        assert [cell["people"] for cell in coarse.json()["cells"]] == [10], "in tens: two sizes tell of no nine"


async def test_its_signing_keys_turn_and_old_receipts_stay_good(worker: str, own_folder: Path) -> None:
    async with standing_registry(f"registry_turn_{worker}", own_folder) as registry:
        signing, first = registry.app.state.gate.inbox.signing, registry.app.state.gate.inbox.signing.published()
        registry.clock.move(days=28, hours=1)
        await signing.load(registry.clock.now())
        assert len(signing.published()["keys"]) == 2
        assert signing.signing(registry.clock.now()).kid == first["keys"][0]["kid"], "published before it signs"
        registry.clock.at += timedelta(days=2)
        assert signing.signing(registry.clock.now()).kid != first["keys"][0]["kid"]
        await signing.load(registry.clock.now())
        assert len(signing.published()["keys"]) == 2
        await registry.sender.send(registry.sender.event(UUID(int=5), 1))


async def test_everything_is_on_the_disk_before_it_is_answered(registry: Standing, sender: Sender) -> None:
    event = sender.event(uuid4(), 1)
    answer = await sender.send(event)
    assert answer.status_code == 202
    (row,) = await registry.sql("SELECT state FROM events WHERE id = $1", event.id)
    assert row["state"] == "applied"
    assert json.loads(answer.content)["sequence"] == 1
