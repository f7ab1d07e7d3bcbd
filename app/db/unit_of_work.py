"""One request or task is one transaction; whoever opened it commits it, and nobody else does.

`Reading`, `Deciding` and `Writing` are different types: a query takes a `Reading`, a command a `Deciding` or a
`Writing`, and mypy keeps a query from changing anything. PostgreSQL does too: a reading transaction is READ ONLY.

A `Deciding` command reads without a lock, decides, and leaves its changes for the one statement that carries them
out if what it read still holds; else the whole command runs again (`app/decisions/0007-decide-then-commit.md`).
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

from sqlalchemy import Pool
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.db.changes import Changes, Row
from app.db.driver import Changed, Driver, Refused
from app.db.engine import Engines
from app.db.gather import Gathered, Part, gather
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.domain.region.policy import RegionPolicy
from app.errors import AppError, TryAgain
from app.ports import Clock, Vault


class LazySession:
    """A session made when it is first asked for: many a command needs none."""

    def __init__(self, engine: AsyncEngine, *, autoflush: bool = True) -> None:
        self.engine, self._autoflush = engine, autoflush
        self._session: AsyncSession | None = None

    @property
    def pool(self) -> Pool:
        """The connections that it draws on."""
        return self.engine.pool

    @property
    def session(self) -> AsyncSession:
        if self._session is None:
            self._session = AsyncSession(self.engine, expire_on_commit=False, autoflush=self._autoflush)
        return self._session

    async def commit(self) -> None:
        if self._session is not None:
            await self._session.commit()

    async def release(self) -> None:
        """Gives back the connection that was read on; the session may be used again."""
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.release()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a query works with. `now` is one instant for the whole unit of work; `caller` None is the system."""

    opened: "LazySession"
    region: RegionPolicy
    now: datetime
    vault: Vault
    caller: Caller | None
    accounted: set[tuple[UUID, Purpose]] = field(default_factory=set)
    """Which uses of whose data this unit of work has logged already."""

    acts_for: set[UUID] = field(default_factory=set)
    """Whom the caller acts for beside themselves, once a feature has made sure of it."""

    memo: dict[str, Any] = field(default_factory=dict)
    """What a feature read along the way and would otherwise look up again."""

    @property
    def session(self) -> AsyncSession:
        return self.opened.session


class Writing(Reading):
    """What a command works with: everything a query has, in a transaction that may change rows."""

    __slots__ = ()


async def look(uow: Reading, *parts: Part[Any]) -> Gathered:
    """Reads the parts in one statement on a connection of its own, which it gives back at once.

    What was read before is given back first: nobody holds a connection while asking for another.
    """
    await uow.opened.release()
    driver = Driver(uow.opened.engine)
    try:
        return await gather(driver, *parts)
    finally:
        await driver.release()


T = TypeVar("T")
Explain = Callable[[str], Awaitable[AppError | None]]
"""Turns the name of the constraint that refused into the error that a caller is told."""
PATIENT_FROM = 2
"""From this attempt on, a command holds its person's lock while it reads: nobody is faster than that."""
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Deciding(Reading):
    """What a command works with that reads, decides, and leaves its changes.

    `attempt` counts from 0. `riders` are read along with the command's own parts: what surrounds it looks there for
    an answer it gave before.
    """

    driver: Driver = field(kw_only=True)
    attempt: int = field(default=0, kw_only=True)
    riders: list[Part[None]] = field(default_factory=list, kw_only=True)
    _left: list[tuple[Changes, Explain | None]] = field(default_factory=list, kw_only=True)

    async def gather(self, *parts: Part[Any]) -> Gathered:
        """Reads the parts in one statement, and so at one moment."""
        await self.opened.release()  # nobody holds a connection while asking for another
        person = self.caller and self.caller.person_id
        if self.attempt >= PATIENT_FROM and person and not self.driver.transacting:
            await self._hold(person, *self.acts_for)
        found = await gather(self.driver, *parts, *self.riders)
        for rider in self.riders:
            _ = found[rider]
        return found

    async def _hold(self, *people: UUID) -> None:
        """Opens the transaction and locks these people before anything is read, so that all of it stays true. It is
        committed with what the command leaves, if that is anything.
        """
        await self.opened.release()
        named = ", ".join(f"'{person}'" for person in people)  # identifiers of ours
        in_order = f"SELECT 1 FROM persons WHERE id IN ({named}) ORDER BY id FOR NO KEY UPDATE"  # noqa: S608
        await self.driver.script(f"BEGIN; {in_order}")

    def leave(self, changes: Changes, explain: Explain | None = None) -> None:
        """What is to be done once the answer is ready. One command, one set of changes: RuntimeError for a second."""
        if self._left:
            raise RuntimeError("this command has left its changes already")
        self._left.append((changes, explain))

    async def finish(self, answer: Row | None = None) -> None:
        """Carries out what was left, and keeps the answer. `Changed`: nothing was done, run the command again."""
        changes, explain = self._left[0] if self._left else (Changes(people={}), None)
        changes.answer = answer
        carry_out = bool(self._left) or answer is not None
        if not carry_out and not self.driver.transacting:
            return
        await self.opened.release()  # nobody holds a connection while asking for another
        try:
            if carry_out:
                await self.driver.value("SELECT commit_changes($1::text::jsonb)", changes.as_json())
            if self.driver.transacting:
                await self.driver.value("COMMIT")
        except Changed:
            await self.driver.release()  # the next attempt asks for a connection of its own
            raise
        except Refused as refused:
            await self.driver.release()
            error = await explain(refused.constraint) if explain else None
            raise error or refused from None

    async def release(self) -> None:
        """Gives back its connections, whatever became of it: a transaction that is open is rolled back."""
        await self.opened.release()
        await self.driver.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.release()


@dataclass(frozen=True, slots=True)
class Database:
    """Opens units of work. One in a process; a connection is taken when the first statement needs it."""

    engines: Engines
    clock: Clock
    vault: Vault

    @asynccontextmanager
    async def reading(self, region: RegionPolicy, caller: Caller | None = None) -> AsyncIterator[Reading]:
        engine = self.engines.of(region.code).execution_options(postgresql_readonly=True)
        async with LazySession(engine, autoflush=False) as session:
            yield Reading(session, region, self.clock.now(), self.vault, caller)

    def deciding(self, region: RegionPolicy, caller: Caller | None = None, *, attempt: int = 0) -> Deciding:
        """Whoever asks for it finishes it, or nothing is changed; and releases it, or uses it in `async with`."""
        engine = self.engines.of(region.code)
        session = LazySession(engine, autoflush=False)
        return Deciding(session, region, self.clock.now(), self.vault, caller, driver=Driver(engine), attempt=attempt)

    async def decide(
        self, region: RegionPolicy, command: Callable[[Deciding], Awaitable[T]], caller: Caller | None = None
    ) -> T:
        """Runs a command until what it decided on still holds when it is carried out. TryAgain if it never does."""
        for attempt in range(ATTEMPTS):
            async with self.deciding(region, caller, attempt=attempt) as uow:
                result = await command(uow)
                try:
                    await uow.finish()
                except Changed:
                    continue
                return result
        raise TryAgain(retry_after=1)

    @asynccontextmanager
    async def writing(self, region: RegionPolicy, caller: Caller | None = None) -> AsyncIterator[Writing]:
        async with LazySession(self.engines.of(region.code)) as session:
            try:
                yield Writing(session, region, self.clock.now(), self.vault, caller)
            except AppError as error:
                # A wrong code must be counted although the answer is an error.
                if error.commits:
                    await session.commit()
                raise
            await session.commit()
