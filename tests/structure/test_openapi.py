"""The committed OpenAPI document is the program's own, and says what a client needs."""

import json
from typing import Any

import pytest

from app.domain.identity.caller import Role
from app.main import create_app
from app.openapi import render
from tests.structure.sources import ROOT

COMMITTED = ROOT / "openapi" / "manzil.json"
METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))
    return parsed


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_the_committed_document_is_what_the_program_generates() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == render(create_app()), "run `make openapi`"


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert len(operations(document)) > 15


def test_every_operation_names_its_callers_its_success_and_its_problems(document: dict[str, Any]) -> None:
    known = {role.value for role in Role}
    for name, operation in operations(document).items():
        callers = set(operation["x-callers"])
        assert callers == {"anyone"} or (callers and callers <= known), name
        responses = operation["responses"]
        assert any(status.startswith("2") for status in responses), name
        problems = {status for status in responses if status.startswith(("4", "5"))}
        assert {"401", "422", "500", "503"} <= problems, name
        for status in problems:
            schema = responses[status]["content"]["application/problem+json"]["schema"]
            assert schema["$ref"] == "#/components/schemas/Problem", (name, status)
            assert schema["properties"]["code"]["enum"], (name, status)


def test_a_token_is_asked_for_exactly_where_not_anyone_may_call(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        assert bool(operation.get("security")) == (operation["x-callers"] != ["anyone"]), name
        assert ("403" in operation["responses"]) == (operation["x-callers"] != ["anyone"]), name


def test_every_post_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        headers = {p["name"].lower() for p in operation.get("parameters", []) if p["in"] == "header"}
        assert ("idempotency-key" in headers) or not name.startswith("POST"), name


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*(references(child) for child in node.values()))
        return set().union(*(references(child) for child in node)) if isinstance(node, list) else set()

    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document) - names == set()
