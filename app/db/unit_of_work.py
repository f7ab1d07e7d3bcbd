"""One request or task is one transaction; whoever opened it commits it, and nobody else does.

`Reading` and `Writing` are different types: a query takes a `Reading`, a command a `Writing`, and mypy keeps
a query from changing anything. PostgreSQL does too: a reading transaction is READ ONLY.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Engines
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.domain.region.policy import RegionPolicy
from app.errors import AppError
from app.ports import Clock, Vault


@dataclass(frozen=True, slots=True)
class Reading:
    """What a query works with. `now` is one instant for the whole unit of work; `caller` None is the system."""

    session: AsyncSession
    region: RegionPolicy
    now: datetime
    vault: Vault
    caller: Caller | None
    accounted: set[tuple[UUID, Purpose]] = field(default_factory=set)
    """Which uses of whose data this unit of work has logged already."""


class Writing(Reading):
    """What a command works with: everything a query has, in a transaction that may change rows."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Database:
    """Opens units of work. One in a process; a connection is taken when the first statement needs it."""

    engines: Engines
    clock: Clock
    vault: Vault

    @asynccontextmanager
    async def reading(self, region: RegionPolicy, caller: Caller | None = None) -> AsyncIterator[Reading]:
        engine = self.engines.of(region.code).execution_options(postgresql_readonly=True)
        async with AsyncSession(engine, expire_on_commit=False, autoflush=False) as session:
            yield Reading(session, region, self.clock.now(), self.vault, caller)

    @asynccontextmanager
    async def writing(self, region: RegionPolicy, caller: Caller | None = None) -> AsyncIterator[Writing]:
        async with AsyncSession(self.engines.of(region.code), expire_on_commit=False) as session:
            try:
                yield Writing(session, region, self.clock.now(), self.vault, caller)
            except AppError as error:
                # A wrong code must be counted although the answer is an error.
                if error.commits:
                    await session.commit()
                raise
            await session.commit()
