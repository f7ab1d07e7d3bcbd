"""One request is one transaction, committed before its answer is sent."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import ClassVar
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from starlette.types import Message, Receive, Scope, Send

from app import handlers
from app.db.unit_of_work import Reading, Writing
from app.domain.region.policy import RegionPolicy
from app.errors import AppError
from app.models.identity import Person
from app.runtime import Runtime
from routers.deps import WritingUow
from routers.idempotency import KeepingRoute


class Refused(AppError):
    code = "refused"
    status = 409
    title: ClassVar = {"en": "No.", "ru": "Нет."}


class Counted(Refused):
    commits = True


async def add_person(uow: Writing) -> str:
    person_id = uuid4()
    await uow.session.execute(insert(Person).values(id=person_id, created_at=uow.now))
    return str(person_id)


async def is_there(runtime: Runtime, region: RegionPolicy, person_id: str) -> bool:
    async with runtime.database.reading(region) as uow:
        return await uow.session.scalar(select(Person.id).where(Person.id == person_id)) is not None


async def fail_at_commit(uow: Writing, constraint: str) -> None:
    """Makes the transaction one that PostgreSQL refuses at COMMIT and not before."""
    await uow.session.execute(
        text(f"""CREATE TEMPORARY TABLE twice (
            n integer, CONSTRAINT {constraint} UNIQUE (n) DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP""")
    )
    await uow.session.execute(text("INSERT INTO twice VALUES (1), (1)"))


async def write_while_reading(uow: Reading, statement: str, now: datetime) -> None:
    await uow.session.execute(text(statement), {"id": uuid4(), "now": now})


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO persons (id, created_at) VALUES (:id, :now)",
        "UPDATE persons SET created_at = :now WHERE id = :id",
        "DELETE FROM persons WHERE id = :id OR created_at > :now",
        "SELECT FROM persons WHERE id = :id OR created_at > :now FOR UPDATE",
    ],
)
async def test_postgresql_refuses_a_reading_unit_of_work_that_writes(
    runtime: Runtime, region: RegionPolicy, statement: str
) -> None:
    async with runtime.database.reading(region) as uow:
        with pytest.raises(DBAPIError) as refused:
            await write_while_reading(uow, statement, uow.now)
    assert getattr(refused.value.orig, "sqlstate", "") == "25006"
    # The connection goes back to the pool, where the next one may write.
    async with runtime.database.writing(region) as uow:
        person_id = await add_person(uow)
    assert await is_there(runtime, region, person_id)


@pytest.mark.parametrize(("error", "stands"), [(Refused, False), (Counted, True), (LookupError, False)])
async def test_what_was_written_stands_after_an_error_only_if_the_error_says_so(
    runtime: Runtime, region: RegionPolicy, error: type[Exception], stands: bool
) -> None:
    written: list[str] = []

    async def command() -> None:
        async with runtime.database.writing(region) as uow:
            written.append(await add_person(uow))
            raise error

    with pytest.raises(error):
        await command()
    assert await is_there(runtime, region, written[0]) is stands


router = APIRouter(route_class=KeepingRoute)
asked: list[str] = []


@router.post("/persons", status_code=201)
async def good(uow: WritingUow) -> str:
    return await add_person(uow)


@router.post("/commits/{constraint}", status_code=201)
async def bad(constraint: str, uow: WritingUow) -> str:
    asked.append(await add_person(uow))
    await fail_at_commit(uow, constraint)
    return asked[-1]


@pytest_asyncio.fixture
async def api(runtime: Runtime) -> AsyncIterator[FastAPI]:
    """Two endpoints, with the real unit of work and the real handlers of errors."""
    app = FastAPI()
    app.include_router(router)
    handlers.install(app)
    app.state.runtime = runtime
    yield app


def client_of(app: object) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://tiny.test")


@pytest.mark.parametrize(
    ("constraint", "status", "code"),
    [("uq_of_nobody", 500, "unexpected"), ("uq_bookings_live_step", 409, "step_booked")],
)
async def test_a_commit_that_fails_is_an_error_to_the_caller(
    runtime: Runtime, region: RegionPolicy, api: FastAPI, constraint: str, status: int, code: str
) -> None:
    async with client_of(api) as client:
        answer = await client.post(f"/commits/{constraint}")
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert not await is_there(runtime, region, asked[-1])


async def test_an_answer_whose_commit_failed_is_not_kept_for_its_key(
    runtime: Runtime, region: RegionPolicy, api: FastAPI
) -> None:
    before = len(asked)
    headers = {"Idempotency-Key": str(uuid4())}
    async with client_of(api) as client:
        answers = [await client.post("/commits/uq_of_nobody", headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [500, 500]
    assert len(asked) - before == 2, "the second request is tried anew"


async def test_the_change_is_committed_when_the_answer_begins(
    runtime: Runtime, region: RegionPolicy, api: FastAPI
) -> None:
    """Seen from another connection, at the moment when the first byte leaves."""
    before = await persons(runtime, region)
    at_start: list[set[str]] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                at_start.append(await persons(runtime, region) - before)
            await send(message)

        await api(scope, receive, sending)

    async with client_of(watched) as client:
        answer = await client.post("/persons")
    assert answer.status_code == 201
    assert at_start == [{answer.json()}]


async def persons(runtime: Runtime, region: RegionPolicy) -> set[str]:
    """Everybody that other transactions see."""
    async with runtime.database.reading(region) as uow:
        return {str(person_id) for person_id in await uow.session.scalars(select(Person.id))}
