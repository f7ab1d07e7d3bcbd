"""Every route says whom it serves, and every command can be sent again without being done twice."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.main import create_app
from app.openapi import api_routes, callers_of
from routers.deps import Anyone, Migrant, ReadingUow, WritingUow, deciding, reading, writing
from routers.idempotency import KeepingRoute

KEEPING: list[dict[object, str | None]] = [{writing: "function"}, {deciding: None}]
# A GET that writes: it shows staff other people's data, and each of those people's log says so.
LOGGING_READS = {"/v1/visits", "/v1/queue/tickets/{ticket_id}"} | {
    "/v1/employer/vacancies/{vacancy_id}/candidates",
    "/v1/employer/cards/{card_id}/contact",
    "/v1/visits/{booking_id}/documents",
    "/v1/visits/{booking_id}/documents/{document_id}/files/{page}",
    "/v1/visits/{booking_id}/documents/{document_id}/files/{page}/preview",
    "/v1/complaints/{complaint_id}",
    "/v1/points/{point_id}/comments",
}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app()


def without_one_declaration(app: FastAPI) -> list[str]:
    return [route.path for route in api_routes(app) if len(callers_of(route.dependant)) != 1]


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for child in dependant.dependencies:
        yield from _all(child)


def units_of_work(route: APIRoute) -> dict[object, str | None]:
    """The units of work that a route opens, and when each ends."""
    return {d.call: d.scope for d in _all(route.dependant) if d.call in {reading, writing, deciding}}


def methods_of(route: APIRoute) -> set[str]:
    assert route.methods
    return route.methods


def commands_at_fault(app: FastAPI) -> list[str]:
    return [
        route.path
        for route in api_routes(app)
        if "POST" in methods_of(route) and not (isinstance(route, KeepingRoute) and units_of_work(route) in KEEPING)
    ]


def writing_reads(app: FastAPI) -> set[str]:
    return {r.path for r in api_routes(app) if "GET" in methods_of(r) and writing in units_of_work(r)}


def test_every_operation_of_the_document_is_a_route_that_these_tests_see(app: FastAPI) -> None:
    seen = {(route.path_format, method.lower()) for route in api_routes(app) for method in methods_of(route)}
    told = {(path, method) for path, item in app.openapi()["paths"].items() for method in item}
    assert seen == told
    assert len(seen) > 15


def test_every_route_declares_its_callers_once(app: FastAPI) -> None:
    assert without_one_declaration(app) == []


def test_a_route_without_callers_or_with_two_would_be_found() -> None:
    router = APIRouter()

    @router.get("/forgotten")
    async def forgotten(uow: ReadingUow) -> None: ...

    @router.get("/twice", dependencies=[Anyone])
    async def twice(caller: Migrant) -> None: ...

    @router.get("/right", dependencies=[Anyone])
    async def right() -> None: ...

    app = FastAPI()
    app.include_router(router)
    assert without_one_declaration(app) == ["/forgotten", "/twice"]


def test_every_post_keeps_its_answer_in_the_transaction_of_its_command(app: FastAPI) -> None:
    assert commands_at_fault(app) == []


def test_a_post_that_keeps_no_answer_or_only_reads_would_be_found() -> None:
    plain, keeping = APIRouter(), APIRouter(route_class=KeepingRoute)

    @plain.post("/forgets")
    async def forgets(uow: WritingUow) -> None: ...

    @keeping.post("/reads")
    async def reads(uow: ReadingUow) -> None: ...

    @keeping.post("/right")
    async def right(uow: WritingUow) -> None: ...

    app = FastAPI()
    for router in (plain, keeping):
        app.include_router(router)
    assert commands_at_fault(app) == ["/forgets", "/reads"]


def test_a_get_writes_only_to_log_who_was_shown(app: FastAPI) -> None:
    assert writing_reads(app) == LOGGING_READS


def test_every_unit_of_work_ends_before_the_answer_is_sent(app: FastAPI) -> None:
    """By its scope; one that decides is ended by the route, which carries out what it leaves."""
    for route in api_routes(app):
        for unit, scope in units_of_work(route).items():
            assert isinstance(route, KeepingRoute) if unit is deciding else scope == "function", route.path
