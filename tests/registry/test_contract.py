"""The running registry answers as `openapi/registry.yaml` says (schemathesis), whoever reads it; and says no more."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from requests import Request
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.wire.signatures import Message, new_nonce, sign
from registry.errors import STATUSES
from registry.inbox import KINDS
from tests.support.registry import READER, Sender, Standing
from tests.support.sizes import sizes

CONTRACT = Path(__file__).parents[2] / "openapi/registry.yaml"
_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def contract() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    return told


def _call_all(registry: Standing, sender: Sender, loop: asyncio.AbstractEventLoop) -> Counter[str]:
    answered: Counter[str] = Counter()

    def check(case: Case[Any]) -> None:
        answer = asyncio.run_coroutine_threadsafe(sender.client.send(_request(case, sender)), loop).result(timeout=30)
        case.validate_response(answer, checks=_CHECKS)
        answered[f"{case.operation.label} {answer.status_code}"] += 1

    for result in schemathesis.openapi.from_dict(contract()).get_all_operations():
        assert isinstance(result, Ok), result
        within = settings(
            max_examples=sizes().contract_examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        run = given(result.ok().as_strategy())(check)
        within(run)()
    return answered


def _request(case: Case[Any], sender: Sender) -> httpx.Request:
    """The case as its sender would sign it; its waiting cut short."""
    wire = Request(**case.as_transport_kwargs(base_url="http://registry.test")).prepare()
    raw = wire.body or b""
    body = raw if isinstance(raw, bytes) else str(raw).encode()
    if body.startswith(b"{") and b'"wait"' in body:
        body = json.dumps(json.loads(body) | {"wait": 0}).encode()
    url = httpx.URL(str(wire.url))
    headers = {
        "Authorization": f"Bearer {READER['ministry']}",
        "Content-Type": str(wire.headers.get("Content-Type", "")),
    }
    if wire.method == "POST":
        message = Message({}, body, "POST", url.path)
        headers |= sign(message, sender.key, sender.clock.now(), nonce=new_nonce())
    return httpx.Request(str(wire.method), url, headers=headers, content=body)


async def test_whatever_fits_the_contract_is_answered_as_it_says(registry: Standing, sender: Sender) -> None:
    await sender.send(sender.event(uuid4(), 1))
    answered = await asyncio.to_thread(_call_all, registry, sender, asyncio.get_running_loop())
    operations = {name.rsplit(" ", 1)[0] for name in answered}
    assert len(operations) == 10, answered
    served = {name.rsplit(" ", 1)[0] for name in answered if name.endswith((" 200", " 202"))}
    assert served >= operations - {"POST /v1/events"}, answered


async def test_real_traffic_fits_the_contract(registry: Standing, sender: Sender) -> None:
    """Events, acknowledgements and standings as they are really sent."""
    schema = schemathesis.openapi.from_dict(contract())
    event = sender.event(uuid4(), 1)
    received = await sender.send(event)
    schema["/v1/events"]["POST"].validate_response(received)
    for path, asked in (
        ("/v1/acknowledgements", {}),
        ("/v1/standings", {"subjects": [str(event.subject)], "whole": True}),
    ):
        answer = await sender.post(path, json.dumps(asked).encode())
        schema[path]["POST"].validate_response(answer)
    schema["/v1/people/{subject}"]["GET"].validate_response(await sender.read(event.subject))


def test_the_contract_names_every_route_and_every_code(registry: Standing) -> None:
    served, told = registry.app.openapi(), contract()
    assert {path: set(item) for path, item in told["paths"].items()} == {
        path: set(item) for path, item in served["paths"].items()
    }
    described = CONTRACT.read_text(encoding="utf-8")
    assert [code for code in STATUSES if f"`{code}`" not in described] == []
    assert told["components"]["schemas"]["Record"]["properties"]["kind"]["enum"] == sorted(KINDS, reverse=True)


@pytest.mark.parametrize("wrong", ["resolution=10", "resolution=x"])
async def test_a_wrong_question_is_answered_in_the_contracts_form(registry: Standing, wrong: str) -> None:
    headers = {"Authorization": f"Bearer {READER['ministry']}"}
    answer = await registry.client.get(f"/v1/cells?{wrong}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
