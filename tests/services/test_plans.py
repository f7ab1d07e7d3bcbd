"""A manager changes hours, counters and services; nobody who booked loses a place by it."""

import httpx
import pytest

from app.domain.identity.caller import Role
from tests.services.offices import Office, open_office, staff_headers, workday
from tests.support.clock import MovableClock

REASON = {"ru": "Ремонт", "en": "Repairs"}


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    told: dict[str, object] = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), answer.text
    return told


async def test_a_plan_that_was_read_can_be_sent_back_and_changes_nothing(office: Office) -> None:
    read = await office.plan()
    assert read["plan"]["pools"] == [
        {
            "code": "rooms",
            "counters": 2,
            "weekly_counters": {},
            "exceptions": [],
            "services": [{"service": "medical", "minutes": 30, "every": 30}],
        }
    ]
    changed = await office.change(read)
    assert (changed["version"], changed["days"], changed["affected"]) == (read["version"], 0, [])


async def test_a_closed_day_is_closed_for_everybody_and_says_why(office: Office) -> None:
    day, read = workday(office.today), await office.plan()
    assert await office.free(day)
    closure = {"first_day": str(day), "last_day": str(day), "hours": [], "reason": REASON}
    read["plan"]["exceptions"] = [closure]
    changed = await office.change(read)
    assert (changed["applied"], changed["days"]) == (True, 1)
    assert await office.free(day) == {}
    answer = await office.client.get(office.path, headers={"Accept-Language": "ru"})
    shown = next(each for each in answer.json()["days"] if each["day"] == str(day))
    assert shown == {"day": str(day), "hours": [], "holiday": False, "reason": "Ремонт"}
    read = await office.plan()
    assert read["plan"]["exceptions"] == [closure]
    read["plan"]["exceptions"] = []
    await office.change(read)
    assert set((await office.free(day)).values()) == {2}


async def test_other_hours_on_one_date_may_open_a_day_that_had_no_calendar(office: Office) -> None:
    read = await office.plan()
    sunday = office.today
    while sunday.weekday() != 6:
        sunday = sunday.replace(day=sunday.day + 1)
    hours = [["10:00", "11:00"]]
    read["plan"]["exceptions"] = [{"first_day": str(sunday), "last_day": str(sunday), "hours": hours, "reason": REASON}]
    await office.change(read)
    assert await office.free(sunday) == {"10:00": 2, "10:30": 2}


async def test_a_change_that_strands_says_whom_and_asks(office: Office, clock: MovableClock) -> None:
    day = workday(office.today)
    first = await office.book(day, "10:00")
    clock.move(seconds=1)
    second = await office.book(day, "10:00")
    read = await office.plan()
    read["plan"]["pools"][0]["exceptions"] = [{"first_day": str(day), "last_day": str(day), "counters": 1}]
    told = problem(await office.put(read), 409, "would_strand")
    assert told["count"] == 1
    # Who booked first keeps the place; of persons nothing is told.
    assert told["affected"] == [{"booking_id": second[0], "service": "medical", "starts_at": f"{day}T10:00:00+03:00"}]
    assert await office.to_be_moved() == []
    assert (await office.free(day))["11:00"] == 2
    await office.change(read, confirmation=told["confirmation"])
    assert await office.to_be_moved() == [second[0]]
    assert [await office.status(each) for each in (first, second)] == ["confirmed", "confirmed"]
    free = await office.free(day)
    assert free["11:00"] == 1
    assert "10:00" not in free


async def test_a_place_beyond_the_plan_is_gone_once_it_is_given_back(office: Office) -> None:
    day = workday(office.today)
    first, second = await office.book(day, "10:00"), await office.book(day, "10:00")
    read = await office.plan()
    read["plan"]["exceptions"] = [{"first_day": str(day), "last_day": str(day), "hours": [], "reason": REASON}]
    told = problem(await office.put(read), 409, "would_strand")
    assert told["count"] == 2
    await office.change(read, confirmation=told["confirmation"])
    assert sorted(await office.to_be_moved()) == sorted([first[0], second[0]])
    await office.cancel(first)
    assert await office.to_be_moved() == [second[0]]
    assert await office.free(day) == {}
    visitor = await office.visitor()
    answer = await office.try_book(visitor, day, "10:00")
    assert answer.json()["code"] in {"place_taken", "no_such_place"}, answer.text
    await office.cancel(second)
    assert await office.to_be_moved() == []
    assert (await office.try_book(visitor, day, "10:00")).json()["code"] == "no_such_place"


