"""The regional registry over HTTP, as `openapi/registry.yaml` says: every request signed, every answer verified."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from app.adapters.registry_posts import NotThereError, Posts, Reply
from app.domain.registry.mirror import AT_ONCE, PATIENCE, Answer, ReadThere, Verdict
from app.ports import Acknowledged, Clock, DeliveryError, Handed, Standing
from app.wire import receipts
from app.wire.bodies import BATCH_TYPE, CONTENT_TYPE, batch_of, canonical
from app.wire.keys import PrivateKey, read_set
from app.wire.signatures import Message, SignatureError, key_of, new_nonce, sign, verify

_ASKED_SECONDS = PATIENCE.total_seconds() + 20
"""For what is asked with waiting, and for keys."""
_LOOK_AGAIN = timedelta(seconds=5)
_FOR_GOOD = frozenset({400, 403, 409, 413, 422})
"""Said in a signed answer: the event will not be taken as it is. Unsigned, it may be anybody's word: tried again."""
_log = structlog.get_logger()
SigningKey = Callable[[], Awaitable[PrivateKey]]


class HttpRegistry:
    """`key` gives what to sign with now; `batches`: whether the registry takes several events in one message;
    `patience`: seconds for one request.
    """

    def __init__(
        self,
        posts: Posts,
        key: SigningKey,
        clock: Clock,
        *,
        batches: bool = True,
        patience: float = PATIENCE.total_seconds(),
    ) -> None:
        self.at_once = AT_ONCE if batches else 1
        # A little less than the relay's own patience: a request that times out leaves more in order than one cut off.
        self._posts, self._seconds = posts, patience * 0.9
        self._key, self._clock = key, clock
        self._theirs: Mapping[str, ec.EllipticCurvePublicKey] = {}
        self._looked: Any = None
        self._looking = asyncio.Lock()

    async def close(self) -> None:
        await self._posts.close()

    async def send(self, body: bytes, event_id: UUID) -> Answer:
        """One event in a message of its own."""
        answer, signed = await self._posted(body, CONTENT_TYPE)
        return answer if isinstance(answer, Answer) else _answer_to(answer, event_id, signed=signed)

    async def hand_over(self, events: Sequence[tuple[UUID, bytes]]) -> Handed:
        if self.at_once == 1:
            return Handed([await self.send(body, event_id) for event_id, body in events])
        answer, signed = await self._posted(batch_of([body for _, body in events]), BATCH_TYPE)
        if isinstance(answer, Answer):
            return Handed([answer] * len(events))
        if answer.status == HTTPStatus.OK:
            return await self._told_of(events, answer, signed=signed)
        if signed and answer.status in _FOR_GOOD and len(events) > 1:
            # Whatever is wrong with one of them: the others have no part in it.
            return Handed([(await self.hand_over([event])).answers[0] for event in events])
        return Handed([_answer_to(answer, event_id, signed=signed) for event_id, _ in events])

    async def _told_of(self, events: Sequence[tuple[UUID, bytes]], answer: Reply, *, signed: bool) -> Handed:
        """What a batch was answered. What it is not answered as the contract says, it was not."""
        try:
            told = json.loads(answer.content) if signed else {}
            outcomes = [_outcome(one, event_id) for one, (event_id, _) in zip(told["outcomes"], events, strict=True)]
        except (KeyError, ValueError, TypeError, AttributeError):
            return Handed([Answer(Verdict.UNKNOWN, "answer_not_signed")] * len(events))
        try:
            return Handed(outcomes, [await self._acknowledged(one) for one in told["acknowledgements"]])
        except (KeyError, ValueError, TypeError, DeliveryError):
            return Handed(outcomes)  # they are told again to who asks for them, who says what is wrong

    async def _posted(self, body: bytes, content_type: str) -> tuple[Reply | Answer, bool]:
        """The answer and whether it was signed; or what became of the request without one."""
        try:
            return await self._post("/v1/events", body, content_type, self._seconds)
        except NotThereError:
            return Answer(Verdict.AWAY, "not_there"), False
        except DeliveryError as error:
            return Answer(Verdict.UNKNOWN, str(error)), False

    async def collect(self, done: Sequence[int], *, wait: float) -> list[Acknowledged]:
        told = await self._ask("/v1/acknowledgements", {"done": list(done), "wait": wait})
        try:
            return [await self._acknowledged(one) for one in told["acknowledgements"]]
        except (KeyError, ValueError, TypeError) as error:
            raise DeliveryError("not as the contract says") from error

    async def uses(self, done: Sequence[int]) -> list[ReadThere]:
        told = await self._ask("/v1/uses", {"done": list(done)})
        try:
            return [_read_there(one) for one in told["uses"]]
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise DeliveryError("not as the contract says") from error

    async def standings(self, subjects: Sequence[UUID]) -> Mapping[UUID, Standing]:
        told = await self._ask("/v1/standings", {"subjects": [str(one) for one in subjects], "whole": True})
        try:
            return {UUID(subject): _standing(one) for subject, one in told["standings"].items()}
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise DeliveryError("not as the contract says") from error

    async def _ask(self, path: str, asked: Mapping[str, Any]) -> Any:
        answer, signed = await self._post(path, canonical(asked), "application/json", _ASKED_SECONDS)
        if not signed or answer.status != HTTPStatus.OK:
            raise DeliveryError(f"answered {answer.status}{'' if signed else ', unsigned'}")
        return json.loads(answer.content)

    async def _post(self, path: str, body: bytes, content_type: str, seconds: float) -> tuple[Reply, bool]:
        """The answer, and whether the registry signed it, as an answer to this very request. DeliveryError."""
        nonce = new_nonce()
        headers = sign(Message({}, body, "POST", path), await self._key(), self._clock.now(), nonce=nonce)
        answer = await self._posts.post(path, body, {"Content-Type": content_type, **headers}, seconds)
        if "signature" not in answer.headers:
            return answer, False
        message = Message(answer.headers, answer.content, status=answer.status)
        try:
            await self._know(key_of(message))
            verify(message, self._theirs, self._clock.now(), nonce=nonce)
        except SignatureError as error:
            _log.error("mirror.answer_not_signed", code=error.code)
            return answer, False
        return answer, True

    async def _know(self, kid: str) -> None:
        """Fetches the registry's keys when it signs with one that we do not know; not again and again."""
        if kid in self._theirs:
            return
        async with self._looking:
            now = self._clock.now()
            if kid in self._theirs or (self._looked is not None and now - self._looked < _LOOK_AGAIN):
                return
            self._looked = now
            try:
                answer = await self._posts.get("/.well-known/jwks.json", _ASKED_SECONDS)
                self._theirs = read_set(json.loads(answer.content))
            except (DeliveryError, ValueError) as error:
                _log.warning("mirror.keys_not_fetched", cause=type(error).__name__)

    async def _acknowledged(self, told: Mapping[str, Any]) -> Acknowledged:
        receipt = told.get("receipt")
        if receipt is not None:
            await self._check_receipt(receipt, told)
        return Acknowledged(
            number=int(told["number"]),
            event_id=UUID(told["event"]),
            digest=bytes.fromhex(told["digest"]),
            applied=told["state"] == "applied",
            reason=told.get("reason"),
            receipt=receipt,
        )

    async def _check_receipt(self, receipt: str, told: Mapping[str, Any]) -> None:
        """DeliveryError for one that proves nothing: the erasure is then still without a receipt."""
        try:
            stated = receipts.read(receipt, self._theirs)
        except receipts.ReceiptError:
            raise DeliveryError("a receipt that does not hold") from None
        if stated.get("event") != told["event"] or not stated.get("key_destroyed"):
            raise DeliveryError("a receipt of something else")


