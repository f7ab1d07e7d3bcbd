"""The relay: what is queued goes to the registry, one person's events in order, many people's in one message.

A worker has people under a lease, and nobody else sends for them meanwhile. What fails is tried again by itself; what
follows it is not held up: the registry holds what comes after a gap. What came of a message is written in one go.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

from app.db.driver import Driver
from app.db.unit_of_work import Database
from app.domain.backoff import backoff
from app.domain.region.policy import RegionPolicy
from app.domain.registry.mirror import PATIENCE, Answer, Then, Verdict, after, lease_of, together_with
from app.ports import Acknowledged, ErasedError, Handed, Registry, TamperedError
from app.wire.bodies import Act, digest_of
from services.registry import dying, repository
from services.registry.acknowledging import Told, check_others, passed_on, take_into_account
from services.registry.grounds import Grounds
from services.registry.rows import Line, body_of_line
from services.registry.turns import repository as turns
from services.registry.turns.repository import Applied, Claimed, Lease
from services.registry.withdrawing import bury

PEOPLE = 64
"""So many people are taken at a time,"""
EACH = 16
"""and so many events of each."""
SLOTS = 32
"""So many of these are under way at most, from one worker;"""
FRESH = 2
"""and so many that have only just begun: what is queued meanwhile goes together with the next."""
_FRESH_SECONDS = 1.0
_MOST_BYTES = 256 * 1024
_log = structlog.get_logger()


@dataclass(slots=True)
class Taken:
    """People whom this worker has: what is sent of them, and what came of it."""

    people: list[UUID]
    lease: UUID
    until: datetime
    lines: list[Line]
    answers: list[tuple[Line, Answer]] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    untried: list[UUID] = field(default_factory=list)


class Relay:
    """One region's, in one process. `told`: what the registry is to be told that we have. `more` is called when there
    is something to send that nobody wakes us for.
    """

    def __init__(
        self,
        database: Database,
        region: RegionPolicy,
        registry: Registry,
        grounds: Grounds,
        told: Told,
        *,
        patience: timedelta = PATIENCE,
        more: Callable[[], None] = lambda: None,
    ) -> None:
        self._database, self._region, self._registry, self._grounds = database, region, registry, grounds
        self._told, self._patience, self._more = told, patience, more
        self._under_way: set[asyncio.Task[None]] = set()
        self._fresh: set[object] = set()
        self._room = asyncio.Event()
        self._away, self._ending = 0, False
        self._quiet_until: datetime | None = None

    async def tick(self) -> int:
        """Sends until nothing is due. Returns how many people were taken; what is under way then goes on by itself."""
        taken = 0
        while not self._quiet():
            while len(self._fresh) >= FRESH or len(self._under_way) >= SLOTS:
                self._room.clear()
                await self._room.wait()
            now = await self._take()
            taken += now
            if now < PEOPLE:
                break  # whoever queues something more wakes us
        return taken

    async def finish(self) -> None:
        """Until nothing is under way, and all is written; nobody is taken any more meanwhile."""
        self._ending = True
        while self._under_way:
            await asyncio.wait(self._under_way)
        self._ending = False

    def _quiet(self) -> bool:
        """While the registry is away nobody is taken: their events would only wait here instead of there."""
        return self._quiet_until is not None and self._database.clock.now() < self._quiet_until

    async def _take(self) -> int:
        driver, now = Driver(self._database.engines.of(self._region.code)), self._database.clock.now()
        lease = self._lease(now, PEOPLE)
        claimed = await turns.claim(driver, self._grounds.lives, now, lease)
        if claimed.people:
            self._begin(await self._taken(claimed, lease))
        return len(claimed.people)

    def _lease(self, now: datetime, people: int) -> Lease:
        return Lease(uuid4(), now + lease_of(self._patience), people, EACH)

    async def _taken(self, claimed: Claimed, lease: Lease) -> Taken:
        """What still has its ground. The rest is withdrawn on the spot: whoever ended the consent has not been heard of
        yet.
        """
        lines = claimed.lines
        if claimed.ended:
            async with self._database.writing(self._region) as uow:
                await bury(uow, claimed.ended, lines)
            lines = [line for line in lines if line.act is not Act.PUT or line.consent_id not in claimed.ended]
        return Taken(claimed.people, lease.id, lease.until, lines)

    def _begin(self, taken: Taken) -> None:
        task = asyncio.create_task(self._carry(taken))
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._room.set()

    async def _carry(self, taken: Taken) -> None:
        """A turn after the other, as long as there is somebody to take."""
        following: Taken | None = taken
        while following is not None:
            following = await self._turn(following)

    async def _turn(self, taken: Taken) -> Taken | None:
        """Sends, and writes down what came of it. Who was taken next along with that."""
        turn = object()
        self._fresh.add(turn)
        asyncio.get_running_loop().call_later(_FRESH_SECONDS, self._grown, turn)
        try:
            await asyncio.gather(*(self._send_all(taken, lane) for lane in self._lanes(taken.lines)))
            return await self._write_down(taken)
        except Exception as error:  # noqa: BLE001 — when the lease ends it is sent again, and told again
            _log.warning("mirror.unwritten", count=len(taken.answers), cause=type(error).__name__)
            return None
        finally:
            self._grown(turn)

    def _grown(self, turn: object) -> None:
        self._fresh.discard(turn)
        self._room.set()

    def _lanes(self, lines: list[Line]) -> list[list[list[Line]]]:
        """Messages that go one after the other, and such rows of them that go side by side: a row a person, where a
        message holds one event.
        """
        if self._registry.at_once > 1:
            return [messages(lines, self._registry.at_once)]
        rows: dict[UUID, list[list[Line]]] = {}
        for line in lines:
            rows.setdefault(line.person_id, []).append([line])
        return list(rows.values())

    async def _send_all(self, taken: Taken, lane: list[list[Line]]) -> None:
        """One after another, while the lease is ours and somebody is there."""
        for place, lines in enumerate(lane):
            if self._quiet() or self._database.clock.now() > taken.until - self._patience * 1.4:
                taken.untried += [line.id for left in lane[place:] for line in left]
                break
            await self._send(taken, lines)

    async def _send(self, taken: Taken, lines: list[Line]) -> None:
        ready: list[tuple[Line, bytes]] = []
        for line in lines:
            body = await self._body_of(line)
            if isinstance(body, Answer):
                taken.answers.append((line, body))
            else:
                ready.append((line, body))
        if not ready:
            return
        handed = await self._hand_over([(line.id, body) for line, body in ready])
        taken.answers += [(line, answer) for (line, _), answer in zip(ready, handed.answers, strict=True)]
        taken.acknowledged += handed.acknowledged
        for answer in handed.answers:
            self._note(answer)

    async def _body_of(self, line: Line) -> bytes | Answer:
        try:
            body = await body_of_line(self._database.vault, self._region.code, line)
        except ErasedError:
            return Answer(Verdict.REFUSED, dying.ERASED)
        except TamperedError:
            return Answer(Verdict.REFUSED, dying.CHANGED_HERE)
        return body if digest_of(body) == line.digest else Answer(Verdict.REFUSED, dying.CHANGED_HERE)

    async def _hand_over(self, events: Sequence[tuple[UUID, bytes]]) -> Handed:
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                return await self._registry.hand_over(events)
        except Exception as error:  # noqa: BLE001 — it may have left; the type only: the text may hold what was sent
            return Handed([Answer(Verdict.UNKNOWN, type(error).__name__)] * len(events))

    def _note(self, answer: Answer) -> None:
        if answer.verdict is Verdict.AWAY:
            self._away += 1
            self._quiet_until = self._database.clock.now() + min(backoff(self._away), timedelta(seconds=30))
        elif answer.verdict is Verdict.BUSY and answer.retry_after:
            self._quiet_until = self._database.clock.now() + answer.retry_after
        else:
            self._away, self._quiet_until = 0, None

    async def _write_down(self, taken: Taken) -> Taken | None:
        """What came of it; and who is taken next, where that could be asked along."""
        ours = {line.id: line for line in taken.lines}
        well = all(answer.verdict is Verdict.RECEIVED for _, answer in taken.answers) and not taken.untried
        if well and all(one.applied and not one.receipt and one.event_id in ours for one in taken.acknowledged):
            return await self._write_applied(taken, ours)
        await self._write_whatever(taken)
        return None

    async def _write_applied(self, taken: Taken, ours: Mapping[UUID, Line]) -> Taken | None:
        """Where all of it went well, as nearly always."""
        now, told = self._database.clock.now(), taken.acknowledged
        lease = self._lease(now, 0 if self._ending or self._quiet() else PEOPLE)
        async with self._database.writing(self._region) as uow:
            applied = Applied(
                lease=taken.lease,
                people=taken.people,
                received=[line.id for line, _ in taken.answers],
                ids=[one.event_id for one in told],
                digests=[one.digest for one in told],
                entries=passed_on(uow, [ours[one.event_id] for one in told]),
            )
            driver = Driver(self._database.engines.of(self._region.code))
            settled, claimed = await turns.write_and_claim(driver, self._grounds.lives, now, applied, lease)
            if settled < len(told):
                await check_others(uow, told)
        self._told += [one.number for one in told]
        if len(claimed.people) == PEOPLE:
            self._more()
        return await self._taken(claimed, lease) if claimed.people else None

    async def _write_whatever(self, taken: Taken) -> None:
        now = self._database.clock.now()
        received: list[UUID] = []
        again: list[tuple[UUID, datetime]] = []
        dead: list[tuple[Line, str]] = []
        for line, answer in taken.answers:
            following = after(answer, line.attempts, now)
            if following.then is Then.RECEIVED:
                received.append(line.id)
            elif following.then is Then.DEAD:
                dead.append((line, answer.reason or "refused"))
            else:
                again.append((line.id, following.at or now))
        async with self._database.writing(self._region) as uow:
            await repository.lock_all(uow, taken.people, [one.event_id for one in taken.acknowledged])
            await take_into_account(uow, taken.acknowledged)
            await repository.put_back(uow, again)
            await repository.untried(uow, taken.untried)
            for line, reason in dead:
                await dying.let_die(uow, line, reason)
            due = await repository.finish(uow, taken.lease, taken.people, received)
        self._told += [one.number for one in taken.acknowledged]
        if due:
            self._more()


def messages(lines: Sequence[Line], at_once: int) -> list[list[Line]]:
    """The events in their order, as many in one message as there may be: fewer with one that has failed before."""
    made: list[list[Line]] = [[]]
    most, size = at_once, 0
    for line in lines:
        bytes_of = len(line.content_sealed or b"") + 1000
        most, size = min(most, together_with(line.attempts)), size + bytes_of
        if made[-1] and (len(made[-1]) >= most or size > _MOST_BYTES):
            made.append([])
            most, size = min(at_once, together_with(line.attempts)), bytes_of
        made[-1].append(line)
    return made if lines else []