async def test_a_plan_that_returns_returns_the_places(office: Office) -> None:
    day = workday(office.today)
    booking = await office.book(day, "10:00")
    before = await office.plan()
    read = await office.plan()
    read["plan"]["exceptions"] = [{"first_day": str(day), "last_day": str(day), "hours": [], "reason": REASON}]
    told = problem(await office.put(read), 409, "would_strand")
    changed = await office.change(read, confirmation=told["confirmation"])
    assert await office.to_be_moved() == [booking[0]]
    await office.change(before | {"version": changed["version"]})
    assert await office.to_be_moved() == []
    free = await office.free(day)
    assert (free["10:00"], free["10:30"]) == (1, 2)


async def test_a_confirmation_fits_only_the_visits_that_it_named(office: Office) -> None:
    day = workday(office.today)
    await office.book(day, "10:00")
    read = await office.plan()
    read["plan"]["exceptions"] = [{"first_day": str(day), "last_day": str(day), "hours": [], "reason": REASON}]
    told = problem(await office.put(read), 409, "would_strand")
    await office.book(day, "11:00")
    again = problem(await office.put(read, confirmation=told["confirmation"]), 409, "would_strand")
    assert again["count"] == 2
    assert again["confirmation"] != told["confirmation"]
    assert (await office.put(read, confirmation="else")).status_code == 409
    assert (await office.put(read, confirmation=again["confirmation"])).status_code == 200


async def test_a_preview_tells_the_same_and_changes_nothing(office: Office) -> None:
    day = workday(office.today)
    booking = await office.book(day, "10:00")
    read = await office.plan()
    read["plan"]["hours"] = {str(weekday): [["14:00", "18:00"]] for weekday in range(5)}
    seen = await office.change(read, preview=True)
    assert (seen["applied"], [each["booking_id"] for each in seen["affected"]]) == (False, [booking[0]])
    assert (await office.free(day))["09:00"] == 2
    assert (await office.plan())["version"] == read["version"]
    applied = await office.change(read, confirmation=seen["confirmation"])
    assert applied["version"] == seen["version"]
    assert next(iter(await office.free(day))) == "14:00"


async def test_opening_earlier_or_later_moves_no_visit(office: Office) -> None:
    day = workday(office.today)
    booking = await office.book(day, "09:30")
    for opens, closes, first in (("07:15", "20:00", "07:15"), ("09:30", "12:00", "09:30"), ("08:00", "12:00", "08:00")):
        read = await office.plan()
        read["plan"]["hours"] = {str(weekday): [[opens, closes]] for weekday in range(5)}
        await office.change(read)
        free = await office.free(day)
        assert next(iter(free)) == first
        answer = await office.client.get(f"/v1/bookings/{booking[0]}", headers=booking[1])
        assert answer.json()["starts_at"] == f"{day}T09:30:00+03:00"
        assert await office.to_be_moved() == []
    assert (free["09:00"], free["09:30"], free["10:00"]) == (2, 1, 2)


async def test_a_service_that_is_removed_strands_and_one_that_grows_longer_does_not(office: Office) -> None:
    day = workday(office.today)
    booking = await office.book(day, "10:00")
    read = await office.plan()
    read["plan"]["pools"][0]["services"] = [
        {"service": "medical", "minutes": 60, "every": 60},
        {"service": "fingerprints", "minutes": 20, "every": 20},
    ]
    await office.change(read)
    assert list(await office.free(day))[:3] == ["09:00", "10:00", "11:00"]
    assert "09:20" in await office.free(day, "fingerprints")
    read = await office.plan()
    del read["plan"]["pools"][0]["services"][1]
    assert read["plan"]["pools"][0]["services"][0]["service"] == "fingerprints"
    told = problem(await office.put(read), 409, "would_strand")
    assert told["count"] == 1
    await office.change(read, confirmation=told["confirmation"])
    assert await office.to_be_moved() == [booking[0]]
    assert await office.status(booking) == "confirmed"


async def test_a_pool_that_is_removed_keeps_the_places_of_who_booked(office: Office) -> None:
    day = workday(office.today)
    booking = await office.book(day, "10:00")
    read = await office.plan()
    read["plan"]["pools"] = [{**read["plan"]["pools"][0], "code": "other", "counters": 5}]
    told = problem(await office.put(read), 409, "would_strand")
    await office.change(read, confirmation=told["confirmation"])
    assert await office.to_be_moved() == [booking[0]]
    assert (await office.free(day))["10:00"] == 5
    assert [pool["code"] for pool in (await office.plan())["plan"]["pools"]] == ["other"]


