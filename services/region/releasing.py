"""What the worker tells of the region: each period when it has ended and settled, once and for good.

Any number of workers may do it: the first row of a period counts, and the others find it told.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from app.db.unit_of_work import Database, Reading, Writing
from app.domain.disclosure.opening import Cell, K, opened, reopened
from app.domain.disclosure.rounding import rounded, shared
from app.domain.figures.periods import WEEK, Family, Period, period_of
from app.domain.region.policy import RegionPolicy
from services.region import repository
from services.region.gathering import Gathered, gather

EARLIEST = timedelta(days=800)
"""Periods that ended longer ago than that are not told any more, whatever becomes known of them."""


async def tell_next(database: Database, region: RegionPolicy) -> bool:
    """Tells the next period that is due; False when there is none."""
    async with database.writing(region) as uow:
        due = await _next_due(uow)
        if due is None:
            return False
        await _tell(uow, *due)
    return True


async def _next_due(uow: Reading) -> tuple[Period, int] | None:
    told, zone = await repository.last_told(uow), uow.region.zone
    kinds = [(family, release) for family in Family for release in range(len(family.releases))]
    first = date.min
    if any((family.value, release) not in told for family, release in kinds):  # else nobody need be looked for
        begun = await repository.begun(uow)
        if begun is None:
            return None
        first = max(uow.region.day_of(begun), uow.region.day_of(uow.now) - EARLIEST)
    due = []
    for family, release in kinds:
        last = told.get((family.value, release))
        period = Period(family, last).following if last else period_of(family, first)
        if period.told_at(release, zone) <= uow.now:
            due.append((period.told_at(release, zone), family.value, release, period))
    return (min(due)[3], min(due)[2]) if due else None


async def _tell(uow: Writing, period: Period, release: int) -> None:
    gathered = await gather(uow, period, release)
    if release:
        before = cells_from(await repository.cells_of(uow, period.family, period.starts_on, release - 1) or [])
        told = await asyncio.to_thread(_told_again, uow, period, release, gathered, before)
    else:
        told = await asyncio.to_thread(_told, uow, period, gathered)
    row = {
        "family": period.family.value,
        "starts_on": period.starts_on,
        "release": release,
        "ends_on": period.ends_on,
        "told_at": uow.now,
        "book_version": uow.region.book.version,
        "cells": [[{name: list(values) for name, values in cell.where.items()}, cell.count] for cell in told],
    }
    await repository.tell(uow, row)


def _told(uow: Reading, period: Period, gathered: Gathered) -> list[Cell]:
    return [
        Cell(cell.where, rounded(cell.count, _chance(uow, period, 0, cell)))
        for cell in opened(gathered.facts, gathered.questions)
    ]


def _told_again(uow: Reading, period: Period, release: int, gathered: Gathered, before: Sequence[Cell]) -> list[Cell]:
    """The same people as before, and the same sums of them: what has changed since is in the shares only."""
    told: list[Cell] = []
    for cell in before:
        try:
            parts = reopened(cell, gathered.facts, gathered.questions)
        except ValueError:  # the law knows other steps by now: what was told stays
            parts = [cell]
        if len(parts) == 1:
            told.append(Cell(parts[0].where, cell.count))
            continue
        if cell.count < K * len(parts):  # some have gone since, or the count was rounded down
            told.append(cell)
            continue
        counts = shared(cell.count, [part.count for part in parts], _chance(uow, period, release, cell), K)
        told += [Cell(part.where, count) for part, count in zip(parts, counts, strict=True)]
    return told


def _chance(uow: Reading, period: Period, release: int, cell: Cell) -> float:
    """Drawn by a keyed digest: whoever does not have the key cannot draw it again."""
    named = f"{uow.region.code} {period.family} {period.starts_on} {release} {sorted(cell.where.items())}"
    return int.from_bytes(uow.vault.mac("figure", named.encode())[:6]) / 2**48


def cells_from(stored: Sequence[Sequence[object]]) -> list[Cell]:
    """Cells as a row holds them."""
    found = []
    for where, count in stored:
        assert isinstance(where, dict) and isinstance(count, int)  # noqa: S101, PT018 — as `_tell` wrote it
        found.append(Cell({name: tuple(values) for name, values in where.items()}, count))
    return found


def since_weeks(day: date, weeks: int) -> date:
    """The Monday so many weeks before the one of a day."""
    return day - timedelta(days=day.weekday()) - weeks * WEEK