def _outcome(told: Mapping[str, Any], event_id: UUID) -> Answer:
    """ValueError for what is told of another event."""
    if told.get("event", str(event_id)) != str(event_id):
        raise ValueError("of another event")
    if "code" in told:
        return Answer(Verdict.REFUSED, str(told["code"]))
    return Answer(Verdict.RECEIVED, str(told["outcome"]))


def _answer_to(answer: Reply, event_id: UUID, *, signed: bool) -> Answer:
    status = answer.status
    if status == HTTPStatus.ACCEPTED:
        told = json.loads(answer.content) if signed else {}
        mine = told.get("event") == str(event_id)
        return Answer(Verdict.RECEIVED, told["outcome"]) if mine else Answer(Verdict.UNKNOWN, "answer_not_signed")
    if signed and status in _FOR_GOOD:
        return Answer(Verdict.REFUSED, json.loads(answer.content)["code"])
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return Answer(Verdict.FAULT, str(status))
    return Answer(Verdict.BUSY, str(status), _retry_after(answer))


def _retry_after(answer: Reply) -> timedelta | None:
    told = answer.headers.get("retry-after", "")
    return timedelta(seconds=min(int(told), 3600)) if told.isdigit() else None


def _read_there(told: Mapping[str, Any]) -> ReadThere:
    at = datetime.fromisoformat(told["at"])
    if at.tzinfo is None:
        raise ValueError("a time without its offset")
    named = {name: str(told[name]) for name in ("reader", "purpose", "ground")}
    kinds = tuple(map(str, told["kinds"]))
    return ReadThere(int(told["number"]), UUID(told["id"]), at, UUID(told["subject"]), **named, kinds=kinds)


def _standing(told: Mapping[str, Any]) -> Standing:
    held = tuple(
        (str(kind), str(key), int(seq), UUID(event), bytes.fromhex(digest))
        for kind, key, seq, event, digest in told["held"]
    )
    return Standing(int(told["applied"]), held)
