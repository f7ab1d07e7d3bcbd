"""Server-sent events (WHATWG HTML §9.2): a queue's state as it moves, in whichever of its views.

Each event is the whole state, its id the version: whoever connects again, with a Last-Event-ID or without, has the
present one with the first event. A stream ends with the caller's token and with the process; the client connects again.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import StreamingResponse

from app.domain.identity.caller import Caller
from app.domain.queue.state import QueueState
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from routers.addresses import address_of
from routers.schemas import Out

BEAT_SECONDS = 15.0
AGAIN_MILLISECONDS = 2000
Render = Callable[[QueueState, datetime], Out]
"""A view of the state, as the answer to a GET has it."""
LAST_EVENT_ID = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 40},
    "description": "The id of the last event that came. Whatever it is, the present state comes first.",
}


class EventStream(StreamingResponse):
    """Not the framework's own class: that one takes endpoints which yield, answers before they can refuse, and runs
    ahead of a slow reader.
    """

    media_type = "text/event-stream"


def streamed(model: type[Out]) -> dict[int | str, dict[str, Any]]:
    """The `responses` entry of a stream whose events' `data` is that model, which another route answers with."""
    event = {
        "type": "object",
        "required": ["data", "event", "id"],
        "properties": {
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {"$ref": f"#/components/schemas/{model.__name__}"},
            },
            "event": {"const": "state"},
            "id": {"type": "string", "description": "The version of the point's queue."},
            "retry": {"type": "integer"},
        },
    }
    said = "Server-sent events, each with the whole state; comments are beats."
    return {200: {"description": said, "content": {EventStream.media_type: {"schema": event}}}}


def stream(
    request: Request,
    runtime: Runtime,
    region: RegionPolicy,
    point_id: UUID,
    render: Render,
    *,
    caller: Caller | None = None,
    last: Callable[[Out], bool] | None = None,
) -> EventStream:
    """The answer. TooManyRequests, before it begins, for who has too many streams. After an event that is the `last`
    there is nothing more to tell.
    """
    who = str(caller.account_id) if caller else address_of(request)
    runtime.live.admit(who)
    until = caller.expires_at if caller else None
    events = _events(runtime, region, point_id, who, render, until, last)
    return EventStream(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


async def _events(
    runtime: Runtime,
    region: RegionPolicy,
    point_id: UUID,
    who: str,
    render: Render,
    until: datetime | None,
    last: Callable[[Out], bool] | None,
) -> AsyncIterator[bytes]:
    clock, shown = runtime.database.clock, ""
    with runtime.live.watch(region, point_id, who) as watch:
        while not watch.ended:
            now = clock.now()
            left = BEAT_SECONDS if until is None else min(BEAT_SECONDS, (until - now) / timedelta(seconds=1))
            if left <= 0:
                return
            state = await watch.next(left)
            if state is None:
                if not watch.ended:
                    yield KEEPALIVE_COMMENT
                continue
            told = render(state, clock.now())
            data = told.model_dump_json()
            # Another's move may leave this view as it is: a phone is not woken for it.
            if data != shown:
                retry = None if shown else AGAIN_MILLISECONDS
                yield format_sse_event(data_str=data, event="state", id=str(state.version), retry=retry)
                shown = data
            if (last is not None and last(told)) or not runtime.live.running:
                return
