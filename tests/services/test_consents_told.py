"""What consents mean to messages: who took a yes back is sent nothing over that channel, and is told that they did."""

import pytest_asyncio

from app.domain.consents.purposes import ConsentPurpose
from app.domain.profiles.languages import Language
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.consents import commands
from services.outbox.commands import relay
from services.reminders.news import news_handlers
from services.reminders.queries import inbox
from tests.services.reminding import Pocket, Reminded, Someone, choose
from tests.support.clock import MovableClock
from tests.support.consenting import MIRRORED, answer, caller_of, consented, withdraw
from tests.support.sms import SmsPocket

PUSH, SMS = ConsentPurpose.NOTICES_PUSH, ConsentPurpose.NOTICES_SMS


@pytest_asyncio.fixture
async def someone(here: Reminded, clock: MovableClock) -> Someone:
    """Somebody who is to be told of tomorrow's visit this evening, and agreed to SMS."""
    person = await here.someone()
    await choose(here, person, sms=True)
    await here.book(person, "2026-09-02T10:00")
    return person


async def channels(here: Reminded, person: Someone, clock: MovableClock) -> set[str]:
    """Over which something is on its way to the person once it is evening."""
    await here.plan()
    clock.at = here.at("2026-09-01T18:00")
    await here.send(Pocket(), sms=SmsPocket())
    return {delivery.channel for delivery in await here.deliveries(person)}


async def test_who_never_answered_is_reached_where_they_asked_to_be(
    here: Reminded, someone: Someone, clock: MovableClock
) -> None:
    assert await channels(here, someone, clock) == {"push", "sms"}


async def test_who_refused_or_took_back_is_not_reached_there(
    here: Reminded, runtime: Runtime, region: RegionPolicy, someone: Someone, clock: MovableClock
) -> None:
    consent_id = await consented(runtime.database, region, someone.person_id, PUSH)
    await withdraw(runtime.database, region, someone.person_id, consent_id)
    assert await channels(here, someone, clock) == {"sms"}


async def test_a_refusal_shuts_the_channel_and_a_yes_opens_it_again(
    here: Reminded, runtime: Runtime, region: RegionPolicy, someone: Someone, clock: MovableClock
) -> None:
    for purpose in (PUSH, SMS):
        async with runtime.database.writing(region) as uow:
            await commands.refuse(uow, caller_of(someone.person_id), answer(purpose), MIRRORED)
    await consented(runtime.database, region, someone.person_id, SMS)
    assert await channels(here, someone, clock) == {"sms"}


async def test_what_waits_to_be_sent_is_not_sent_after_a_withdrawal(
    here: Reminded, runtime: Runtime, region: RegionPolicy, someone: Someone, clock: MovableClock
) -> None:
    consent_id = await consented(runtime.database, region, someone.person_id, SMS)
    assert await channels(here, someone, clock) == {"push", "sms"}
    await withdraw(runtime.database, region, someone.person_id, consent_id)
    clock.move(hours=3)
    await here.send(Pocket(), sms=SmsPocket())
    found = {delivery.channel: delivery.status for delivery in await here.deliveries(someone)}
    assert found["sms"] == "withdrawn"


async def test_what_became_of_a_consent_is_told_in_ones_language_and_a_refusal_is_not(
    here: Reminded, runtime: Runtime, region: RegionPolicy, someone: Someone, clock: MovableClock
) -> None:
    person_id = someone.person_id
    scope = "passport"
    consent_id = await consented(runtime.database, region, person_id, ConsentPurpose.MIRROR_DOCUMENT, scope)
    clock.move(minutes=1)
    await withdraw(runtime.database, region, person_id, consent_id)
    async with runtime.database.writing(region) as uow:
        await commands.refuse(uow, caller_of(person_id), answer(PUSH), MIRRORED)
    for _ in range(2):
        await relay(runtime.database, region, news_handlers(runtime.database, region))
        clock.move(minutes=1)
    await here.plan()
    await here.send(Pocket(), sms=SmsPocket())
    async with runtime.database.reading(region) as reading:
        found = await inbox(reading, person_id, Language.RUSSIAN, before=None, limit=10)
    briefs = [one.message.brief for one in found if one.told.reminder.kind == "consent_changed"]
    assert briefs == [
        "Документ — региональному реестру: Паспорт: согласие отозвано.",
        "Документ — региональному реестру: Паспорт: согласие дано.",
    ]
