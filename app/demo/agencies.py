"""An agency of each kind for demonstrations: its agreement, as two operators made it, and an officer."""

import tomllib
from collections.abc import Sequence
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Writing
from app.demo.region import DemoPoint
from app.demo.staff import Member, add_members
from app.domain.exchange.terms import AgencyKind, Basis, Datum, ExchangePurpose, People, Terms, Way
from app.domain.identity.caller import Role
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.exchange.agreements import add_agency, add_agreed
from services.staff.commands import put_organisation
from services.staff.queries import account_of

SECOND_OPERATOR = "region_operator-2@demo"
_FIRST_OPERATOR = "region_operator@demo"
_LASTS = timedelta(days=365)


def officer_of(kind: str) -> str:
    """The login of that agency's officer."""
    return f"officer-{kind}@demo"


async def add_demo_agencies(
    runtime: Runtime, region: RegionPolicy, data_dir: Path, points: Sequence[DemoPoint], ids: dict[str, UUID]
) -> list[Member]:
    """`ids`: of the points by code, and of the agencies by kind."""
    told = tomllib.loads(files("app.demo").joinpath("agencies.toml").read_text(encoding="utf-8"))
    async with runtime.database.writing(region) as uow:
        for kind, agency in told.items():
            await put_organisation(uow, ids[kind], "agency", agency["name"])
            own = [ids[point.code] for point in points if point.kind in agency["points"]]
            await add_agency(uow, ids[kind], AgencyKind(kind), agency["system"], own)
    staff = [(Role.REGION_OPERATOR, SECOND_OPERATOR, None)]
    members = await add_members(
        runtime,
        region,
        data_dir,
        [*staff, *((Role.AGENCY_OFFICER, officer_of(kind), ids[kind]) for kind in told)],
    )
    async with runtime.database.writing(region) as uow:
        first, second = [await account_of(uow, login) for login in (_FIRST_OPERATOR, SECOND_OPERATOR)]
        for kind, agency in told.items():
            if first and second:
                await add_agreed(uow, ids[f"{kind}/agreement"], ids[kind], _terms(uow, agency["terms"]), first, second)
    return members


def _terms(uow: Writing, told: dict[str, Any]) -> Terms:
    return Terms(
        fields=frozenset(map(Datum, told["fields"])),
        people=People(told["people"]),
        codes=tuple(told.get("codes", ())),
        steps=tuple(told.get("steps", ())),
        purpose=ExchangePurpose(told["purpose"]),
        basis=Basis(told["basis"]),
        citation=told["citation"],
        ways=frozenset(map(Way, told["ways"])),
        every_hours=told.get("every_hours"),
        retention_days=told["retention_days"],
        valid_from=uow.now,
        valid_to=uow.now + _LASTS,
    )
