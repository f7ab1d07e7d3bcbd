"""The worker's sending: what is due goes out over its channels, and what came of it is written.

A worker takes no more than it can send at once, under a lease; an answer is written within some hundredths of a second,
many in one statement. A worker that dies leaves leases that end: another sends the same messages under the same ids.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.db.hands import Hands
from app.db.unit_of_work import Database
from app.domain.region.policy import RegionPolicy
from app.domain.reminders.delivery import PATIENCE, Answer, DeliveryStatus, Next, Verdict, after
from app.domain.reminders.kinds import Channel
from app.ports import DeliveryError, Email, Push, RefusedError, Sms, UnansweredError
from services.deliveries import repository
from services.deliveries.jobs import Job, claim_due, claim_waiting
from services.deliveries.repository import Written

SLOTS = 64
"""So many messages are under way from one worker. What hangs keeps its slot until the carrier's patience ends."""
MOST_TAKEN = 512
_GATHER_SECONDS, _EMPTY_FOR_SECONDS = 0.02, 0.1


@dataclass(frozen=True, slots=True)
class Carriers:
    """Who carries messages; None where nobody does: nothing goes out over that channel then."""

    push: Push | None = None
    sms: Sms | None = None
    email: Email | None = None

    @property
    def channels(self) -> frozenset[Channel]:
        there = {Channel.PUSH: self.push, Channel.SMS: self.sms, Channel.EMAIL: self.email}
        return frozenset(channel for channel, carrier in there.items() if carrier is not None)


class Sender:
    """One region's, in one process.

    It takes what it can send in about half a second: many at once when there is a queue, and little that another would
    have to wait for if it died.
    """

    def __init__(self, database: Database, region: RegionPolicy, carriers: Carriers, *, slots: int = SLOTS) -> None:
        self._database, self._region, self._carriers, self._slots = database, region, carriers, slots
        self._hands = Hands(
            slots,
            self._carry,
            self._write_down,
            ended=self._end,
            gather_seconds=_GATHER_SECONDS,
            unwritten="deliveries.unwritten",
        )
        self._room, self._stopped = asyncio.Event(), False
        self._claims = (partial(claim_due, urgent=True), claim_waiting, partial(claim_due, urgent=False))
        self._empty_until = dict.fromkeys(self._claims, 0.0)
        self._batch, self._looked, self._ended = slots, 0.0, 0

    async def tick(self) -> None:
        """Takes what is due and sends it, until nothing is due. What is under way by then goes on by itself."""
        while not self._stopped and await self._take():
            if self._full:
                self._room.clear()
                await self._room.wait()

    def stop(self) -> None:
        """Takes nothing more, however much is due; what it has goes out."""
        self._stopped = True

    async def finish(self) -> None:
        """Until nothing is under way, and all is written."""
        await self._hands.finish()

    @property
    def _full(self) -> bool:
        return len(self._hands) > self._slots

    async def _take(self) -> bool:
        """What is urgent first, then what is tried again, then the rest; false when there is nothing.

        Where there was nothing just now, it is not looked again at once: of a long queue each look has its price.
        """
        channels, found, now = self._carriers.channels, False, asyncio.get_running_loop().time()
        self._measure(now)
        left = self._batch
        for claim in self._claims:
            if left > 0 and now >= self._empty_until[claim]:
                async with self._database.writing(self._region) as uow:
                    taken = await claim(uow, channels, limit=left)
                self._hands.take(taken.jobs)
                left -= len(taken.jobs)
                found |= taken.anything
                self._empty_until[claim] = 0.0 if taken.anything else now + _EMPTY_FOR_SECONDS
        return found

    def _measure(self, now: float) -> None:
        """As many as half a second's answers are taken at once."""
        passed = now - self._looked
        if passed > 1:
            self._batch = self._slots
        elif self._ended:
            self._batch = min(max(int(self._ended / passed / 2), self._slots), MOST_TAKEN)
        self._looked, self._ended = now, 0

    def _end(self) -> None:
        self._ended += 1
        if not self._full:
            self._room.set()

    async def _carry(self, job: Job) -> tuple[Job, Answer | None] | None:
        if self._database.clock.now() > job.leased_until - PATIENCE:
            return None  # too late to be ours: when the lease ends, it is taken anew
        return job, await self._answer_to(job)

    async def _answer_to(self, job: Job) -> Answer | None:
        """None when it was over before it was sent."""
        try:
            # Whoever carries it, and however slowly: a lease is for one try that ends before it.
            async with asyncio.timeout(PATIENCE.total_seconds()):
                return await self._hand_over(job, self._database.clock.now())
        except UnansweredError as error:
            return Answer(Verdict.UNKNOWN, reason=str(error)[:60])
        except DeliveryError as error:
            return Answer(Verdict.BUSY, retry_after=error.retry_after, reason=str(error)[:60])
        except RefusedError as error:
            return Answer(Verdict.REFUSED, reason=str(error)[:60])
        except Exception as error:  # noqa: BLE001 — it may have left; the type only: the text may hold what was sent
            return Answer(Verdict.UNKNOWN, reason=type(error).__name__[:60])

    async def _hand_over(self, job: Job, now: datetime) -> Answer | None:
        if now >= job.expires_at:
            return None
        match job.channel:
            case Channel.PUSH if self._carriers.push and job.note:
                return await self._carriers.push.send(job.note, now)
            case Channel.SMS if self._carriers.sms and job.address:
                await self._carriers.sms.send(job.address, job.text, key=str(job.delivery_id))
                return Answer(Verdict.ACCEPTED)
            case Channel.EMAIL if self._carriers.email and job.address:
                key, language = str(job.delivery_id), job.language
                return await self._carriers.email.send(job.address, job.subject, job.text, key=key, language=language)
        return Answer(Verdict.GONE, reason="no address")

    async def _write_down(self, answers: Sequence[tuple[Job, Answer | None]]) -> None:
        now = self._database.clock.now()
        written = [_written(job, answer, now) for job, answer in answers]
        failed = [one.id for one in written if one.next.status in {DeliveryStatus.FAILED, DeliveryStatus.LAPSED}]
        gone = [
            (job.target_id, job.index)
            for job, answer in answers
            if answer and answer.verdict is Verdict.GONE and job.index
        ]
        async with self._database.writing(self._region) as uow:
            await repository.write(uow, written)
            if gone:
                await repository.drop_gone(uow, gone)
            if failed:
                await repository.hasten(uow, failed)


def _written(job: Job, answer: Answer | None, now: datetime) -> Written:
    if answer is None:
        lapsed = Next(DeliveryStatus.LAPSED)
        return Written(job.delivery_id, job.attempts, lapsed, unknown=False, reference=None, reason=None)
    following = after(answer, job.attempts, now, job.expires_at)
    reference = answer.reference[:200] if answer.reference else None
    unknown = answer.verdict is Verdict.UNKNOWN
    return Written(job.delivery_id, job.attempts, following, unknown, reference, answer.reason)
