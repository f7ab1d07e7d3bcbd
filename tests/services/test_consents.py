"""Consents by their commands: what the ledger keeps, what ends them, and what is told above."""

from uuid import UUID

import pytest
from sqlalchemy import text

from app.domain.consents.consent import Standing
from app.domain.consents.purposes import ConsentPurpose, Duty
from app.domain.identity.caller import Role
from app.domain.profiles.languages import Language
from app.domain.region.policy import RegionPolicy
from app.errors import AppError, InvalidInput, NotFound
from app.models.consents import ConsentNotice
from app.runtime import Runtime
from services.consents import commands
from services.consents.commands import Answer
from services.consents.errors import (
    ConsentGiven,
    ConsentOver,
    MirrorNotOffered,
    NoticeChanged,
    WardOfAge,
)
from services.consents.ground import GroundKind, live_consents, require_ground
from services.consents.wording import shown
from services.identity.wards import add_person
from tests.support.consenting import MIRRORED, answer, caller_of, consented, grounded, ledger, statuses, told, withdraw

LOCATION, DOCUMENT, SMS = ConsentPurpose.MIRROR_LOCATION, ConsentPurpose.MIRROR_DOCUMENT, ConsentPurpose.NOTICES_SMS


async def test_a_consent_is_kept_with_all_that_it_says(runtime: Runtime, region: RegionPolicy, person: UUID) -> None:
    consent_id = await consented(runtime.database, region, person, DOCUMENT, "passport")
    asked, given = await ledger(runtime, region, person)
    assert (asked.status, given.status, given.consent_id) == ("requested", "given", consent_id)
    assert (given.purpose, given.scope, given.notice_language) == ("mirror_document", "passport", "tg")
    terms = region.consents.terms[DOCUMENT]
    assert given.recipients == list(terms.recipients)
    assert given.legal_basis.startswith("152-FZ")
    assert given.expires_at == given.at.replace(year=given.at.year + 1)
    assert (given.expression, given.channel, given.delegate_id) == ("tap", "app", None)
    async with runtime.database.reading(region) as uow:
        notice = await uow.session.get_one(ConsentNotice, given.notice_sha256)
    assert notice.shown == shown(DOCUMENT, "passport", Language.TAJIK).text


async def test_a_live_consent_is_the_ground_and_a_withdrawn_one_is_not(
    runtime: Runtime, region: RegionPolicy, person: UUID
) -> None:
    assert not await grounded(runtime, region, person, LOCATION)
    consent_id = await consented(runtime.database, region, person, LOCATION)
    async with runtime.database.writing(region) as uow:
        ground = await require_ground(uow, person, LOCATION)
        [live] = await live_consents(uow, person)
    assert (ground.kind, ground.consent_id, ground.purpose) == (GroundKind.CONSENT, consent_id, "mirror_location")
    assert (live.consent_id, live.purpose, live.scope, live.expires_at) == (
        consent_id,
        LOCATION,
        None,
        ground.expires_at,
    )
    assert not await grounded(runtime, region, person, DOCUMENT, "passport")
    await withdraw(runtime.database, region, person, consent_id)
    assert not await grounded(runtime, region, person, LOCATION)
    async with runtime.database.reading(region) as reading:
        assert await live_consents(reading, person) == []
    assert [event["status"] for event in await told(runtime, region, person)] == ["given", "withdrawn"]
    assert (await told(runtime, region, person))[-1] == {
        "person_id": str(person),
        "consent_id": str(consent_id),
        "purpose": "mirror_location",
        "scope": None,
        "status": "withdrawn",
        "at": runtime.database.clock.now().isoformat(),
    }


async def test_a_duty_needs_no_consent_and_names_its_article(
    runtime: Runtime, region: RegionPolicy, person: UUID
) -> None:
    async with runtime.database.writing(region) as uow:
        ground = await require_ground(uow, person, Duty.PROOF_OF_CONSENT)
    assert (ground.kind, ground.consent_id) == (GroundKind.LAW, None)
    assert "art. 9(3)" in ground.citation


async def test_the_kind_of_one_document_is_no_other_kind(runtime: Runtime, region: RegionPolicy, person: UUID) -> None:
    await consented(runtime.database, region, person, DOCUMENT, "passport")
    assert await grounded(runtime, region, person, DOCUMENT, "passport")
    assert not await grounded(runtime, region, person, DOCUMENT, "patent")


