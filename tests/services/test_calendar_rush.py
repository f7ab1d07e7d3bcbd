"""Calendars are made anew while people book: nobody waits in a circle, and no tick of anybody's moves."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from app.runtime import Runtime
from services.bookings.queries import ledger_faults
from services.points.commands import extend_calendars
from tests.services.crowd import first_region, newcomers, place_body, token_of
from tests.services.offices import Json, Office, client_of, open_office, workday
from tests.support.clock import MovableClock

ALL_WEEK = {str(weekday): [["09:00", "13:00"]] for weekday in range(7)}
# Of a region's ledger: bookings whose tick is not the instant they were promised, and days open beyond plan and use.
FAULTS = text("""
    SELECT 'moved ' || b.id FROM bookings b JOIN capacity_days d USING (pool_id, day)
    WHERE lower(b.during) <> d.starts_at + b.first_tick * interval '5 minutes'
       OR upper(b.during) <> lower(b.during) + b.ticks * interval '5 minutes'
    UNION ALL
    SELECT 'open beyond ' || d.pool_id || ' ' || d.day FROM capacity_days d
    WHERE EXISTS (SELECT FROM unnest(capacity, planned, used) AS t (open, planned, used)
                  WHERE d.planned IS NOT NULL AND open <> greatest(planned, used))
    UNION ALL
    SELECT 'stretch of ' || pool_id || ' ' || day FROM capacity_days
    WHERE longest_free <> longest_free_ticks(capacity, used, opens_tick)
""")


async def faults_of(runtime: Runtime) -> list[str]:
    async with runtime.database.reading(first_region(runtime)) as uow:
        return await ledger_faults(uow) + list((await uow.session.execute(FAULTS)).scalars())


@pytest_asyncio.fixture
async def clients(runtime: Runtime, second: Runtime) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Two processes."""
    async with client_of(runtime) as here, client_of(second) as there:
        await second.keyring.ready(first_region(second))
        yield [here, there]


async def keep_holding(
    office: Office, client: httpx.AsyncClient, token: str, days: list[date], chance: random.Random
) -> list[Json]:
    """One person taps on one time after the other: each hold gives back the one before, so two days are locked."""
    answers = []
    for _ in range(12):
        hour, minute = chance.choice([(9, 0), (9, 30), (11, 0), (15, 30)])
        starts_at = datetime.combine(chance.choice(days), datetime.min.time(), UTC) + timedelta(
            hours=hour - 3, minutes=minute
        )
        answer = await client.post(
            "/v1/holds",
            json=place_body("medical", office.made.point_id, starts_at),
            headers={"Authorization": f"Bearer {token}"},
        )
        answers.append(answer.json() | {"at": answer.status_code})
    return answers


async def keep_changing(office: Office, day: date) -> int:
    """The manager changes hours and counters to and fro, and confirms whatever is asked."""
    done = 0
    for turn in range(10):
        read = await office.plan()
        read["plan"]["hours"] = {
            str(n): [[("09:00", "07:30")[turn % 2], ("18:00", "15:00")[turn % 3 == 0]]] for n in range(7)
        }
        read["plan"]["pools"][0]["exceptions"] = [
            {"first_day": str(day), "last_day": str(day + timedelta(days=2)), "counters": turn % 3}
        ]
        answer = await office.put(read)
        for _ in range(20):
            if answer.status_code != 409:
                break
            answer = await office.put(read, confirmation=answer.json()["confirmation"])
        assert answer.status_code in {200, 409}, answer.text
        done += answer.status_code == 200
    return done


async def keep_extending(runtime: Runtime) -> None:
    for further in range(10):
        longer = replace(first_region(runtime), calendar_days=40 + further)
        async with runtime.database.writing(longer) as uow:
            await extend_calendars(uow)