async def test_counters_by_weekday_and_by_date(office: Office) -> None:
    day, read = workday(office.today), await office.plan()
    pool = read["plan"]["pools"][0]
    pool["weekly_counters"] = {str(day.weekday()): 4}
    changed = await office.change(read)
    assert set((await office.free(day)).values()) == {4}
    pool["exceptions"] = [{"first_day": str(day), "last_day": str(day), "counters": 0}]
    await office.change(read | {"version": changed["version"]})
    assert await office.free(day) == {}


async def test_of_two_managers_the_second_is_told(office: Office) -> None:
    mine, theirs = await office.plan(), await office.plan()
    mine["plan"]["open_on_holidays"] = True
    await office.change(mine)
    theirs["plan"]["pools"][0]["counters"] = 3
    told = problem(await office.put(theirs), 409, "plan_changed")
    assert told["version"] == (await office.plan())["version"]


@pytest.mark.parametrize(
    "hours", [[["09:00", "09:00"]], [["10:00", "09:00"]], [["09:00", "12:00"], ["11:00", "13:00"]]]
)
async def test_hours_that_contradict_each_other_are_refused(office: Office, hours: list[list[str]]) -> None:
    read = await office.plan()
    read["plan"]["hours"] = {"0": hours}
    problem(await office.put(read), 422, "wrong_plan")


async def test_two_exceptions_on_one_day_are_refused(office: Office) -> None:
    read = await office.plan()
    read["plan"]["exceptions"] = [
        {"first_day": "2026-09-10", "last_day": last, "hours": [], "reason": REASON}
        for last in ("2026-09-12", "2026-09-10")
    ]
    problem(await office.put(read), 422, "wrong_plan")


async def test_a_manager_has_one_point_and_an_operator_all(office: Office, client: httpx.AsyncClient) -> None:
    other = await open_office(office.runtime, client)
    read = await office.plan()
    office.manager = other.manager
    problem(await office.put(read), 404, "not_found")
    for path in ("/plan", "/to-be-moved"):
        problem(await client.get(f"{office.path}{path}", headers=other.manager), 404, "not_found")
    office.manager = await staff_headers(office.runtime, Role.REGION_OPERATOR)
    await office.change(read)
    clerk = await staff_headers(office.runtime, Role.CLERK, office.made.point_id)
    problem(await client.get(f"{office.path}/plan", headers=clerk), 403, "not_allowed")


async def test_what_people_need_is_told_and_can_be_asked_for(office: Office, client: httpx.AsyncClient) -> None:
    about = {
        "languages": ["ru"],
        "step_free": False,
        "features": ["induction_loop"],
        "interpreters": {"1": ["fa-AF"]},
        "directions": {"ru": "Вход со двора", "en": "Entrance from the yard"},
        "to_know": None,
        "contact": {"phone": "+78430000000", "email": None, "site": None},
    }
    answer = await client.put(f"{office.path}/about", json=about, headers=office.manager)
    assert answer.status_code == 200, answer.text
    shown = (await client.get(office.path)).json()
    assert (shown["directions"], shown["contact"]) == ("Entrance from the yard", {"phone": "+78430000000"})
    mine = str(office.made.point_id)
    asked: list[tuple[dict[str, object], bool]] = [
        ({}, True),
        ({"languages": "fa-AF"}, True),
        ({"languages": ["hy", "fa-AF"]}, True),
        ({"languages": "hy"}, False),
        ({"step_free": True}, False),
        ({"features": "induction_loop"}, True),
        ({"features": ["induction_loop", "lift"]}, False),
    ]
    for params, found in asked:
        query: dict[str, object] = {"service": "medical", "lat": shown["lat"], "lon": shown["lon"]} | params
        points = (await client.get("/v1/points", params=query)).json()["items"]  # type: ignore[arg-type]
        free = (await client.get("/v1/free-times", params=query)).json()["items"]  # type: ignore[arg-type]
        assert (mine in {p["id"] for p in points}, mine in {f["point"]["id"] for f in free}) == (found, found), params
    wrong = await client.put(f"{office.path}/about", json=about | {"features": ["gold"]}, headers=office.manager)
    problem(wrong, 422, "invalid_input")