async def test_given_twice_it_is_one_consent(runtime: Runtime, region: RegionPolicy, person: UUID) -> None:
    first = await consented(runtime.database, region, person, SMS)
    assert await consented(runtime.database, region, person, SMS) == first
    assert await statuses(runtime, region, person) == ["requested", "given"]


async def test_what_was_withdrawn_is_given_anew_as_another_record(
    runtime: Runtime, region: RegionPolicy, person: UUID
) -> None:
    first = await consented(runtime.database, region, person, SMS)
    for _ in range(2):
        await withdraw(runtime.database, region, person, first)
    second = await consented(runtime.database, region, person, SMS)
    assert second != first
    assert await statuses(runtime, region, person) == ["requested", "given", "withdrawn", "requested", "given"]
    await withdraw(runtime.database, region, person, first)
    assert await grounded(runtime, region, person, SMS)


async def test_a_refusal_is_kept_and_a_yes_may_follow_it(runtime: Runtime, region: RegionPolicy, person: UUID) -> None:
    async with runtime.database.writing(region) as uow:
        refused = await commands.refuse(uow, caller_of(person), answer(LOCATION), MIRRORED)
        with pytest.raises(ConsentOver):
            await commands.withdraw(uow, caller_of(person), refused)
    assert not await grounded(runtime, region, person, LOCATION)
    given = await consented(runtime.database, region, person, LOCATION)
    async with runtime.database.writing(region) as uow:
        with pytest.raises(ConsentGiven) as caught:
            await commands.refuse(uow, caller_of(person), answer(LOCATION), MIRRORED)
    assert caught.value.context["consent_id"] == str(given)
    assert await statuses(runtime, region, person) == ["requested", "refused", "requested", "given"]


@pytest.mark.parametrize(
    ("said", "standing", "role", "error"),
    [
        (Answer(LOCATION, None, Language.TAJIK, bytes(32)), MIRRORED, Role.MIGRANT, NoticeChanged),
        (answer(LOCATION, language=Language.RUSSIAN), Standing(), Role.MIGRANT, MirrorNotOffered),
        (answer(DOCUMENT, "passport"), Standing(), Role.MIGRANT, MirrorNotOffered),
        (answer(SMS), MIRRORED, Role.GUARDIAN, WardOfAge),
        (Answer(DOCUMENT, "diary", Language.TAJIK, bytes(32)), MIRRORED, Role.MIGRANT, InvalidInput),
        (Answer(SMS, "passport", Language.TAJIK, bytes(32)), MIRRORED, Role.MIGRANT, InvalidInput),
    ],
)
async def test_what_cannot_be_answered_leaves_nothing(
    runtime: Runtime,
    region: RegionPolicy,
    person: UUID,
    said: Answer,
    standing: Standing,
    role: Role,
    error: type[AppError],
) -> None:
    for command in (commands.give, commands.refuse):
        with pytest.raises(error):
            async with runtime.database.writing(region) as uow:
                await command(uow, caller_of(person, role), said, standing)
    assert await ledger(runtime, region, person) == []


async def test_a_stranger_reads_and_ends_nothing(runtime: Runtime, region: RegionPolicy, person: UUID) -> None:
    consent_id = await consented(runtime.database, region, person, SMS)
    with pytest.raises(NotFound):
        await withdraw(runtime.database, region, await _somebody(runtime, region), consent_id)
    assert await grounded(runtime, region, person, SMS)


async def _somebody(runtime: Runtime, region: RegionPolicy) -> UUID:
    async with runtime.database.writing(region) as uow:
        return await add_person(uow)


async def test_a_text_that_changed_is_agreed_to_anew(
    runtime: Runtime, region: RegionPolicy, person: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await consented(runtime.database, region, person, LOCATION)
    old = answer(LOCATION)
    monkeypatch.setattr("app.domain.consents.notices.COMMON", ())
    with pytest.raises(NoticeChanged):
        async with runtime.database.writing(region) as uow:
            await commands.give(uow, caller_of(person), old, MIRRORED)
    assert await consented(runtime.database, region, person, LOCATION) != first
    assert await statuses(runtime, region, person) == ["requested", "given", "revoked", "requested", "given"]


async def test_no_refusal_stands_in_the_outbox_or_the_ledger_of_anybody_else(
    runtime: Runtime, region: RegionPolicy, person: UUID
) -> None:
    async with runtime.database.writing(region) as uow:
        await commands.refuse(uow, caller_of(person), answer(SMS), MIRRORED)
        plain = await uow.session.scalars(text("SELECT row_to_json(o)::text FROM outbox_events o"))
        assert not any("refused" in row or str(person) in row for row in plain)
