"""The relay: what is queued goes to the registry, one person's events in order, many people at once.

A worker has a person under a lease, and nobody else sends for them meanwhile. What fails is tried again by itself; what
follows it is not held up: the registry holds what comes after a gap. Answers are written many at a time.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.db.hands import Hands
from app.db.unit_of_work import Database
from app.domain.backoff import backoff
from app.domain.region.policy import RegionPolicy
from app.domain.registry.mirror import LEASE, PATIENCE, Answer, Then, Verdict, after
from app.ports import ErasedError, Registry, TamperedError
from app.wire.bodies import digest_of
from services.registry import dying, repository
from services.registry.grounds import Grounds
from services.registry.rows import Line, body_of_line
from services.registry.withdrawing import bury_groundless

SLOTS = 32
"""So many people's events are under way from one worker."""
EACH = 16
"""So many events of one person are taken at a time."""
_GATHER_SECONDS = 0.01


@dataclass(slots=True)
class Held:
    """A person whom this worker has: what is sent of them, and what came of it."""

    person_id: UUID
    lease: UUID
    until: datetime
    lines: list[Line]
    answers: list[tuple[Line, Answer]] = field(default_factory=list)
    untried: list[UUID] = field(default_factory=list)


class Relay:
    """One region's, in one process."""

    def __init__(
        self, database: Database, region: RegionPolicy, registry: Registry, grounds: Grounds, *, slots: int = SLOTS
    ) -> None:
        self._database, self._region, self._registry, self._grounds = database, region, registry, grounds
        self._slots = slots
        self._room = asyncio.Event()
        self._hands = Hands(
            slots,
            self._carry,
            self._write_down,
            ended=self._room.set,
            gather_seconds=_GATHER_SECONDS,
            unwritten="mirror.unwritten",
        )
        self._away = 0
        self._quiet_until: datetime | None = None

    async def tick(self) -> int:
        """Sends until nothing is due. Returns how many people were taken; what is under way then goes on by itself."""
        taken, room = 0, self._slots
        while not self._quiet():
            # Many at a time while there is a queue: each claim has its price.
            while (room := self._slots - len(self._hands)) < self._slots // 2:
                self._room.clear()
                await self._room.wait()
            now = await self._take(room)
            taken += now
            if now < room:
                break  # whoever queues something more wakes us
        return taken

    async def finish(self) -> None:
        """Until nothing is under way, and all is written."""
        await self._hands.finish()

    def _quiet(self) -> bool:
        """While the registry is away nobody is taken: their events would only wait here instead of there."""
        return self._quiet_until is not None and self._database.clock.now() < self._quiet_until

    async def _take(self, room: int = SLOTS) -> int:
        lease = uuid4()
        async with self._database.writing(self._region) as uow:
            until = uow.now + LEASE
            people, lines = await repository.claim(uow, lease, until, room, EACH)
            if lines:
                lines = await bury_groundless(uow, self._grounds, lines)
        by_person: dict[UUID, list[Line]] = {person_id: [] for person_id in people}
        for line in lines:
            by_person[line.person_id].append(line)
        self._hands.take(Held(person_id, lease, until, of_them) for person_id, of_them in by_person.items())
        return len(people)

    async def _carry(self, held: Held) -> Held:
        """One person's events, one after another, while the lease is ours and somebody is there."""
        for place, line in enumerate(held.lines):
            if self._quiet() or self._database.clock.now() > held.until - PATIENCE - timedelta(seconds=2):
                held.untried = [left.id for left in held.lines[place:]]
                break
            answer = await self._send(line)
            held.answers.append((line, answer))
            self._note(answer)
        return held

    async def _send(self, line: Line) -> Answer:
        try:
            body = await body_of_line(self._database.vault, self._region.code, line)
        except ErasedError:
            return Answer(Verdict.REFUSED, dying.ERASED)
        except TamperedError:
            return Answer(Verdict.REFUSED, dying.CHANGED_HERE)
        if digest_of(body) != line.digest:
            return Answer(Verdict.REFUSED, dying.CHANGED_HERE)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                return await self._registry.send(body, line.id)
        except Exception as error:  # noqa: BLE001 — it may have left; the type only: the text may hold what was sent
            return Answer(Verdict.UNKNOWN, type(error).__name__)

    def _note(self, answer: Answer) -> None:
        if answer.verdict is Verdict.AWAY:
            self._away += 1
            self._quiet_until = self._database.clock.now() + min(backoff(self._away), timedelta(seconds=30))
        elif answer.verdict is Verdict.BUSY and answer.retry_after:
            self._quiet_until = self._database.clock.now() + answer.retry_after
        else:
            self._away, self._quiet_until = 0, None

    async def _write_down(self, done: list[Held]) -> None:
        now = self._database.clock.now()
        received: list[UUID] = []
        again: list[tuple[UUID, datetime]] = []
        dead: list[tuple[Line, str]] = []
        for held in done:
            for line, answer in held.answers:
                following = after(answer, line.attempts, now)
                if following.then is Then.RECEIVED:
                    received.append(line.id)
                elif following.then is Then.DEAD:
                    dead.append((line, answer.reason or "refused"))
                else:
                    again.append((line.id, following.at or now))
        untried = [event_id for held in done for event_id in held.untried]
        if again or untried or dead:
            async with self._database.writing(self._region) as uow:
                await repository.put_back(uow, again)
                await repository.untried(uow, untried)
                for line, reason in dead:
                    await dying.let_die(uow, line, reason)
        for lease in {held.lease for held in done}:
            people = [held.person_id for held in done if held.lease == lease]
            await repository.finish(self._database, self._region, lease, people, received)
