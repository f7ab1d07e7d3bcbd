"""The edge of `services.answers`: claims the key when the unit of work opens, keeps the answer before it commits."""

import json
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.db.unit_of_work import Writing
from services.answers.commands import KEEP_FOR, Answer, Claim, claim, forget, keep

_CLAIMED = "claimed_answer"
F = TypeVar("F", bound=Callable[..., Any])


class Replay(Exception):
    """This request was answered before: here is that answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("replay")
        self.answer = answer


def answer_kept_for(term: timedelta, *, apart_from: tuple[str, ...] = ()) -> Callable[[F], F]:
    """Says of an endpoint how long its answers can be had again, where a day is not right.

    Bodies that differ in the members `apart_from` only are the same request: a signature is new each time.
    """

    def mark(endpoint: F) -> F:
        endpoint.__dict__.update(answer_kept_for=term, same_apart_from=apart_from)
        return endpoint

    return mark


async def claim_answer(request: Request, uow: Writing, key: str) -> None:
    """Claims `key` for this request, or raises `Replay` with the answer it got before."""
    endpoint = request.scope["endpoint"]
    term = getattr(endpoint, "answer_kept_for", KEEP_FOR)
    body = await request.body()
    ignored = getattr(endpoint, "same_apart_from", ())
    if ignored and isinstance(stated := json.loads(body), dict):
        body = json.dumps({name: value for name, value in stated.items() if name not in ignored}).encode()
    same = f"{request.method} {request.url.path}\0".encode() + body
    claimed = await claim(uow, key, same, keep_for=term)
    if isinstance(claimed, Answer):
        raise Replay(claimed)
    request.scope[_CLAIMED] = (uow, claimed)


async def forget_claim(request: Request) -> None:
    """Gives up the claim of a request that ended in an error."""
    uow, claimed = request.scope.pop(_CLAIMED)
    await forget(uow, claimed)


class KeepingRoute(APIRoute):
    """A route that keeps its answer under the request's Idempotency-Key, in the command's own transaction."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def keeping(request: Request) -> Response:
            try:
                response = await handle(request)
            except Replay as replay:
                body = replay.answer.body
                return Response(body, replay.answer.status, media_type="application/json" if body else None)
            claimed: tuple[Writing, Claim] | None = request.scope.get(_CLAIMED)
            if claimed is not None:
                await keep(*claimed, Answer(response.status_code, bytes(response.body)))
            return response

        return keeping
