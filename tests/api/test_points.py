"""Points and their free times: found, sorted, in local time, and the same wherever they are asked for."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import update

from app.demo.region import load_region
from app.domain.points.geo import distance_km
from app.models.points import Point
from routers.points.schemas import FreeTimeList
from tests.api.helpers import AIRPORT, Json, given, instant, refused
from tests.support.people import World

KAZAN = (55.79, 49.12)
DEMO = load_region().points


async def _get(world: World, path: str, **params: Any) -> httpx.Response:
    return await world.client.get(path, params=params)


async def _free(world: World, service: str = "medical", **params: Any) -> list[Json]:
    items: list[Json] = given(await _get(world, "/v1/free-times", service=service, **params))["items"]
    return items


async def _day(world: World, point: str, day: str, service: str = "medical") -> list[Json]:
    path = f"/v1/points/{world.point_id(point)}/days/{day}"
    items: list[Json] = given(await _get(world, path, service=service))["items"]
    return items


async def test_all_points_are_listed_with_what_they_give(world: World) -> None:
    points = {point["code"]: point for point in given(await _get(world, "/v1/points"))["items"]}
    assert set(points) == {point.code for point in DEMO}
    airport = points[AIRPORT]
    assert airport["id"] == world.point_id(AIRPORT)
    assert airport["services"] == ["fingerprints", "medical"]
    assert (airport["zone"], airport["hours"]["6"]) == ("Europe/Moscow", [["00:00", "00:00"]])


async def test_a_service_filters_points_and_leaves_their_other_services_named(world: World) -> None:
    points = given(await _get(world, "/v1/points", service="fingerprints"))["items"]
    wanted = {p.code for p in DEMO if any(s.code == "fingerprints" for pool in p.pools for s in pool.services)}
    assert {point["code"] for point in points} == wanted
    airport = next(point for point in points if point["code"] == AIRPORT)
    assert airport["services"] == ["fingerprints", "medical"]


async def test_an_unknown_service_is_given_nowhere(world: World) -> None:
    assert given(await _get(world, "/v1/points", service="haircut")) == {"items": []}
    assert await _free(world, "haircut") == []


async def test_the_services_of_the_region_say_what_they_are_for(world: World) -> None:
    answer = await world.client.get("/v1/services", headers={"Accept-Language": "ru"})
    services = {service["code"]: service for service in given(answer)["items"]}
    assert set(services) == {s.code for point in DEMO for pool in point.pools for s in pool.services}
    assert {code for code, service in services.items() if service["settling_in"]} == {"course", "legal_help"}
    assert services["legal_help"]["name"] == "Бесплатная юридическая помощь"
    for code, service in services.items():
        assert service["points"] == len(given(await _get(world, "/v1/points", service=code))["items"])
        assert service["purpose"]


@pytest.mark.parametrize("service", ["course", "legal_help"])
async def test_help_with_settling_in_is_found_like_any_other_service(world: World, service: str) -> None:
    found = await _free(world, service, not_before=(world.clock.now() + timedelta(days=14)).isoformat())
    assert {free["point"]["id"] for free in found if free["starts_at"]} == {
        world.point_id(f"adaptation-{n}") for n in range(1, 5)
    }
    assert len(await _free(world, service, languages="hy")) == len(found)
    assert len(await _free(world, service, features="induction_loop", languages="xx")) == 0


async def test_a_point_tells_its_next_two_weeks(world: World) -> None:
    shown = given(await _get(world, f"/v1/points/{world.point_id('exam-1')}"))
    assert shown["offers"] == [{"service": "exam", "minutes": 90}]
    assert [day["day"] for day in shown["days"]] == [str(world.today + timedelta(days=n)) for n in range(14)]
    for day in shown["days"]:
        usual = shown["hours"].get(str(date.fromisoformat(day["day"]).weekday()), [])
        assert day["hours"] == ([] if day["holiday"] else usual)
        assert day["reason"] is None
    refused(await _get(world, f"/v1/points/{uuid4()}"), 404, "not_found")


async def test_an_unchanged_list_is_answered_304(world: World) -> None:
    first = await _get(world, "/v1/points")
    headers = {"If-None-Match": first.headers["etag"]}
    again = await world.client.get("/v1/points", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    for other in (
        await world.client.get("/v1/points", headers=headers | {"Accept-Language": "ru"}),
        await world.client.get("/v1/points", params={"service": "exam"}, headers=headers),
    ):
        assert other.status_code == 200


async def test_names_are_in_the_callers_language(world: World) -> None:
    answer = await world.client.get("/v1/points", headers={"Accept-Language": "ru"})
    airport = next(point for point in given(answer)["items"] if point["code"] == AIRPORT)
    assert airport["name"] == "Пункт в аэропорту № 1 (демо), Казань"


async def test_free_times_come_soonest_first_for_each_point_once(world: World) -> None:
    found = await _free(world)
    times = [instant(free["starts_at"]) for free in found]
    assert times == sorted(times)
    assert times[0] >= world.clock.now()
    points = given(await _get(world, "/v1/points", service="medical"))["items"]
    assert sorted(f["point"]["id"] for f in found) == sorted(p["id"] for p in points)


async def test_points_with_nothing_free_come_last(world: World) -> None:
    """On a Sunday only the airport works."""
    now = world.clock.now()
    sunday = now + timedelta(days=6 - now.weekday() + 14)
    found = await _free(world, not_before=sunday.replace(hour=6).isoformat(), days=0)
    free = [f for f in found if f["starts_at"]]
    assert [f["point"]["id"] for f in free] == [world.point_id(AIRPORT)]
    assert found[0] == free[0]
    assert len(found) > 1


async def test_of_two_equally_soon_the_nearer_comes_first(world: World) -> None:
    lat, lon = KAZAN
    found = await _free(world, "exam", lat=lat, lon=lon)
    for free in found:
        expected = distance_km(KAZAN, (free["point"]["lat"], free["point"]["lon"]))
        assert free["distance_km"] == pytest.approx(expected, abs=0.05)
    keys = [(free["starts_at"], free["distance_km"]) for free in found]
    assert keys == sorted(keys)
    assert any(a[0] == b[0] for a, b in pairwise(keys))
    assert {free["distance_km"] for free in await _free(world, "exam")} == {None}


@pytest.mark.parametrize(
    "wrong", [{"lat": 55.0}, {"lon": 49.0}, {"lat": 91, "lon": 0}, {"lat": 0, "lon": -181}, {"lat": "nan", "lon": 0}]
)
async def test_half_a_place_on_earth_or_none_is_refused(world: World, wrong: dict[str, Any]) -> None:
    refused(await _get(world, "/v1/free-times", service="medical", **wrong), 422, "invalid_input")


async def test_nothing_comes_before_what_was_asked_for(world: World) -> None:
    since = world.clock.now() + timedelta(days=9, minutes=7)
    found = await _free(world, not_before=since.isoformat())
    assert all(instant(free["starts_at"]) >= since for free in found)
    past = (world.clock.now() - timedelta(days=3)).isoformat()
    assert await _free(world, not_before=past) == await _free(world)


async def test_days_bound_how_far_is_looked(world: World) -> None:
    since = world.clock.now() + timedelta(days=10)
    for days in (0, 1):
        for free in await _free(world, not_before=since.isoformat(), days=days):
            last = world.region.day_of(since) + timedelta(days=days)
            assert free["starts_at"] is None or free["starts_at"][:10] <= last.isoformat()


@pytest.mark.parametrize("since", ["2026-09-10", "2026-09-10T10:00:00", "1789000000", "9999-12-31T23:59:59Z", "x"])
async def test_a_time_without_an_offset_or_out_of_reach_is_refused(world: World, since: str) -> None:
    answer = await _get(world, "/v1/free-times", service="medical", not_before=since)
    refused(answer, 422, "invalid_input")


@pytest.mark.parametrize("service", ["medical", "fingerprints", "exam", "application", "collection", "legal_help"])
async def test_a_day_begins_with_what_the_search_found(world: World, service: str) -> None:
    codes = {world.point_id(point.code): point.code for point in DEMO}
    now = world.clock.now()
    for ahead in (timedelta(), timedelta(days=9, hours=3, minutes=11)):
        since = now + ahead
        for free in await _free(world, service, not_before=since.isoformat()):
            day = await _day(world, codes[free["point"]["id"]], free["starts_at"][:10], service)
            later = [start for start in day if instant(start["starts_at"]) >= since]
            assert later[0]["starts_at"] == free["starts_at"]
            assert all(start["left"] > 0 for start in day)


async def test_times_bear_the_points_own_offset(world: World) -> None:
    """Case 16: a time told in UTC is read as local."""
    found = await _free(world)
    assert {free["starts_at"][19:] for free in found} == {"+03:00"}
    late = (world.today + timedelta(days=20)).isoformat()
    starts = [start["starts_at"] for start in await _day(world, AIRPORT, late)]
    assert {start[19:] for start in starts} == {"+03:00"}
    # The local day, not UTC's: from its midnight on.
    assert starts[0] == f"{late}T00:00:00+03:00"
    assert {start[:10] for start in starts} == {late}


async def test_a_day_whose_calendar_is_not_made_yet_is_empty(world: World) -> None:
    """Case 20."""
    for days in (400, -400):
        assert await _day(world, AIRPORT, (world.today + timedelta(days=days)).isoformat()) == []
    far = (world.clock.now() + timedelta(days=400)).isoformat()
    assert {free["starts_at"] for free in await _free(world, not_before=far)} == {None}


async def test_a_day_that_is_over_has_nothing_free(world: World) -> None:
    assert await _day(world, AIRPORT, (world.today - timedelta(days=1)).isoformat()) == []
    today = await _day(world, AIRPORT, world.today.isoformat())
    assert all(instant(start["starts_at"]) >= world.clock.now() for start in today)


async def test_the_answer_put_together_by_hand_is_what_the_schema_says(world: World) -> None:
    lat, lon = KAZAN
    asked: tuple[dict[str, Any], ...] = ({"lat": lat, "lon": lon}, {"days": 0}, {"not_before": "2100-01-01T00:00:00Z"})
    for params in asked:
        for language in ("en", "ru"):
            answer = await world.client.get(
                "/v1/free-times", params={"service": "medical"} | params, headers={"Accept-Language": language}
            )
            assert answer.headers["content-type"] == "application/json"
            assert FreeTimeList.model_validate_json(answer.content).model_dump_json() == answer.text


async def test_a_changed_point_is_seen_by_every_process_with_the_next_search(
    world: World, other_process: World
) -> None:
    """What the processes keep in memory is told by the database's own version, not by time."""
    first = await _free(world)
    assert await _free(other_process) == first
    row = update(Point).where(Point.code == AIRPORT)
    names = next(point.name for point in DEMO if point.code == AIRPORT)
    for name in ({"en": "Renamed", "ru": "Новое имя"}, dict(names)):
        async with world.runtime.database.writing(world.region) as uow:
            await uow.session.execute(row.values(name=name))
        for process in (world, other_process):
            seen = {free["point"]["name"] for free in await _free(process)}
            listed = {point["name"] for point in given(await _get(process, "/v1/points"))["items"]}
            assert (name["en"] in seen, name["en"] in listed) == (True, True)


async def test_an_unknown_point_or_a_service_it_does_not_give_is_not_found(world: World) -> None:
    day = world.today.isoformat()
    for point, service in ((uuid4(), "medical"), (world.point_id(AIRPORT), "exam")):
        refused(await _get(world, f"/v1/points/{point}/days/{day}", service=service), 404, "not_found")


async def test_a_service_that_is_given_nowhere_has_no_times_near_anybody(world: World) -> None:
    for people in ("1", "2"):
        asked = {"service": "nowhere", "lat": "55.79", "lon": "49.12", "people": people}
        assert given(await world.client.get("/v1/free-times", params=asked)) == {"items": []}
