"""Several events in one message: each is taken or refused by itself, and what came of them is told along."""

import asyncio
import random
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from app.wire.bodies import Act, Event, batch_of, body_of, canonical
from app.wire.signatures import Message, new_nonce, sign
from registry.store import Store
from tests.support.registry import Sender, Standing


async def send(sender: Sender, *events: Event | bytes) -> tuple[list[str], list[dict[str, Any]]]:
    """Outcome or code of each, and the acknowledgements that were told along; they are confirmed with the next."""
    bodies = [event if isinstance(event, bytes) else body_of(event) for event in events]
    answer = await sender.post("/v1/events", batch_of(bodies))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    sender.done = [one["number"] for one in told["acknowledgements"]]
    return [one.get("outcome") or one["code"] for one in told["outcomes"]], told["acknowledgements"]


async def test_a_batch_is_applied_in_order_and_acknowledged_along(registry: Standing, sender: Sender) -> None:
    people = [uuid4() for _ in range(5)]
    events = [sender.event(subject, n, kind="document", key=f"d{n}") for subject in people for n in (1, 2, 3)]
    random.Random(1).shuffle(events)
    outcomes, told = await send(sender, *events)
    assert outcomes == ["received"] * 15
    assert {one["event"]: one["state"] for one in told} == {str(event.id): "applied" for event in events}
    for subject in people:
        assert [one["sequence"] for one in told if one["subject"] == str(subject)] == [1, 2, 3]
        assert (await sender.standing(subject))["applied"] == 3
    assert [one for one in await sender.acknowledged() if one["subject"] in map(str, people)] == [], "told already"
    kept = "SELECT FROM acknowledgements WHERE subject = ANY ($1)"
    assert await registry.sql(kept, people) == [], "and confirmed"


async def test_what_fills_a_gap_tells_of_all_that_waited_behind_it(sender: Sender) -> None:
    subject = uuid4()
    first, second, third = (sender.event(subject, n, kind="document", key=f"d{n}") for n in (1, 2, 3))
    assert await send(sender, third, second) == (["received"] * 2, [])
    _, told = await send(sender, first)
    assert [one["sequence"] for one in told] == [1, 2, 3]


async def test_what_comes_again_is_a_duplicate_and_told_of_again(registry: Standing, sender: Sender) -> None:
    """Whoever sends it again has lost the answer, and with it what it told along."""
    subject = uuid4()
    events = [sender.event(subject, n) for n in (1, 2)]
    _, told = await send(sender, *events)
    assert await send(sender, *events) == (["duplicate"] * 2, told)
    await sender.acknowledged()
    outcomes, again = await send(sender, *events)
    assert outcomes == ["duplicate"] * 2
    assert [(one["event"], one["digest"]) for one in again] == [(one["event"], one["digest"]) for one in told]
    applied = await registry.sql("SELECT FROM events WHERE subject = $1", subject)
    assert len(applied) == 2, "and nothing is applied twice"


async def test_one_that_is_refused_has_no_part_in_the_others(registry: Standing, sender: Sender) -> None:
    good, changed, taken, stranger = uuid4(), uuid4(), uuid4(), uuid4()
    before, other = sender.event(changed, 1), sender.event(taken, 1)
    await send(sender, before, other)
    outcomes, told = await send(
        sender,
        sender.event(good, 1),
        replace(before, content={"cell": "881f1d4813fffff"}),
        sender.event(taken, 1),
        sender.event(stranger, 1, source="urn:manzil:other"),
        canonical({"specversion": "1.0"}),
        sender.event(good, 2, kind="face"),
    )
    codes = ["content_changed", "sequence_taken", "source_not_yours", "malformed"]
    assert outcomes == ["received", *codes, "received"]
    assert [(one["sequence"], one["state"]) for one in told] == [(1, "applied"), (2, "rejected")]
    assert set((await registry.alarms())[:2]) == {"content_changed", "sequence_taken"}


async def test_an_erasure_in_a_batch_is_acknowledged_with_its_receipt(sender: Sender) -> None:
    subject, consent = uuid4(), uuid4()
    erase = sender.event(subject, 2, act=Act.ERASE, consent=consent, kind="", key="", content={})
    outcomes, told = await send(sender, sender.event(subject, 1, consent=consent), erase)
    assert outcomes == ["received"] * 2
    assert [one["sequence"] for one in told] == [1]
    (proof,) = [one for one in await sender.acknowledged() if one["subject"] == str(subject)]
    assert proof["receipt"]
    _, (again,) = await send(sender, erase)
    assert again["receipt"] == proof["receipt"]


@pytest.mark.parametrize(
    "body", [b"[]", b"[1,]", b"[" * 3000, b'[ {"specversion":"1.0"}]', batch_of([b"{}"] * 101), b'["\\ud800"]']
)
async def test_what_is_no_batch_is_refused_whole(sender: Sender, body: bytes) -> None:
    answer = await sender.post("/v1/events", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_a_batch_heard_before_is_refused_whole(registry: Standing, sender: Sender) -> None:
    for body in (batch_of([body_of(sender.event(uuid4(), 1))]), batch_of([b"{}"])):
        headers = sign(Message({}, body, "POST", "/v1/events"), sender.key, registry.clock.now(), nonce=new_nonce())
        assert (await sender.client.post("/v1/events", content=body, headers=headers)).status_code == 200
        again = await sender.client.post("/v1/events", content=body, headers=headers)
        assert (again.status_code, again.json()["code"]) == (401, "nonce_reused")


async def test_batches_of_the_same_people_at_once_do_not_lock_each_other_out(
    registry: Standing, sender: Sender
) -> None:
    """The database is asked directly, by connections of two registries: subjects are locked in one order."""
    store: Store = registry.app.state.gate.inbox.store
    other = await Store.open(registry.settings.database_url or "", 4)
    people = [uuid4() for _ in range(12)]
    chance = random.Random(3)
    rounds = [[sender.event(subject, n, kind="document", key="d") for subject in people] for n in range(1, 9)]

    async def take(events: list[Event], through: Store) -> list[str] | None:
        shuffled = chance.sample(events, len(events))
        inbox = replace(registry.app.state.gate.inbox, store=through)
        signed = type("Signed", (), {"kid": "k", "nonce": new_nonce(), "expires": registry.clock.now()})()
        outcomes: list[str]
        outcomes, _ = await inbox.take_all([(one, body_of(one)) for one in shuffled], sender.source, signed)
        return outcomes

    told = await asyncio.gather(*(take(events, through) for events in rounds for through in (store, other)))
    await other.close()
    assert sorted({outcome for outcomes in told for outcome in outcomes or ()}) == ["duplicate", "received"]
    for subject in people:
        assert (await sender.standing(subject))["applied"] == 8
