"""Whatever people, workers and the network do, in whatever order: the registry never holds what has no ground."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.adapters.registry_single import OneByOne
from app.domain.registry.mirror import LEASE, Answer, Verdict
from services.registry.withdrawing import withdraw_ended
from tests.support.mirroring import DOCUMENT, LOCATION, Mirror, quieten
from tests.support.sizes import sizes

SCOPES: dict[str, tuple[Any, str | None]] = {"location": (LOCATION, None), "document": (DOCUMENT, "passport")}
KINDS = st.sampled_from(sorted(SCOPES))
FATES = st.lists(st.sampled_from(["through", "through", "lost before", "lost after", "busy"]), min_size=1, max_size=4)


class Failing(OneByOne):
    """A port with a fate for each event that is sent."""

    def __init__(self, mirror: Mirror, fates: list[str]) -> None:
        self._mirror, self._fates = mirror, fates
        self.late: list[tuple[bytes, UUID]] = []

    async def send(self, body: bytes, event_id: UUID) -> Answer:
        fate = self._fates.pop(0) if self._fates else "through"
        if fate == "busy":
            return Answer(Verdict.BUSY)
        if fate == "lost before":
            self.late.append((body, event_id))
            return Answer(Verdict.UNKNOWN)
        told = await self._mirror.port.send(body, event_id)
        return Answer(Verdict.UNKNOWN) if fate == "lost after" else told


class MirrorMachine(RuleBasedStateMachine):
    """One person. `given` is what they consent to now; under what `ended`, nothing may stay applied."""

    mirror: Mirror
    loop: asyncio.AbstractEventLoop

    def run(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(timeout=60)

    @initialize()
    def begin(self) -> None:
        self.given: dict[str, UUID] = {}
        self.ended: list[UUID] = []
        self.late: list[tuple[bytes, UUID]] = []
        self.number = 0
        self.run(quieten(self.mirror))
        self.person = self.run(self.mirror.person())

    @rule(kind=KINDS)
    def give(self, kind: str) -> None:
        if kind not in self.given:
            self.given[kind] = self.run(self.mirror.consent(self.person, *SCOPES[kind]))

    @rule(kind=KINDS, told=st.booleans())
    def withdraw(self, kind: str, told: bool) -> None:
        if consent := self.given.pop(kind, None):
            self.run(self.mirror.withdraw(self.person, consent, told=told))
            self.ended.append(consent)

    @rule()
    def locate(self) -> None:
        assert self.run(self.mirror.put(self.person)) == ("location" in self.given)

    @rule()
    def upload(self) -> None:
        self.number += 1
        kept = self.run(self.mirror.put(self.person, key=f"d{self.number}", document="passport"))
        assert kept == ("document" in self.given)

    @rule(fates=FATES)
    def deliver(self, fates: list[str]) -> None:
        port = Failing(self.mirror, list(fates))
        self.run(self.mirror.send(port=port))
        self.late += port.late

    @rule()
    def acknowledge(self) -> None:
        self.run(self.mirror.collector().drain())

    @rule()
    def come_late(self) -> None:
        """What the network had lost comes after all, whatever has happened meanwhile."""
        if self.late:
            self.run(self.mirror.port.send(*self.late.pop(0)))

    @rule(seconds=st.integers(1, 30))
    def wait(self, seconds: int) -> None:
        self.mirror.clock.move(seconds=seconds)

    @invariant()
    def nothing_is_read_after_its_erasure(self) -> None:
        """What the region has been told to erase, and said that it did, is not there."""
        for erasure in self.run(self.mirror.erasures(self.person)) if hasattr(self, "person") else []:
            if erasure.receipt:
                assert not self.run(self.held_under(erasure.consent_id))

    async def held_under(self, consent: UUID) -> list[Any]:
        query = """
            SELECT event_id FROM records WHERE consent = $1
            UNION ALL SELECT id FROM events WHERE consent = $1 AND sealed IS NOT NULL
        """
        return await self.mirror.registry.sql(query, consent)

    def teardown(self) -> None:
        """In the end everything is told, delivered and acknowledged, and what was lost comes last of all."""
        if hasattr(self, "person"):
            self.run(self.settle())

    async def settle(self) -> None:
        mirror = self.mirror
        await mirror.tell()
        async with mirror.runtime.database.writing(mirror.region) as uow:
            await withdraw_ended(uow, mirror.grounds, UUID(int=self.person.int - 1), limit=1)
        for _ in range(20):
            mirror.clock.at += LEASE * 4
            await mirror.deliver()
            if {status for _, status in await mirror.told(self.person)} <= {"applied", "rejected"}:
                break
        for body, event_id in self.late:
            await mirror.port.send(body, event_id)
        told = await mirror.told(self.person)
        assert {status for _, status in told} <= {"applied"}, told
        for consent in self.ended:
            assert not await self.held_under(consent)
        for erasure in await mirror.erasures(self.person):
            assert erasure.receipt, "each erasure is proven"
        assert not await mirror.letters()
        if told:
            wanted = {e.kind for e in await mirror.events(self.person) if e.consent_id in self.given.values()}
            assert {record["kind"] for record in await mirror.held(self.person)} == wanted


@pytest.mark.slow
async def test_the_registry_never_holds_what_has_no_ground(mirror: Mirror) -> None:
    """Acceptance 2: give, withdraw, upload, locate, deliver, fail, in any order."""
    machine = type("Machine", (MirrorMachine,), {"mirror": mirror, "loop": asyncio.get_running_loop()})
    within = settings(
        max_examples=sizes().machine_examples,
        stateful_step_count=sizes().machine_steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=within)
