"""What ends consents besides a word, and what makes them last longer."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from app.domain.consents.consent import Reason, Standing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.profiles.languages import Language
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.consents import commands, upkeep
from services.consents.errors import (
    ConsentOver,
    NoticeChanged,
    TooSoonToRenew,
)
from services.consents.ground import declined, live_consents
from services.consents.own import withdraw_all
from services.consents.wording import shown
from tests.support.clock import MovableClock
from tests.support.consenting import MIRRORED, caller_of, consented, give, grounded, ledger, statuses, told

LOCATION, DOCUMENT, SMS = ConsentPurpose.MIRROR_LOCATION, ConsentPurpose.MIRROR_DOCUMENT, ConsentPurpose.NOTICES_SMS


async def test_it_ends_by_itself_and_is_no_ground_before_that_is_written(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock, person: UUID
) -> None:
    await consented(runtime.database, region, person, LOCATION)
    clock.move(days=365)
    assert not await grounded(runtime, region, person, LOCATION)
    async with runtime.database.reading(region) as reading:
        assert await declined(reading, [person], [LOCATION]) == {(person, LOCATION)}
    async with runtime.database.writing(region) as uow:
        assert await upkeep.expire(uow) >= 1
    async with runtime.database.writing(region) as uow:
        assert await upkeep.expire(uow) == 0
    assert await statuses(runtime, region, person) == ["requested", "given", "expired"]
    assert (await told(runtime, region, person))[-1]["status"] == "expired"


async def test_a_request_that_nobody_answers_lapses(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock, person: UUID
) -> None:
    vacancy = str(uuid4())
    async with runtime.database.writing(region) as uow:
        asked = await commands.ask(uow, person, ConsentPurpose.REVEAL_CONTACTS, vacancy, Language.UZBEK_LATIN)
        assert await commands.ask(uow, person, ConsentPurpose.REVEAL_CONTACTS, vacancy, Language.RUSSIAN) == asked
    clock.move(days=31)
    async with runtime.database.writing(region) as uow:
        await upkeep.expire(uow)
    assert await statuses(runtime, region, person) == ["requested", "invalidated"]


async def test_who_leaves_leaves_no_request_that_waits_for_them(
    runtime: Runtime, region: RegionPolicy, person: UUID
) -> None:
    async with runtime.database.writing(region) as uow:
        await commands.ask(uow, person, ConsentPurpose.REVEAL_CONTACTS, str(uuid4()), Language.UZBEK_LATIN)
    await consented(runtime.database, region, person, LOCATION)
    async with runtime.database.writing(region, caller_of(person)) as uow:
        await withdraw_all(uow, caller_of(person))
    told = sorted(await statuses(runtime, region, person))
    assert told == ["given", "invalidated", "requested", "requested", "withdrawn"]


async def test_a_request_is_answered_as_the_record_that_it_is(
    runtime: Runtime, region: RegionPolicy, person: UUID
) -> None:
    vacancy = str(uuid4())
    async with runtime.database.writing(region) as uow:
        asked = await commands.ask(uow, person, ConsentPurpose.REVEAL_CONTACTS, vacancy, Language.RUSSIAN)
    assert not await grounded(runtime, region, person, ConsentPurpose.REVEAL_CONTACTS, vacancy)
    assert await consented(runtime.database, region, person, ConsentPurpose.REVEAL_CONTACTS, vacancy) == asked
    assert await grounded(runtime, region, person, ConsentPurpose.REVEAL_CONTACTS, vacancy)
    assert await statuses(runtime, region, person) == ["requested", "given"]


async def test_it_is_renewed_near_its_end(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock, person: UUID
) -> None:
    consent_id = await consented(runtime.database, region, person, LOCATION)
    notice, caller = shown(LOCATION, None, Language.RUSSIAN).notice, caller_of(person)

    async def renew(sha256: bytes = notice.sha256) -> None:
        async with runtime.database.writing(region) as uow:
            await commands.renew(uow, caller, consent_id, Language.RUSSIAN, sha256, MIRRORED)

    with pytest.raises(TooSoonToRenew):
        await renew()
    clock.move(days=330)
    with pytest.raises(NoticeChanged):
        await renew(bytes(32))
    await renew()
    *_, given, renewed = await ledger(runtime, region, person)
    assert (given.status, renewed.status, renewed.notice_language) == ("given", "renewed", "ru")
    assert given.expires_at is not None
    clock.move(days=100)
    assert await grounded(runtime, region, person, LOCATION)
    clock.move(days=300)
    with pytest.raises(ConsentOver):
        await renew()


async def test_a_guardians_consent_ends_at_majority(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock, person: UUID
) -> None:
    of_age = region.day_of(clock.now()) + timedelta(days=40)
    async with runtime.database.writing(region) as uow:
        await give(uow, person, LOCATION, guardian_until=of_age)
    given = (await ledger(runtime, region, person))[-1]
    assert given.expression == "guardian"
    assert given.delegate_id is not None
    clock.move(days=39)
    assert await grounded(runtime, region, person, LOCATION)
    clock.move(days=1)
    assert not await grounded(runtime, region, person, LOCATION)


async def test_who_turns_out_to_be_a_refugee_or_of_age_is_not_held_to_it(
    runtime: Runtime, region: RegionPolicy, person: UUID
) -> None:
    async with runtime.database.writing(region) as uow:
        await give(uow, person, LOCATION)
        await give(uow, person, DOCUMENT, "passport")
        await give(uow, person, SMS, guardian_until=date(2030, 1, 1))
    async with runtime.database.writing(region) as uow:
        await upkeep.suit(uow, person, Standing(mirrors=False, minor_until=date(2030, 1, 1)))
        assert [live.purpose for live in await live_consents(uow, person)] == [SMS]
        await upkeep.suit(uow, person, Standing(mirrors=True))
        assert await live_consents(uow, person) == []
    events = await ledger(runtime, region, person)
    assert [event.reason for event in events if event.status == "revoked"] == ["protected", "protected", "of_age"]


async def test_all_ends_when_two_turn_out_to_be_one(runtime: Runtime, region: RegionPolicy, person: UUID) -> None:
    async with runtime.database.writing(region) as uow:
        await give(uow, person, LOCATION)
        await commands.ask(uow, person, ConsentPurpose.REVEAL_CONTACTS, str(uuid4()), Language.RUSSIAN)
        await upkeep.end_all(uow, person, Reason.MERGED)
        assert not await upkeep.has_open(uow, person)
    assert (await statuses(runtime, region, person))[-2:] == ["revoked", "invalidated"]
