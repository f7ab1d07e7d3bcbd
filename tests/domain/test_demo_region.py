from dataclasses import replace
from datetime import date, time

import pytest

from app.demo.region import DemoPoint, DemoPool, DemoService, load_region
from app.domain.points.calendar import day_plan, hours_on

# The points of the simulated world: (code, counters, latitude, longitude).
SCENARIO = [
    ("medical-1", 3, 55.79, 49.12),
    ("medical-2", 2, 55.83, 49.08),
    ("medical-3", 2, 55.75, 49.21),
    ("medical-4", 2, 55.74, 52.4),
    ("medical-5", 1, 55.63, 51.82),
    ("medical-6", 2, 54.9, 52.3),
    ("fingerprints-1", 3, 55.82, 49.15),
    ("fingerprints-2", 2, 55.74, 52.4),
    ("fingerprints-3", 1, 54.9, 52.3),
    ("exam-1", 11, 55.79, 49.12),
    ("exam-2", 6, 55.75, 49.21),
    ("exam-3", 8, 55.74, 52.4),
    ("exam-4", 4, 54.9, 52.3),
    ("police-1", 5, 55.83, 49.08),
    ("police-2", 2, 55.74, 52.4),
    ("police-3", 1, 55.63, 51.82),
    ("police-4", 2, 54.9, 52.3),
]
MINUTES = {
    "medical": 40,
    "fingerprints": 20,
    "exam": 90,
    "application": 25,
    "collection": 10,
    "course": 60,
    "legal_help": 30,
}
POINTS = load_region().points


def services(point: DemoPoint) -> set[str]:
    return {service.code for pool in point.pools for service in pool.services}


def test_there_are_forty_points_or_more_with_codes_of_their_own() -> None:
    assert len(POINTS) >= 40
    assert len({point.code for point in POINTS}) == len(POINTS)
    assert len({point.name["ru"] for point in POINTS}) == len(POINTS)
    with pytest.raises(ValueError, match="unique"):
        replace(load_region(), points=(POINTS[0], POINTS[0]))


def test_the_simulated_world_is_part_of_it() -> None:
    points = {point.code: point for point in POINTS}
    for code, counters, lat, lon in SCENARIO:
        point = points[code]
        kind = code.rpartition("-")[0]
        assert (point.kind, point.lat, point.lon) == (kind, lat, lon)
        assert [pool.counters for pool in point.pools] == [counters]
        assert services(point) == ({"application", "collection"} if kind == "police" else {kind})
        assert [(span.opens.hour, span.closes.hour) for span in point.weekday] == [(9, 13), (14, 18)]
        assert bool(point.saturday) == (kind in {"medical", "exam"})


def test_every_point_is_in_tatarstan() -> None:
    for point in POINTS:
        assert 53.9 < point.lat < 56.7
        assert 47.2 < point.lon < 54.3
        assert point.zone.key == "Europe/Moscow"


def test_application_and_collection_share_one_pool() -> None:
    both = {"application", "collection"}
    for point in POINTS:
        giving = [pool for pool in point.pools if both & {service.code for service in pool.services}]
        assert len(giving) == (1 if point.kind == "police" else 0)
        assert all(both <= {service.code for service in pool.services} for pool in giving)


def test_services_take_the_known_time() -> None:
    found = {service for point in POINTS for pool in point.pools for service in pool.services}
    assert {service.code: service.minutes for service in found} == MINUTES


def test_some_counters_give_several_services_of_different_kinds() -> None:
    pools = [{service.code for service in pool.services} for point in POINTS for pool in point.pools]
    assert {"fingerprints", "application", "collection"} in pools


def test_names_say_that_they_are_a_demonstration() -> None:
    for point in POINTS:
        assert "(демо)" in point.name["ru"]
        assert "(demo)" in point.name["en"]
    names = {point.code: point.name for point in POINTS}
    assert names["medical-7"] == {
        "ru": "Медицинский пункт № 7 (демо), Бугульма",
        "en": "Medical point No. 7 (demo), Bugulma",
    }


def test_the_hours_make_a_calendar() -> None:
    point = next(point for point in POINTS if point.code == "exam-1")
    saturday, sunday = date(2026, 9, 5), date(2026, 9, 6)
    plan = day_plan(point.zone, saturday, hours_on(point.week, saturday), 11)
    assert plan is not None
    assert plan.starts_at.astimezone(point.zone).time() == time(10)
    assert plan.capacity == (11,) * 48
    assert hours_on(point.week, sunday) == ()


def test_wrong_entries_are_refused() -> None:
    for wrong in ({"kind": "bank"}, {"languages": ("xx",)}, {"lat": 91.0}):
        with pytest.raises(ValueError, match="medical-1"):
            replace(POINTS[0], **wrong)
    with pytest.raises(ValueError, match="multiple"):
        DemoService("medical", 42, 20)
    with pytest.raises(ValueError, match="no counters"):
        DemoPool("rooms", 0, POINTS[0].pools[0].services)
