"""The edge of `services.answers`: a POST with an Idempotency-Key is done once, its answer kept with what it did.

A `Writing` command claims the key when its unit of work opens and keeps the answer before it commits. A `Deciding`
command looks for an answer while it reads; its own goes into the one statement that carries out its changes.
"""

import json
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.db.driver import Changed
from app.db.unit_of_work import ATTEMPTS, Deciding, Writing
from app.errors import InvalidInput, TryAgain
from services.answers.commands import (
    KEEP_FOR,
    Answer,
    Claim,
    Repeated,
    claim,
    claim_of,
    earlier,
    forget,
    keep,
    kept_row,
)

KEY_HEADER = "Idempotency-Key"
SHORTEST, LONGEST = 8, 128
_CLAIMED, _DECIDING, _ATTEMPT = "claimed_answer", "deciding", "attempt"
F = TypeVar("F", bound=Callable[..., Any])


def answer_kept_for(term: timedelta, *, apart_from: tuple[str, ...] = ()) -> Callable[[F], F]:
    """Says of an endpoint how long its answers can be had again, where a day is not right.

    Bodies that differ in the members `apart_from` only are the same request: a signature is new each time.
    """

    def mark(endpoint: F) -> F:
        endpoint.__dict__.update(answer_kept_for=term, same_apart_from=apart_from)
        return endpoint

    return mark


def told_by_headers(*names: str) -> Callable[[F], F]:
    """Says of an endpoint that these headers are as much of the request as its body."""

    def mark(endpoint: F) -> F:
        endpoint.__dict__["same_headers"] = names
        return endpoint

    return mark


async def claim_answer(request: Request, uow: Writing, key: str) -> None:
    """Claims `key` for this request, or raises `Repeated` with the answer it got before."""
    claimed = await _claim(request, uow, key)
    await claim(uow, claimed)
    request.scope[_CLAIMED] = (uow, claimed)


async def decide_under(request: Request, uow: Deciding, key: str | None) -> None:
    """Registers the unit of work, for its changes to be carried out; and looks for an answer under `key`, if any."""
    claimed = None if key is None else await _claim(request, uow, key)
    if claimed is not None:
        uow.riders.append(earlier(uow, claimed))
    request.scope[_DECIDING] = (uow, claimed)


def key_of_request(request: Request) -> str | None:
    """The Idempotency-Key of a POST, if it has one. InvalidInput for one too short to be unique, or too long."""
    key = request.headers.get(KEY_HEADER) if request.method == "POST" else None
    if key is not None and not SHORTEST <= len(key) <= LONGEST:
        fault = f"between {SHORTEST} and {LONGEST} characters"
        raise InvalidInput(errors=[{"at": "header.idempotency-key", "fault": fault}])
    return key


def attempt_of(request: Request) -> int:
    """How often this request was decided before and came too late, from 0."""
    attempt: int = request.scope.get(_ATTEMPT, 0)
    return attempt


async def _claim(request: Request, uow: Writing | Deciding, key: str) -> Claim:
    endpoint = request.scope["endpoint"]
    term = getattr(endpoint, "answer_kept_for", KEEP_FOR)
    body = await request.body()
    ignored = getattr(endpoint, "same_apart_from", ())
    if ignored and isinstance(stated := _stated(body), dict):
        body = json.dumps({name: value for name, value in stated.items() if name not in ignored}).encode()
    told = "".join(f"{request.headers.get(name, '')}\0" for name in getattr(endpoint, "same_headers", ()))
    same = f"{request.method} {request.url.path}\0{told}".encode() + body
    return claim_of(uow, key, same, term)


def _stated(body: bytes) -> Any:
    """What a body says; None for what is no JSON, which the endpoint refuses by itself."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


async def forget_claim(request: Request) -> None:
    """Gives up the claim of a request that ended in an error."""
    uow, claimed = request.scope.pop(_CLAIMED)
    await forget(uow, claimed)


class KeepingRoute(APIRoute):
    """A route that keeps its answer under the request's Idempotency-Key, together with what the command did."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def keeping(request: Request) -> Response:
            for attempt in range(ATTEMPTS):
                request.scope[_ATTEMPT] = attempt
                try:
                    response = await handle(request)
                    body = getattr(response, "body", b"")  # a stream has none; it answers a GET, and is not kept
                    await _conclude(request, Answer(response.status_code, bytes(body)))
                except Repeated as repeated:
                    body = repeated.answer.body
                    return Response(body, repeated.answer.status, media_type="application/json" if body else None)
                except Changed:
                    continue
                finally:
                    await _release(request)
                return response
            raise TryAgain(retry_after=1)

        return keeping


async def _release(request: Request) -> None:
    decided: tuple[Deciding, Claim | None] | None = request.scope.pop(_DECIDING, None)
    if decided is not None:
        await decided[0].release()


async def _conclude(request: Request, answer: Answer) -> None:
    claimed: tuple[Writing, Claim] | None = request.scope.get(_CLAIMED)
    if claimed is not None:
        await keep(*claimed, answer)
    decided: tuple[Deciding, Claim | None] | None = request.scope.get(_DECIDING)
    if decided is not None:
        uow, under = decided
        await uow.finish(kept_row(uow, under, answer) if under else None)
