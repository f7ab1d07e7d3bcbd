"""What the region's readers ask, each with a purpose and an entry in the log; and what anybody may know."""

import json
from collections import defaultdict
from typing import Annotated, Any, Literal
from uuid import UUID

import h3
from fastapi import APIRouter, Query, Request, Response, status
from fastapi.responses import JSONResponse

from registry.errors import Refused
from registry.inbox import KINDS, Kind
from registry.keys import KeyGoneError
from registry.sending import gate_of
from registry.store import UNREACHABLE, Use

router = APIRouter()
FEWEST = 10
"""People in a cell that is told of at all."""
Purpose = Literal["migration_registration", "border_control", "labour_supervision", "emergency"]
GROUNDS: dict[Purpose, str] = {
    "migration_registration": "109-FZ: migration registration of foreign citizens",
    "border_control": "114-FZ: entry into and departure from the Russian Federation",
    "labour_supervision": "115-FZ: supervision of the work of foreign citizens",
    "emergency": "68-FZ: protection of people in emergencies",
}
"""The law by which a reader may read for a purpose: it goes back, with who reads, to whom the data are of."""
Subject = UUID


@router.get("/v1/people/{subject}")
async def person(
    subject: Subject,
    request: Request,
    source: Annotated[str, Query(max_length=200)],
    kind: Annotated[list[Kind] | None, Query(max_length=5)] = None,
    purpose: Annotated[Purpose | None, Query()] = None,
) -> Response:
    """What is held of one person. That it was read, by whom and what for, stands in the log before it is told."""
    gate = gate_of(request)
    reader = gate.reader(request)
    if purpose is None:
        raise Refused("purpose_missing")
    use = Use(gate.inbox.clock(), reader, purpose, GROUNDS[purpose])
    rows = await gate.inbox.store.read(source, subject, kind or KINDS, use)
    told: list[dict[str, Any]] = []
    for row in rows:
        try:
            content = json.loads(await gate.inbox.keys.open(row["subject"], row["consent"], row["sealed"]))
        except KeyGoneError:
            continue
        told.append(
            {
                "kind": row["kind"],
                "key": row["key"],
                "content": content,
                "purpose": row["purpose"],
                "ground": row["ground"],
                "applied_at": row["applied_at"].isoformat(),
            }
        )
    return JSONResponse({"records": told})


@router.get("/v1/people/{subject}/uses")
async def uses(subject: Subject, request: Request, source: Annotated[str, Query(max_length=200)]) -> Response:
    """Who read of this person, and what for, newest first."""
    gate = gate_of(request)
    gate.reader(request)
    rows = await gate.inbox.store.uses(source, subject)
    return JSONResponse({"uses": [dict(row) | {"at": row["at"].isoformat()} for row in rows]})


@router.get("/v1/cells")
async def cells(request: Request, resolution: Annotated[int, Query(ge=0, le=9)] = 7) -> Response:
    """How many people are in each cell, of those with at least ten of them; in whole tens, so that neither two sizes of
    cells nor two moments tell of one person.
    """
    gate = gate_of(request)
    gate.reader(request)
    people: dict[str, set[UUID]] = defaultdict(set)
    for row in await gate.inbox.store.of_kind("location"):
        try:
            cell = json.loads(await gate.inbox.keys.open(row["subject"], row["consent"], row["sealed"]))["cell"]
        except KeyGoneError:
            continue
        if h3.get_resolution(cell) >= resolution:
            people[h3.cell_to_parent(cell, resolution)].add(row["subject"])
    counted = sorted((cell, len(there) // FEWEST * FEWEST) for cell, there in people.items() if len(there) >= FEWEST)
    return JSONResponse({"cells": [{"cell": cell, "people": count} for cell, count in counted]})


@router.get("/v1/alarms")
async def alarms(request: Request) -> Response:
    """What was refused that no honest sender sends, newest first."""
    gate = gate_of(request)
    gate.reader(request)
    found = [
        {"at": row["at"].isoformat(), "code": row["code"], "source": row["source"]}
        for row in await gate.inbox.store.alarms()
    ]
    return JSONResponse({"alarms": found})


@router.get("/.well-known/jwks.json")
async def jwks(request: Request) -> Response:
    """The keys that sign answers and receipts."""
    return JSONResponse(gate_of(request).inbox.signing.published())


@router.get("/health/ready")
async def ready(request: Request) -> Response:
    try:
        await gate_of(request).inbox.store.ready()
    except UNREACHABLE:
        return JSONResponse({"status": "busy"}, status.HTTP_503_SERVICE_UNAVAILABLE)
    return JSONResponse({"status": "ok"})
