"""What no honest sender sends is refused with the right code, and an alarm tells of it."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.wire.bodies import Act, body_of, canonical
from app.wire.keys import new_key
from app.wire.signatures import Message, new_nonce, sign
from tests.support.registry import SOURCE, Sender, Standing, peer_file, standing_registry

Change = Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]


def flipped(text: str) -> str:
    raw = bytearray(base64.b64decode(text.split(":")[1]))
    raw[5] ^= 1
    return f"mirror=:{base64.b64encode(bytes(raw)).decode()}:"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (lambda h, b: (h, b.replace(b"881f1d4811fffff", b"881f1d4813fffff")), 400, "digest_mismatch"),
        (lambda h, b: (h | {"Signature": flipped(h["Signature"])}, b), 401, "signature_invalid"),
        (lambda h, b: (h | {"Content-Digest": h["Content-Digest"].replace("a", "b")}, b), 401, "signature_invalid"),
        (lambda _, b: ({}, b), 401, "signature_missing"),
    ],
)
async def test_a_changed_message_is_refused(
    registry: Standing, sender: Sender, change: Change, status: int, code: str
) -> None:
    event = sender.event(uuid4(), 1)
    body = body_of(event)
    headers = sign(Message({}, body, "POST", "/v1/events"), sender.key, registry.clock.now(), nonce=new_nonce())
    if code == "signature_invalid" and "a" not in headers["Content-Digest"]:
        headers["Content-Digest"] = headers["Content-Digest"].replace(headers["Content-Digest"][12], "a")
    headers, body = change(headers, body)
    await refused(registry, await sender.client.post("/v1/events", content=body, headers=headers), status, code)
    assert not await registry.sql("SELECT FROM events WHERE id = $1", event.id)


async def test_a_strangers_key_is_refused(registry: Standing, sender: Sender) -> None:
    stranger = replace(sender, key=new_key())
    answer = await stranger.post("/v1/events", body_of(sender.event(uuid4(), 1)))
    await refused(registry, answer, 401, "key_unknown")


async def test_another_senders_source_is_refused(worker: str, own_folder: Path) -> None:
    async with standing_registry(f"registry_two_{worker}", own_folder) as registry:
        other = new_key()
        registry.settings.peers["urn:manzil:other"] = peer_file(own_folder, "other", other)
        registry.clock.move(minutes=11)
        sender = replace(registry.sender, key=other)
        await sender.send(registry.sender.event(uuid4(), 1), "source_not_yours")
        await sender.send(replace(registry.sender.event(uuid4(), 1), source="urn:manzil:other"))


@pytest.mark.parametrize(
    ("later", "code"), [(timedelta(minutes=2), "signature_expired"), (timedelta(minutes=-1), "signature_early")]
)
async def test_a_signature_of_another_time_is_refused(
    registry: Standing, sender: Sender, later: timedelta, code: str
) -> None:
    body, signed_at = body_of(sender.event(uuid4(), 1)), registry.clock.now() - later
    headers = sign(Message({}, body, "POST", "/v1/events"), sender.key, signed_at, nonce=new_nonce())
    await refused(registry, await sender.client.post("/v1/events", content=body, headers=headers), 401, code)


async def test_a_message_heard_and_sent_again_is_refused(registry: Standing, sender: Sender) -> None:
    for path, body in (
        ("/v1/events", body_of(sender.event(uuid4(), 1))),
        ("/v1/acknowledgements", b"{}"),
        ("/v1/standings", b'{"subjects":[]}'),
    ):
        nonce = new_nonce()
        headers = sign(Message({}, body, "POST", path), sender.key, registry.clock.now(), nonce=nonce)
        assert (await sender.client.post(path, content=body, headers=headers)).status_code < 300
        await refused(registry, await sender.client.post(path, content=body, headers=headers), 401, "nonce_reused")


async def test_what_strangers_send_is_counted_and_hides_no_alarm(registry: Standing, sender: Sender) -> None:
    nonce, body = new_nonce(), b"{}"
    headers = sign(Message({}, body, "POST", "/v1/acknowledgements"), sender.key, registry.clock.now(), nonce=nonce)
    for _ in range(2):
        await sender.client.post("/v1/acknowledgements", content=body, headers=headers)
    flood = "INSERT INTO strangers SELECT $1::timestamptz - i * interval '1 minute', 'x', 1000, $1, -i FROM"
    await registry.sql(f"{flood} generate_series(1, 300) i RETURNING 1", registry.clock.now())
    before = await registry.sql("SELECT coalesce(sum(times), 0) AS times, count(*) AS rows FROM strangers")
    for _ in range(3):
        code = (await sender.client.post("/v1/events", content=body)).json()["code"]
    told = await registry.alarms()
    assert told[0] == code
    assert "nonce_reused" in told
    assert told.count("x") < 50
    after = await registry.sql("SELECT sum(times) AS times, count(*) AS rows FROM strangers")
    assert after[0]["times"] - before[0]["times"] == 3
    assert after[0]["rows"] - before[0]["rows"] <= 1
    await registry.sql("DELETE FROM strangers WHERE code = 'x'")


async def test_an_event_that_comes_again_with_another_content_is_refused(registry: Standing, sender: Sender) -> None:
    event = sender.event(uuid4(), 1)
    await sender.send(event)
    changed = replace(event, content={"cell": "881f1d4813fffff"})
    await refused(registry, await sender.send(changed, "content_changed"), 422, "content_changed")
    assert [held[3] for held in (await sender.standing(event.subject))["held"]] == [str(event.id)]


async def test_another_persons_sequence_is_refused(registry: Standing, sender: Sender) -> None:
    """The same event under another's pseudonym, and another event under a number that is taken."""
    mine, theirs = sender.event(uuid4(), 1), sender.event(uuid4(), 1)
    await sender.send(mine)
    await sender.send(theirs)
    await refused(
        registry, await sender.send(replace(mine, subject=theirs.subject), "content_changed"), 422, "content_changed"
    )
    again = sender.event(theirs.subject, 1)
    await refused(registry, await sender.send(again, "sequence_taken"), 409, "sequence_taken")
    stone = sender.event(theirs.subject, 1, act=Act.TOMBSTONE, supersedes=mine.id)
    await sender.send(stone, "sequence_taken")
    assert [held[3] for held in (await sender.standing(theirs.subject))["held"]] == [str(theirs.id)]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{ "specversion": "1.0" }', canonical({"specversion": "1.0", "id": "x"})]
)
async def test_what_is_no_event_is_refused(sender: Sender, body: bytes) -> None:
    answer = await sender.post("/v1/events", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_a_body_without_an_end_is_not_read_to_its_end(sender: Sender) -> None:
    answer = await sender.post("/v1/events", bytes(2_000_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_new_key_is_known_once_it_is_published(worker: str, own_folder: Path) -> None:
    """Keys turn: the next one is fetched when it is first met, and the old one goes on being good."""
    async with standing_registry(f"registry_keys_{worker}", own_folder) as registry:
        old, new = registry.sender, replace(registry.sender, key=new_key())
        await old.send(old.event(uuid4(), 1))
        peer_file(own_folder, "sender", old.key, new.key)
        assert registry.settings.peers == {SOURCE: str(own_folder / "sender.jwks.json")}
        registry.clock.move(seconds=6)
        await new.send(new.event(uuid4(), 1))
        await old.send(old.event(uuid4(), 1))


async def test_many_at_once_meet_a_new_key_and_all_are_known(worker: str, own_folder: Path) -> None:
    """Whoever comes while the keys are fetched waits for them."""
    async with standing_registry(f"registry_rush_{worker}", own_folder) as registry:
        sender = registry.sender
        events = [sender.event(uuid4(), 1) for _ in range(8)]
        await asyncio.gather(*(sender.send(event) for event in events))


async def refused(registry: Standing, answer: httpx.Response, status: int, code: str) -> None:
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await registry.alarms())[0] == code
