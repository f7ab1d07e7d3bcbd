"""The OpenAPI document: what FastAPI finds, and what it cannot know: problem details and each route's callers."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter

from routers.deps import REGION_HEADER, Callers
from routers.idempotency import KEY_HEADER, LONGEST, SHORTEST
from routers.problems import Problem

_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token (ES256, ten minutes).",
}
_REGION = {
    "name": REGION_HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The region's code; the first one by default.",
}
_KEY = {
    "name": KEY_HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": SHORTEST, "maxLength": LONGEST},
    "description": "Any unique text, a UUID say: a POST sent again with it is done once and answered the same.",
}
PAGES = {"/docs", "/docs/oauth2-redirect"}


def callers_of(dependant: Dependant) -> list[Callers]:
    """The callers that a route or one of its dependencies declares."""
    own = [dependant.call] if isinstance(dependant.call, Callers) else []
    return own + [found for child in dependant.dependencies for found in callers_of(child)]


def api_routes(app: FastAPI) -> list[APIRoute]:
    """The routes of the API: all but the framework's own page about it."""
    found = (context.original_route for context in iter_route_contexts(app.routes))
    return [route for route in found if isinstance(route, APIRoute) and route.path not in PAGES]


def describe(app: FastAPI) -> None:
    """Completes the document that the application serves at `/openapi.json`."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = generate()
        schemas = document["components"]["schemas"]
        schemas["Problem"] = TypeAdapter(Problem).json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        document["components"]["securitySchemes"] = {"Token": _TOKEN}
        for route in api_routes(app):
            roles = {role.value for callers in callers_of(route.dependant) for role in callers.roles}
            for method in route.methods or ():
                operation = document["paths"][route.path_format][method.lower()]
                operation["x-callers"] = sorted(roles) or ["anyone"]
                if roles:
                    operation["security"] = [{"Token": []}]
                headers = [_REGION, _KEY] if method == "POST" else [_REGION]
                operation["parameters"] = [*operation.get("parameters", []), *headers]
        app.openapi_schema = document
        return document

    app.__dict__["openapi"] = openapi


def render(app: FastAPI) -> str:
    """The document as it is committed in `openapi/manzil.json`."""
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
