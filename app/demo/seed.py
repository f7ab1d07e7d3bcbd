"""Fills a region with the demonstration points, their calendars and a clerk for each. Safe to repeat."""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypedDict
from uuid import NAMESPACE_URL, UUID, uuid5

import pyotp

from app.adapters.durable import replace
from app.db.unit_of_work import Writing
from app.demo.agencies import add_demo_agencies
from app.demo.region import DemoPoint, load_region
from app.demo.staff import add_demo_staff
from app.domain.exchange.terms import AgencyKind
from app.domain.identity.caller import Role
from app.domain.points.calendar import Week
from app.runtime import Runtime
from services.points.commands import add_points, add_services, extend_calendars
from services.queue.counters import CounterPlan, add_counters, counter_row
from services.staff.commands import add_enrolled, has_staff

ACCOUNTS = "demo-accounts.json"


class Clerk(TypedDict):
    """A demonstration clerk's way to sign in; `totp` is the base32 secret of the authenticator."""

    point: str
    login: str
    password: str
    totp: str


async def seed(runtime: Runtime, data_dir: Path, progress: Callable[[int, int], None]) -> list[Clerk]:
    """Seeds the first region; `progress` is told how many points of how many are done. Returns the clerks."""
    region = next(iter(runtime.regions.values()))
    demo = load_region()
    points = demo.points
    clerks = _clerks(data_dir / ACCOUNTS, points)
    async with runtime.database.writing(region) as uow:
        await add_services(uow, [asdict(service) for service in demo.services])
        await _add_points(uow, points)
        await extend_calendars(uow)
    for done, (point, clerk) in enumerate(zip(points, clerks, strict=True), start=1):
        async with runtime.database.writing(region) as uow:
            if not await has_staff(uow, clerk["login"]):
                point_id = point_id_of(region.code, point.code)
                await add_enrolled(uow, Role.CLERK, clerk["login"], clerk["password"], clerk["totp"], point_id=point_id)
        progress(done, len(points))
    await add_demo_staff(runtime, region, data_dir, point_id_of(region.code, points[0].code))
    named = [
        *(point.code for point in points),
        *(f"{kind}{part}" for kind in AgencyKind for part in ("", "/agreement")),
    ]
    ids = {name: point_id_of(region.code, name) for name in named}
    await add_demo_agencies(runtime, region, data_dir, points, ids)
    return clerks


def point_id_of(region: str, code: str) -> UUID:
    """The same point has the same id in every copy."""
    return uuid5(NAMESPACE_URL, f"manzil:{region}:{code}")


def _clerks(path: Path, points: tuple[DemoPoint, ...]) -> list[Clerk]:
    """Passwords are random and kept on this machine only; written before the accounts, so never lost."""
    kept: dict[str, Clerk] = {c["point"]: c for c in json.loads(path.read_text())} if path.exists() else {}
    clerks = [kept.get(point.code) or _clerk(point.code) for point in points]
    replace(path, json.dumps(clerks, indent=1).encode())
    return clerks


def _clerk(point: str) -> Clerk:
    return Clerk(
        point=point,
        login=f"clerk@{point}",
        password=secrets.token_urlsafe(16),
        totp=pyotp.random_base32(),
    )


async def _add_points(uow: Writing, points: tuple[DemoPoint, ...]) -> None:
    region = uow.region.code
    rows: list[dict[str, Any]] = []
    pools: list[dict[str, Any]] = []
    services: list[dict[str, Any]] = []
    counters: list[dict[str, Any]] = []
    for point in points:
        point_id = point_id_of(region, point.code)
        rows.append(
            {
                "id": point_id,
                "code": point.code,
                "kind": point.kind,
                "name": dict(point.name),
                "municipality": dict(point.municipality),
                "lat": point.lat,
                "lon": point.lon,
                "zone": point.zone.key,
                "languages": list(point.languages),
                "step_free": point.step_free,
                "hours": _hours(point.week),
                "open_on_holidays": point.holidays,
                "features": list(point.features),
                "interpreters": dict(point.interpreters),
                "to_know": None if point.to_know is None else dict(point.to_know),
                "contact": {"email": f"{point.code}@example.org"},
            }
        )
        for pool in point.pools:
            pool_id = point_id_of(region, f"{point.code}/{pool.code}")
            pools.append({"id": pool_id, "point_id": point_id, "code": pool.code, "counters": pool.counters})
            services += [
                {
                    "point_id": point_id,
                    "service": service.code,
                    "pool_id": pool_id,
                    "minutes": service.minutes,
                    "every": service.every,
                }
                for service in pool.services
            ]
        counters += _counters(region, point, point_id)
    await add_points(uow, rows, pools, services)
    await add_counters(uow, counters)


def _counters(region: str, point: DemoPoint, point_id: UUID) -> list[dict[str, Any]]:
    """As many as its pools have, numbered through; at each the languages of the point are spoken."""
    given = [tuple(service.code for service in pool.services) for pool in point.pools for _ in range(pool.counters)]
    return [
        counter_row(
            point_id_of(region, f"{point.code}/counter-{number}"),
            point_id,
            str(number),
            CounterPlan({"ru": f"Окно {number}", "en": f"Counter {number}"}, services, point.languages),
        )
        for number, services in enumerate(given, start=1)
    ]


def _hours(week: Week) -> dict[str, list[list[str]]]:
    return {
        str(weekday): [[span.opens.isoformat("minutes"), span.closes.isoformat("minutes")] for span in spans]
        for weekday, spans in week.items()
        if spans
    }
