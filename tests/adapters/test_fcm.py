"""The real firebase-admin client against a server that speaks FCM's HTTP v1 and Google's OAuth."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from app.adapters.fcm import FcmPush
from app.demo.fcm import DEAD, HANG, QUOTA, UNAVAILABLE, Faults, Running, running
from app.domain.reminders.delivery import Verdict
from app.ports import PushNote
from tests.processes.commands import free_port

NOW = datetime.now(UTC)
NOTE = PushNote(
    kind="token",
    address="phone-1",
    message_id="2f7c1c1e-1111-4222-8333-444455556666",
    collapse_key="soon",
    title="Manzil",
    body="Something needs your attention soon.",
    data={"link": "/inbox/1"},
    urgent=False,
    expires_at=NOW + timedelta(hours=2),
)


@pytest.fixture(scope="module")
def fcm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("fcm"), free_port(), Faults(retry_after=2)) as server:
        yield server


@pytest_asyncio.fixture
async def push(fcm: Running) -> AsyncIterator[FcmPush]:
    fcm.forget()
    push = FcmPush(fcm.account, endpoint=fcm.base)
    yield push
    await push.close()


async def test_a_message_arrives_with_its_parts_for_both_systems(fcm: Running, push: FcmPush) -> None:
    answer = await push.send(NOTE, NOW)
    assert answer.verdict is Verdict.ACCEPTED
    assert answer.reference
    assert answer.reference.startswith("projects/manzil-test/messages/")
    (seen,) = fcm.seen()
    assert seen.message == {
        "token": "phone-1",
        "notification": {"title": "Manzil", "body": "Something needs your attention soon."},
        "data": {"link": "/inbox/1", "message_id": NOTE.message_id},
        "android": {
            "collapse_key": "soon",
            "priority": "normal",
            "ttl": "7200s",
            "notification": {"tag": NOTE.message_id},
        },
        "apns": {
            "headers": {
                "apns-collapse-id": NOTE.message_id,
                "apns-expiration": str(int(NOTE.expires_at.timestamp())),
                "apns-priority": "5",
                "apns-push-type": "alert",
            },
            "payload": {"aps": {"sound": "default", "mutable-content": 1}},
        },
    }


async def test_an_urgent_message_to_an_installation_goes_out_as_such(fcm: Running, push: FcmPush) -> None:
    assert (await push.send(replace(NOTE, kind="installation", urgent=True), NOW)).verdict is Verdict.ACCEPTED
    (seen,) = fcm.seen()
    assert seen.message["fid"] == "phone-1"
    assert seen.message["android"]["priority"] == "high"
    assert seen.message["apns"]["headers"]["apns-priority"] == "10"


async def test_an_address_that_is_registered_no_more_is_gone(push: FcmPush) -> None:
    assert (await push.send(replace(NOTE, address=f"{DEAD}1"), NOW)).verdict is Verdict.GONE


async def test_a_message_that_is_none_is_refused_for_good(push: FcmPush) -> None:
    assert (await push.send(replace(NOTE, message_id=""), NOW)).verdict is Verdict.REFUSED


async def test_a_token_that_is_worth_nothing_any_more_is_fetched_anew(fcm: Running, push: FcmPush) -> None:
    assert (await push.send(NOTE, NOW)).verdict is Verdict.ACCEPTED
    fcm.revoke()
    answers = await asyncio.gather(*(push.send(NOTE, NOW) for _ in range(8)))
    assert {answer.verdict for answer in answers} == {Verdict.ACCEPTED}


async def test_without_a_token_nothing_leaves_and_it_may_be_tried_again(fcm: Running, tmp_path: Path) -> None:
    account = json.loads(fcm.account.read_text()) | {"client_email": "stranger@manzil-test.example"}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(account))
    push = FcmPush(other, endpoint=fcm.base)
    answer = await push.send(NOTE, NOW)
    assert answer.verdict is Verdict.BUSY
    await push.close()


async def test_while_a_token_is_waited_for_nothing_has_left(fcm: Running, tmp_path: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        slow = tmp_path / "slow.json"
        account = json.loads(fcm.account.read_text())
        slow.write_text(json.dumps(account | {"token_uri": f"http://127.0.0.1:{port}/token"}))
        push = FcmPush(slow, endpoint=fcm.base, patience=timedelta(seconds=1))
        assert (await push.send(NOTE, NOW)).verdict is Verdict.BUSY
        await push.close()


async def test_where_nobody_answers_nothing_has_left(fcm: Running) -> None:
    push = FcmPush(fcm.account, endpoint=f"http://127.0.0.1:{free_port()}")
    assert (await push.send(NOTE, NOW)).verdict is Verdict.BUSY
    await push.close()


@pytest.mark.parametrize(
    ("address", "verdict", "retry_after"),
    [(UNAVAILABLE, Verdict.BUSY, {None, 2}), (QUOTA, Verdict.QUOTA, {2}), (HANG, Verdict.UNKNOWN, {None})],
)
async def test_faults_are_answered_once_and_as_they_are(
    fcm: Running, address: str, verdict: Verdict, retry_after: set[int | None]
) -> None:
    """The client would try 500 and 503 four times more by itself, and not when it is asked to."""
    fcm.forget()
    push = FcmPush(fcm.account, endpoint=fcm.base, patience=timedelta(seconds=1))
    before = asyncio.get_running_loop().time()
    answers = await asyncio.gather(*(push.send(replace(NOTE, address=f"{address}{n}"), NOW) for n in range(4)))
    assert asyncio.get_running_loop().time() - before < 3
    assert {answer.verdict for answer in answers} == {verdict}
    assert {answer.retry_after and answer.retry_after.total_seconds() for answer in answers} == retry_after
    assert len(fcm.seen()) == 4
    await push.close()
