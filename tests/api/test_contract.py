"""Whatever fits the document is answered as the document says (schemathesis), for a migrant and for a clerk."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from typing import Any

import httpx
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from requests import Request
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.demo.seed import point_id_of
from app.domain.documents import tus
from tests.api.helpers import AIRPORT, booked
from tests.conftest import seeded, settings_for
from tests.support.contract import document
from tests.support.people import Desk, Person, World
from tests.support.sizes import sizes

schemathesis.serializer.alias(tus.CONTENT_TYPE, "application/octet-stream")
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def _call_all(
    world: World, caller: Person | Desk, role: str, ids: dict[str, str], loop: asyncio.AbstractEventLoop
) -> Counter[int]:
    """Calls each operation with cases made from the document; how often it was answered by which status.

    One that does not serve that role is called less: whatever it is told, it turns the caller away.
    Runs in a thread of its own: Hypothesis is synchronous, and the application lives in `loop`.
    """
    schema = schemathesis.openapi.from_dict(deepcopy(document()))
    answered: Counter[int] = Counter()

    def check(case: Case[Any]) -> None:
        sending = world.client.send(_request(case, {"Manzil-Region": world.region.code, **caller.headers}))
        answer = asyncio.run_coroutine_threadsafe(sending, loop).result(timeout=20)
        case.validate_response(answer, checks=_CHECKS)
        answered[answer.status_code] += 1

    for operation in _operations(schema):
        known = {name: ids[name] for name in ids if f"{{{name}}}" in operation.path}
        serves = {role, "anyone"} & set(operation.definition.raw["x-callers"])
        within = settings(
            max_examples=sizes().contract_examples if serves else sizes().contract_refusals,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        run = given(operation.as_strategy(path_parameters=known or None))(check)
        within(run)()
    return answered


def _operations(schema: Any) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        yield result.ok()


def _request(case: Case[Any], headers: dict[str, str]) -> httpx.Request:
    """The case as it goes over the wire, with these headers in place of its own."""
    wire = Request(**case.as_transport_kwargs(base_url="http://manzil.test")).prepare()
    wire.headers.update(headers)
    body = wire.body or b""
    assert isinstance(body, str | bytes)
    sent = [(name, value if isinstance(value, str) else value.decode()) for name, value in wire.headers.items()]
    return httpx.Request(str(wire.method), str(wire.url), headers=sent, content=body)


async def _ids(person: Person) -> dict[str, str]:
    """Identifiers of what there is: others are only ever not found."""
    booking = await booked(person, point=AIRPORT)
    return {"booking_id": booking["id"], "point_id": person.world.point_id(AIRPORT), "code": "insurance"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(worker: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A region of its own: by chance a clerk here closes counters where others have visits."""
    settings = await asyncio.to_thread(settings_for, f"c_{worker}", tmp_path_factory.mktemp("contract"))
    async with seeded(settings) as world:
        yield world


@pytest.mark.slow
async def test_a_migrant_is_answered_as_the_document_says(world: World) -> None:
    person = await world.newcomer()
    answered = await asyncio.to_thread(
        _call_all, world, person, "migrant", await _ids(person), asyncio.get_running_loop()
    )
    # Most of it was not merely turned away at the door.
    assert sum(answered[status] for status in (200, 201, 202, 204)) > 50, answered


@pytest.mark.slow
async def test_a_clerk_is_answered_as_the_document_says(world: World) -> None:
    ids = await _ids(await world.newcomer())
    desk = await world.desk(AIRPORT)
    ticket = (await desk.post("/v1/queue/tickets", {"service": "medical"})).json()
    ids |= {"ticket_id": ticket["id"], "counter_id": str(point_id_of(world.region.code, f"{AIRPORT}/counter-1"))}
    answered = await asyncio.to_thread(_call_all, world, desk, "clerk", ids, asyncio.get_running_loop())
    # Most of it was not merely turned away at the door.
    assert sum(answered[status] for status in (200, 201, 202, 204)) > 50, answered