@pytest.mark.timeout(120)
async def test_booking_and_regeneration_of_the_calendar_never_deadlock(
    runtime: Runtime, second: Runtime, clients: list[httpx.AsyncClient]
) -> None:
    """Case 7. A deadlock would end in `try_again` for one of the two."""
    office = await open_office(runtime, clients[0], counters=2, hours=ALL_WEEK, open_on_holidays=True)
    days = [workday(office.today) + timedelta(days=n) for n in range(4)]
    tokens = [await token_of(runtime, person) for person in await newcomers(runtime, 12)]
    async with asyncio.TaskGroup() as group:
        holding = [
            group.create_task(keep_holding(office, clients[n % 2], token, days, random.Random(n)))
            for n, token in enumerate(tokens)
        ]
        changing = group.create_task(keep_changing(office, days[0]))
        group.create_task(keep_extending(runtime))
        group.create_task(keep_extending(second))
    answers = [answer for task in holding for answer in task.result()]
    refused = {(answer["at"], answer["code"]) for answer in answers if answer["at"] != 201}
    assert refused <= {(409, "place_taken"), (422, "no_such_place")}
    assert sum(answer["at"] == 201 for answer in answers) > 10
    assert changing.result() > 0
    assert await faults_of(runtime) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("seed", "zone", "now"),
    [
        (1, "Europe/Moscow", None),
        (2, "Europe/Berlin", datetime(2026, 10, 19, 8, 0, tzinfo=UTC)),  # an hour back on the 25th
        (3, "Australia/Lord_Howe", datetime(2026, 9, 29, 1, 0, tzinfo=UTC)),  # half an hour on, on 4 October
        (4, "Asia/Kathmandu", None),
    ],
)
async def test_whatever_is_changed_and_booked_each_visit_keeps_its_instant(
    runtime: Runtime, clock: MovableClock, clients: list[httpx.AsyncClient], seed: int, zone: str, now: datetime | None
) -> None:
    """Cases 7 and 15, as a walk of random changes, bookings and cancellations."""
    clock.at = now or clock.at
    chance = random.Random(seed)
    office = await open_office(runtime, clients[0], counters=2, hours=ALL_WEEK, open_on_holidays=True, zone=zone)
    first = office.today + timedelta(days=4)
    days = [first + timedelta(days=n) for n in range(3)]
    kept: dict[str, tuple[dict[str, str], str]] = {}
    for _ in range(30):
        day = chance.choice(days)
        match chance.choice(["book", "book", "book", "cancel", "change"]):
            case "book":
                free = (await office.get(f"/days/{day}", service="medical"))["items"]
                if free:
                    starts_at, visitor = chance.choice(free)["starts_at"], await office.visitor()
                    body = place_body("medical", office.made.point_id, datetime.fromisoformat(starts_at))
                    answer = await office.client.post("/v1/bookings", json=body, headers=visitor)
                    assert answer.status_code == 201, answer.text
                    kept[answer.json()["id"]] = visitor, starts_at
            case "cancel" if kept:
                booking = chance.choice(list(kept))
                await office.cancel((booking, kept.pop(booking)[0]))
            case "change":
                await _some_change(office, chance, days)
        assert await faults_of(runtime) == []
    assert len(kept) > 3
    for booking, (visitor, starts_at) in kept.items():
        answer = await office.client.get(f"/v1/bookings/{booking}", headers=visitor)
        assert (answer.json()["starts_at"], answer.json()["status"]) == (starts_at, "confirmed")


async def _some_change(office: Office, chance: random.Random, days: list[date]) -> None:
    read = await office.plan()
    opens, closes = sorted(chance.sample(range(24), 2))
    read["plan"]["hours"] = {
        str(n): [[f"{opens:02}:{chance.choice(['00', '15', '30'])}", f"{closes:02}:45"]] for n in range(7)
    }
    pool = read["plan"]["pools"][0]
    pool["counters"] = chance.randint(1, 3)
    pool["exceptions"] = [
        {"first_day": str(chance.choice(days)), "last_day": str(days[-1]), "counters": chance.randint(0, 2)}
    ]
    pool["services"][0].update(minutes=chance.choice([15, 30, 60]), every=chance.choice([15, 30, 60]))
    answer = await office.put(read)
    if answer.status_code == 409:
        answer = await office.put(read, confirmation=answer.json()["confirmation"])
    assert answer.status_code == 200, answer.text
