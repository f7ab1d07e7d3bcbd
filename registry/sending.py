"""What senders call. Every request is signed, and so is every answer to one whose signature holds."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.wire.bodies import Event, MalformedError, event_of, parts_of
from registry.access import Gate, Sent
from registry.errors import Refused
from registry.inbox import TAKEN
from registry.store import UNREACHABLE, Row

router = APIRouter()
_MOST_ACKNOWLEDGEMENTS, _MOST_SUBJECTS, _MOST_DONE, _MOST_USES = 500, 500, 5000, 500


def gate_of(request: Request) -> Gate:
    gate: Gate = request.app.state.gate
    return gate


@router.post("/v1/events")
async def receive(request: Request) -> Response:
    """202 once all of it is stored. That it is *applied* is acknowledged apart. A list of events is a batch: each of
    them is taken or refused on its own, and what came of them already is told along.
    """

    async def take(gate: Gate, sent: Sent) -> tuple[int, object]:
        if sent.body.startswith(b"["):
            return 200, await _take_all(gate, sent)
        event = event_of(sent.body)
        if event.source != sent.source:
            raise Refused("source_not_yours")
        outcome = await gate.inbox.take(event, sent.body, sent.signed)
        said = {"event": str(event.id), "subject": str(event.subject), "sequence": event.sequence, "outcome": outcome}
        return 202, said

    return await _answered(request, take)


async def _take_all(gate: Gate, sent: Sent) -> dict[str, Any]:
    outcomes: list[dict[str, Any]] = []
    good: list[tuple[Event, bytes]] = []
    for body in parts_of(sent.body):
        try:
            event = event_of(body)
        except MalformedError:
            outcomes.append({"code": "malformed"})
            continue
        if event.source != sent.source:
            outcomes.append({"event": str(event.id), "code": "source_not_yours"})
            continue
        outcomes.append({"event": str(event.id)})
        good.append((event, body))
    told: list[dict[str, Any]] = []
    if good:
        found, told = await gate.inbox.take_all(good, sent.source, sent.signed)
        of_the_good = (one for one in outcomes if "code" not in one)
        for one, outcome in zip(list(of_the_good), found, strict=True):
            one["outcome" if outcome in TAKEN else "code"] = outcome
    else:
        await gate.once(sent)
    return {"outcomes": outcomes, "acknowledgements": told}


@router.post("/v1/acknowledgements")
async def acknowledgements(request: Request) -> Response:
    """What has become of events. Each is told until the sender says, in a later request, that it is done with it."""

    async def collect(gate: Gate, sent: Sent) -> tuple[int, object]:
        asked = _asked(sent.body)
        done, wait = asked.get("done", []), asked.get("wait", 0)
        limit = asked.get("limit", _MOST_ACKNOWLEDGEMENTS)
        if not _numbers(done) or not _number(wait) or not _whole(limit) or limit < 1:
            raise Refused("malformed", "done is a list of numbers, wait seconds, limit a positive number")
        await gate.once(sent)
        limit = min(limit, _MOST_ACKNOWLEDGEMENTS)
        return 200, {"acknowledgements": await gate.inbox.acknowledgements(sent.source, done, wait, limit)}

    return await _answered(request, collect)


@router.post("/v1/uses")
async def told_uses(request: Request) -> Response:
    """Who read of the sender's people, so that it can tell them. Each is told until the sender is done with it."""

    async def tell(gate: Gate, sent: Sent) -> tuple[int, object]:
        asked = _asked(sent.body)
        done, limit = asked.get("done", []), asked.get("limit", _MOST_USES)
        if not _numbers(done) or not _whole(limit) or limit < 1:
            raise Refused("malformed", "done is a list of numbers, limit a positive number")
        await gate.once(sent)
        rows = await gate.inbox.store.untold_uses(sent.source, done, min(limit, _MOST_USES), gate.inbox.clock())
        return 200, {"uses": [_use(row) for row in rows]}

    return await _answered(request, tell)


def _use(row: Row) -> dict[str, Any]:
    return dict(row) | {"id": str(row["id"]), "at": row["at"].isoformat(), "subject": str(row["subject"])}


@router.post("/v1/standings")
async def standings(request: Request) -> Response:
    """How far each person's sequence is applied, and the digest of what is held; with `whole`, its list."""

    async def compare(gate: Gate, sent: Sent) -> tuple[int, object]:
        asked = _asked(sent.body)
        subjects = _subjects(asked.get("subjects"))
        await gate.once(sent)
        found = await gate.inbox.standings(sent.source, subjects, whole=asked.get("whole") is True)
        return 200, {"standings": found}

    return await _answered(request, compare)


async def _answered(request: Request, work: Callable[[Gate, Sent], Awaitable[tuple[int, object]]]) -> Response:
    gate = gate_of(request)
    sent = await gate.sender(request)
    try:
        status, said = await work(gate, sent)
    except MalformedError as error:
        refused = Refused("malformed", str(error))
    except UNREACHABLE:
        refused = Refused("busy", retry_after=1)
    except Refused as error:
        refused = error
    else:
        return gate.answer(sent, said, status)
    answer = gate.answer(sent, refused.body(), refused.status)
    if refused.retry_after is not None:
        answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def _asked(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("malformed", "the body is no JSON") from None
    if not isinstance(asked, dict):
        raise Refused("malformed", "the body is no object")
    return asked


def _subjects(told: Any) -> list[UUID]:
    if not isinstance(told, list) or len(told) > _MOST_SUBJECTS:
        raise Refused("malformed", f"subjects is a list of at most {_MOST_SUBJECTS}")
    try:
        return [UUID(each) for each in told]
    except (ValueError, TypeError, AttributeError):
        raise Refused("malformed", "a subject is a UUID") from None


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _number(value: Any) -> bool:
    return _whole(value) or isinstance(value, float)


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _MOST_DONE and all(map(_whole, value))
