"""Every operation of the document refuses who may not call it, before it looks at what was sent."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from app.main import create_app
from tests.api.helpers import refused
from tests.support.people import Desk, Person, World


def _operations(world: World) -> Iterator[tuple[str, str, set[str]]]:
    """Method, a path that could be called, and the roles that may."""
    document: dict[str, Any] = create_app(world.runtime).openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            real = path.replace("{day}", "2026-09-10").replace("{code}", "insurance")
            for name in ("booking_id", "point_id"):
                real = real.replace(f"{{{name}}}", str(uuid4()))
            yield method.upper(), real, set(operation["x-callers"])


async def _turned_away(world: World, caller: Person | Desk | None, may: str) -> int:
    """Calls whatever `caller` may not call; how many operations those are."""
    headers = caller.headers if caller else {}
    count = 0
    for method, path, roles in _operations(world):
        if roles & {"anyone", may}:
            continue
        count += 1
        for body in (None, {"nothing": "fits"}) if method == "POST" else (None,):
            answer = await world.client.request(method, path, headers=headers, json=body)
            problem = refused(answer, 403 if caller else 401, "not_allowed" if caller else "not_signed_in")
            assert set(problem) == {"type", "title", "status", "code", "request_id"}, path
    return count


async def test_nobody_without_a_token_gets_further_than_401(world: World) -> None:
    assert await _turned_away(world, None, "") >= 13


async def test_a_migrant_gets_no_further_than_403_where_clerks_work(world: World) -> None:
    assert await _turned_away(world, await world.newcomer(), "migrant") >= 3


async def test_a_clerk_gets_no_further_than_403_where_migrants_ask_for_their_own(world: World) -> None:
    assert await _turned_away(world, await world.desk("exam-1"), "clerk") >= 9
