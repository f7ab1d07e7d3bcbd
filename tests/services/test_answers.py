"""Kept answers hold what people were told: who has the database and the master key still cannot read them."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.db.unit_of_work import Writing
from app.domain.identity.caller import Caller, Role
from app.domain.region.policy import RegionPolicy
from app.errors import KeyReused
from app.models.outbox import KeptAnswer
from app.ports import TamperedError
from app.runtime import Runtime
from services.answers.commands import KEEP_FOR, Answer, Claim, Repeated, claim, claim_of, forget_old, keep
from tests.support.clock import MovableClock

ANSWER = Answer(201, b'{"name": "ANNA MARIA ERIKSSON"}')
REQUEST = b"POST /v1/bookings\0{}"


async def kept(runtime: Runtime, region: RegionPolicy, key: str, caller: Caller | None = None) -> Claim:
    async with runtime.database.writing(region, caller) as uow:
        claimed = claim_of(uow, key, REQUEST)
        await claim(uow, claimed)
        await keep(uow, claimed, ANSWER)
    return claimed


async def row(uow: Writing, claimed: Claim) -> KeptAnswer | None:
    return await uow.session.scalar(select(KeptAnswer).where(KeptAnswer.key_digest == claimed.digest))


async def test_a_kept_answer_opens_for_nobody_without_the_clients_key(runtime: Runtime, region: RegionPolicy) -> None:
    claimed = await kept(runtime, region, str(uuid4()))
    async with runtime.database.writing(region) as uow:
        stored = await row(uow, claimed)
        assert stored is not None
        assert stored.answer_sealed is not None
        assert b"ERIKSSON" not in stored.answer_sealed
        # All that the database holds, and the master key inside the vault.
        for known in (stored.key_digest.hex(), stored.request_digest.hex(), region.code, "anyone", ""):
            with pytest.raises(TamperedError):
                uow.vault.open_with(known, "kept_answers", stored.answer_sealed)
        with pytest.raises(TamperedError):
            uow.vault.open_system("kept_answers", stored.answer_sealed)
        person = uuid4()
        await uow.vault.seal(person, "kept_answers", b"")
        with pytest.raises(TamperedError):
            await uow.vault.open(person, "kept_answers", stored.answer_sealed)
        assert b"ERIKSSON" in uow.vault.open_with(claimed.secret, "kept_answers", stored.answer_sealed)


async def test_the_same_key_and_request_get_the_same_answer(runtime: Runtime, region: RegionPolicy) -> None:
    key = str(uuid4())
    await kept(runtime, region, key)
    async with runtime.database.writing(region) as uow:
        with pytest.raises(Repeated) as repeated:
            await claim(uow, claim_of(uow, key, REQUEST))
        assert repeated.value.answer == ANSWER
        with pytest.raises(KeyReused):
            await claim(uow, claim_of(uow, key, REQUEST + b" "))


def somebody() -> Caller:
    return Caller(uuid4(), Role.MIGRANT, uuid4(), UUID(int=1))


async def test_a_key_is_its_callers_own(runtime: Runtime, region: RegionPolicy) -> None:
    """Somebody who guesses another's key gets nothing of theirs."""
    key = str(uuid4())
    await kept(runtime, region, key, somebody())
    await kept(runtime, region, key, somebody())
    await kept(runtime, region, key)


async def test_an_answer_is_forgotten_after_its_day(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    key = str(uuid4())
    claimed = await kept(runtime, region, key)
    clock.at += KEEP_FOR
    async with runtime.database.writing(region) as uow:
        await claim(uow, claim_of(uow, key, REQUEST))
        await uow.session.rollback()
        assert await row(uow, claimed) is not None
        await forget_old(uow)
        assert await row(uow, claimed) is None
