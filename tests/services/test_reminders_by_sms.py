"""What goes by SMS: only what no push brought, and only to who agreed."""

from uuid import uuid4

import pytest
import pytest_asyncio

from app.domain.reminders.delivery import Answer, Verdict
from services.deliveries.commands import received
from services.deliveries.repository import addresses_of, drop_address
from services.identity import repository as identity
from services.identity.accounts import seal_number
from tests.services.reminding import Pocket, Reminded, Someone, choose, due_tomorrow
from tests.support.clock import MovableClock
from tests.support.sms import SmsPocket

SAID = "Manzil: 2 новых сообщения. Скоро потребуется ваше внимание."


@pytest_asyncio.fixture
async def person(here: Reminded, clock: MovableClock) -> Someone:
    return await due_tomorrow(here, clock)


async def test_by_sms_goes_only_what_no_push_brought_and_only_to_who_agreed(
    here: Reminded, person: Someone, clock: MovableClock
) -> None:
    sms = SmsPocket()
    await number(here, person)
    await here.send(Pocket(), sms=sms)
    clock.move(hours=2)
    await here.send(Pocket(), sms=sms)
    assert sms.sent == [], "not agreed"


async def number(here: Reminded, person: Someone) -> None:
    async with here.runtime.database.writing(here.region) as uow:
        account = await identity.accounts_of(uow, person.person_id)
        sealed = await seal_number(uow, account[0], "+79001234567")
        index = uow.vault.blind_index("phone", f"+79001234567{uuid4()}")
        await identity.update_account(uow, account[0].id, phone_index=index, phone_sealed=sealed)


@pytest.mark.parametrize("heard", [True, False])
async def test_an_sms_follows_when_no_phone_says_that_it_has_the_push(
    here: Reminded, person: Someone, clock: MovableClock, heard: bool
) -> None:
    sms, pocket = SmsPocket(), Pocket()
    await number(here, person)
    await choose(here, person, sms=True)
    await here.send(pocket, sms=sms)
    assert [(one.channel, one.status) for one in await here.deliveries(person)] == [
        ("push", "accepted"),
        ("sms", "waiting"),
    ]
    if heard:
        async with here.runtime.database.writing(here.region) as uow:
            push = next(one for one in await here.deliveries(person) if one.channel == "push")
            await received(uow, person.person_id, push.id)
    clock.move(hours=1)
    await here.send(pocket, sms=sms)
    assert len(sms.sent) == (0 if heard else 1)
    assert {one.channel: one.status for one in await here.deliveries(person)}["sms"] == (
        "spared" if heard else "accepted"
    )
    if not heard:
        assert sms.sent == [("+79001234567", SAID)]


async def test_where_no_push_can_go_the_sms_goes_at_once(here: Reminded, clock: MovableClock) -> None:
    person = await here.someone(phones=0)
    async with here.runtime.database.writing(here.region) as uow:
        await here.phone(uow, person.person_id)
        for address in await addresses_of(uow, [person.person_id]):
            await drop_address(uow, address.device_id)
    await number(here, person)
    await choose(here, person, sms=True)
    await here.book(person, "2026-09-02T10:00")
    await here.plan()
    clock.at = here.at("2026-09-01T18:00")
    sms = SmsPocket()
    await here.send(Pocket(), sms=sms)
    await here.send(Pocket(), sms=sms)
    assert len(sms.sent) == 1


async def test_when_every_push_has_failed_the_sms_does_not_wait(here: Reminded, person: Someone) -> None:
    sms = SmsPocket()
    await number(here, person)
    await choose(here, person, sms=True)
    await here.send(Pocket(lambda _: Answer(Verdict.GONE)), sms=sms)
    await here.send(Pocket(), sms=sms)
    assert len(sms.sent) == 1
