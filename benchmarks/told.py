"""Figures of a region as if they had been told: cells straight into its releases."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert

from app.domain.figures.periods import Family, Period, period_of
from app.domain.region.policy import RegionPolicy
from app.models.region import FigureRelease
from app.runtime import Runtime
from services.points.queries import all_points
from services.region.gathering import municipality_of

WEEKS = 20
MOSCOW = ZoneInfo("Europe/Moscow")
Cells = list[tuple[dict[str, list[str]], int]]


async def tell(runtime: Runtime, region: RegionPolicy, today: date) -> None:
    """Twenty weeks and months of plausible figures before a day."""
    async with runtime.database.writing(region) as uow:
        points = [(point.code, municipality_of(point), services) for point, services in await all_points(uow, None)]
        monday = today - timedelta(days=today.weekday())
        for back in range(1, WEEKS + 1):
            week = monday - timedelta(weeks=back)
            rows: list[tuple[Family, int, Cells]] = [
                (Family.VISITS, 0, _visits(points, back)),
                (Family.PERMITS, 0, [({"right": ["patent"], "occupation": ["unknown"], "until": ["within_53"]}, 70)]),
            ]
            journeys = _journeys(back)
            rows += [(Family.JOURNEYS, number, journeys) for number, weeks in enumerate((3, 5, 13)) if back > weeks]
            for family, release, cells in rows:
                await uow.session.execute(
                    insert(FigureRelease).values(_row(Period(family, week), release, cells)).on_conflict_do_nothing()
                )
        months = [period_of(Family.MOVES, monday - timedelta(days=30 * back)) for back in (1, 2)]
        names = sorted({municipality for _, municipality, _ in points})[:2]
        for month in months:
            cells = [({"from": [names[0]], "to": [names[1]]}, 25)]
            await uow.session.execute(insert(FigureRelease).values(_row(month, 0, cells)).on_conflict_do_nothing())


def _row(period: Period, release: int, cells: Cells) -> dict[str, Any]:
    return {
        "family": period.family.value,
        "starts_on": period.starts_on,
        "release": release,
        "ends_on": period.ends_on,
        "told_at": period.told_at(release, MOSCOW),
        "book_version": "test",
        "cells": [list(cell) for cell in cells],
    }


def _visits(points: list[tuple[str, str, list[str]]], back: int) -> Cells:
    return [
        (
            {
                "municipality": [municipality],
                "point": [code],
                "outcome": ["came"],
                "service": [services[0]],
                "hour": [f"{hour:02}"],
                "timed": ["yes"],
                "wait": ["under_5"] if (hour + number) % 3 else ["30_to_60"],
            },
            10 + (number * hour + back) % 40,
        )
        for number, (code, municipality, services) in enumerate(points)
        for hour in (9, 11, 15)
    ]


def _journeys(back: int) -> Cells:
    many = {"kind": ["patent"], "stage_3": ["exam"], "risk": ["no"], "stage_5": ["application"], "late": ["no"]}
    few = {"kind": ["patent"], "stage_3": ["medical"], "risk": ["yes"], "stage_5": ["exam"], "late": ["yes"]}
    done = {"stage_13": ["all"], "finish": ["29_to_35"]}
    return [({**many, **done}, 60 + back), ({**few, "stage_13": ["application"]}, 15), ({"kind": ["eaeu_work"]}, 20)]
