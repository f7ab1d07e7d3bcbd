"""Every answer that any test gets is held against the OpenAPI document: no route ends in an error it does not list."""

import json
import re
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.datastructures import State

from app.main import create_app
from app.runtime import Runtime

_COMMITTED = Path(__file__).parents[2] / "openapi" / "manzil.json"
Operations = list[tuple[re.Pattern[str], dict[str, Any]]]


def app_of(runtime: Runtime) -> FastAPI:
    """The application on that runtime: a twin of one whose routes are made ready but once."""
    twin = copy(_app())
    twin.state = State({"runtime": runtime})
    return twin


def client_of(runtime: Runtime) -> httpx.AsyncClient:
    """A client of the application in this process, as a phone has one over the net."""
    transport = httpx.ASGITransport(app_of(runtime), raise_app_exceptions=False)
    hooks = {"response": [keep_to_the_document]}
    return httpx.AsyncClient(transport=transport, base_url="http://manzil.test", event_hooks=hooks)


async def keep_to_the_document(answer: httpx.Response) -> None:
    """A hook for httpx. AssertionError for a problem whose code the route does not list under its status."""
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return
    await answer.aread()
    if answer.request.method == "HEAD":
        return  # it has no body
    code = json.loads(answer.content)["code"]
    asked = answer.request.url.path
    for path, item in _operations():
        operation = item.get(answer.request.method.lower())
        if operation and path.fullmatch(asked):
            told = operation["responses"].get(str(answer.status_code), {"content": {}})["content"]
            listed = told.get("application/problem+json", {}).get("schema", {}).get("properties", {}).get("code", {})
            where = f"{answer.request.method} {path.pattern}"
            assert code in listed.get("enum", ()), (
                f"{where} ended in {answer.status_code} {code}, which it does not list"
            )
            return


@cache
def _app() -> FastAPI:
    return create_app()


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document as it is committed, which is the program's own (tests/structure); not to be changed."""
    parsed: dict[str, Any] = json.loads(_COMMITTED.read_text(encoding="utf-8"))
    return parsed


@cache
def _operations() -> Operations:
    """Plain paths before those with parameters: `/v1/visits/check-ins` is not a visit's id."""
    paths = document()["paths"]
    ordered = sorted(paths.items(), key=lambda item: item[0].count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), item) for path, item in ordered]
