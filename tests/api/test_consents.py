"""Consents over HTTP: shown in one's language, given, refused, withdrawn by one call, proven; seen by nobody else."""

import re
from hashlib import sha256
from typing import Any

import pytest
import pytest_asyncio
from jose import jws

from app.domain.consents.purposes import ConsentPurpose
from app.domain.identity.caller import Role
from services.consents.queries import consent_faults
from services.identity.keyring import rotate
from tests.api.helpers import Json, booked, fresh_passport, given, log, refused
from tests.api.test_family import acting, register
from tests.structure.sources import ROOT
from tests.support.people import Desk, Person, World

LOCATION, SMS = "mirror_location", "notices_sms"


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer(citizenship="TJK")


async def notices(person: Person, language: str = "tg") -> dict[tuple[str, str | None], Json]:
    headers = person.headers | {"Accept-Language": language}
    answer = await person.world.client.get("/v1/me/consents/notices", headers=headers)
    return {(each["purpose"], each["scope"]): each for each in given(answer)["items"]}


async def said(person: Person, purpose: str, scope: str | None = None, language: str = "tg") -> Json:
    """The body of an answer to what was shown."""
    notice = (await notices(person, language))[purpose, scope]
    return {"purpose": purpose, "scope": scope, "language": notice["language"], "sha256": notice["sha256"]}


async def give(person: Person, purpose: str, scope: str | None = None, language: str = "tg") -> Json:
    consent: Json = given(await person.post("/v1/me/consents", await said(person, purpose, scope, language)), 201)
    return consent


async def withdraw(person: Person, consent: Json) -> Json:
    ended: Json = given(await person.post(f"/v1/me/consents/{consent['id']}/withdraw"))
    return ended


async def test_everything_that_can_be_asked_is_shown_in_ones_language(person: Person) -> None:
    found = await notices(person)
    assert {purpose for purpose, _ in found} == set(ConsentPurpose) - {ConsentPurpose.REVEAL_CONTACTS}
    location = found[LOCATION, None]
    assert location["language"] == "tg"
    assert location["title"] == "Ҷойи шумо — ба феҳристи минтақавӣ"
    assert location["sha256"] == sha256(location["text"].encode()).hexdigest()
    assert "Шиноснома" in found["mirror_document", "passport"]["title"]
    russian = (await notices(person, "ru"))[LOCATION, None]
    assert russian["version"] == location["version"]
    assert russian["sha256"] != location["sha256"]


async def test_a_consent_is_given_and_withdrawn_by_one_call_each(person: Person) -> None:
    consent = await give(person, LOCATION)
    assert (consent["status"], consent["live"], consent["renewable"]) == ("given", True, False)
    assert [each["id"] for each in given(await person.get("/v1/me/consents"))["items"]] == [consent["id"]]
    ended = await withdraw(person, consent)
    assert (ended["status"], ended["live"]) == ("withdrawn", False)
    assert await withdraw(person, consent) == ended
    history = given(await person.get("/v1/me/consents/history", limit=2))
    assert [each["status"] for each in history["items"]] == ["withdrawn", "given"]
    rest = given(await person.get("/v1/me/consents/history", cursor=history["next"]))
    assert ([each["status"] for each in rest["items"]], rest["next"]) == (["requested"], None)
    actions = [entry["action"] for entry in await log(person)]
    assert actions[:2] == ["consent_withdrawn", "consent_given"]


async def test_what_was_not_shown_as_it_is_now_is_not_agreed_to(person: Person) -> None:
    body = await said(person, SMS)
    russian = (await said(person, SMS, language="ru"))["sha256"]
    for wrong, now in ((body | {"sha256": "0" * 64}, body["sha256"]), (body | {"language": "ru"}, russian)):
        for path in ("/v1/me/consents", "/v1/me/consents/refusals"):
            problem = refused(await person.post(path, wrong), 409, "notice_changed")
            assert problem["sha256"] == now
    assert given(await person.get("/v1/me/consents"))["items"] == []


@pytest.mark.parametrize("wrong", [{"scope": "passport"}, {"sha256": "0"}, {"purpose": "sell"}, {"language": "xx"}])
async def test_an_answer_that_makes_no_sense_is_refused(person: Person, wrong: Json) -> None:
    refused(await person.post("/v1/me/consents", await said(person, SMS) | wrong), 422, "invalid_input")


async def test_a_refusal_is_as_easy_and_changes_nothing_else(person: Person) -> None:
    for (purpose, scope), notice in (await notices(person)).items():
        body = {"purpose": purpose, "scope": scope, "language": "tg", "sha256": notice["sha256"]}
        no = given(await person.post("/v1/me/consents/refusals", body), 201)
        assert (no["status"], no["live"]) == ("refused", False)
    problem = await person.post(f"/v1/me/consents/{no['id']}/withdraw")
    assert refused(problem, 409, "consent_over")["status"] == 409
    assert (await booked(person))["status"] == "confirmed"


async def test_a_push_address_given_with_the_notice_is_a_consent_too(person: Person) -> None:
    [sign_in] = given(await person.get("/v1/me/devices"))["items"]
    path, body = f"/v1/me/devices/{sign_in['id']}/push-address", {"token": "a-token-of-fcm", "language": "tg"}
    assert (await person.put(path, body)).status_code == 204
    assert given(await person.get("/v1/me/consents"))["items"] == []
    refused(await person.put(path, body | {"notice_sha256": "0" * 64}), 409, "notice_changed")
    shown = (await said(person, "notices_push"))["sha256"]
    assert (await person.put(path, body | {"notice_sha256": shown})).status_code == 204
    [consent] = given(await person.get("/v1/me/consents"))["items"]
    assert (consent["purpose"], consent["status"], consent["notice_language"]) == ("notices_push", "given", "tg")


async def test_it_is_renewed_in_its_last_two_months(own_time: World) -> None:
    person = await own_time.newcomer()
    consent = await give(person, SMS)
    body = {
        name: value
        for name, value in (await said(person, SMS, language="ru")).items()
        if name in {"language", "sha256"}
    }
    path = f"/v1/me/consents/{consent['id']}/renew"
    refused(await person.post(path, body), 409, "too_soon_to_renew")
    own_time.clock.move(days=310)
    later = await _signed_in_again(person)
    renewed = given(await later.post(path, body))
    assert (renewed["status"], renewed["notice_language"], renewed["renewable"]) == ("renewed", "ru", False)
    own_time.clock.move(days=366)
    again = await _signed_in_again(later)
    [over] = given(await again.get("/v1/me/consents"))["items"]
    assert (over["status"], over["live"]) == ("expired", False)
    refused(await again.post(path, body), 409, "consent_over")


async def _signed_in_again(person: Person) -> Person:
    await person.sign_in()
    return person


async def test_nothing_is_mirrored_of_refugees_and_of_whom_nothing_is_known(world: World) -> None:
    asylum = await world.newcomer(citizenship="AFG", purpose="asylum")
    refugee = await world.newcomer(citizenship="XXB")
    unknown = world.stranger()
    await unknown.sign_in()
    for person in (asylum, refugee, unknown):
        assert not any(purpose.startswith("mirror") for purpose, _ in await notices(person))
        body = await said(await world.newcomer(), LOCATION)
        refused(await person.post("/v1/me/consents", body), 409, "mirror_not_offered")
        await give(person, SMS)


async def test_a_guardian_answers_for_the_ward_until_majority(world: World) -> None:
    guardian = await world.newcomer(citizenship="UZB")
    ward = await register(guardian, years=18, month=12, day=31, mrz=fresh_passport("UZB"))
    hands = await acting(guardian, ward)
    entry = {"entered_on": world.today.isoformat(), "purpose": "family"}
    given(await hands.post("/v1/me/entries", entry), 201)
    consent = await give(hands, LOCATION)
    assert consent["by_guardian"]
    assert consent["expires_at"][:10] in {f"{world.today.year}-12-30", f"{world.today.year}-12-31"}
    assert given(await guardian.get("/v1/me/consents"))["items"] == []
    # The child turns out to be of age: what another agreed to for them does not bind them.
    given(await hands.put("/v1/me/birth-date", {"year": world.today.year - 20}))
    [ended] = given(await hands.get("/v1/me/consents"))["items"]
    assert ended["status"] == "revoked"
    refused(await hands.post("/v1/me/consents", await said(hands, SMS)), 409, "ward_of_age")


async def test_nobody_else_sees_a_consent_or_a_refusal(person: Person, desk: Desk, world: World) -> None:
    consent = await give(person, LOCATION)
    given(await person.post("/v1/me/consents/refusals", await said(person, SMS)), 201)
    other = await world.newcomer()
    for path in ("receipt",):
        refused(await other.get(f"/v1/me/consents/{consent['id']}/{path}"), 404, "not_found")
    refused(await other.post(f"/v1/me/consents/{consent['id']}/withdraw"), 404, "not_found")
    # Whatever staff, employers and agencies can call, none of it is about consents.
    document = (await world.client.get("/openapi.json")).json()
    staff = {role.value for role in Role} - {"migrant", "guardian"}
    for path, item in document["paths"].items():
        for operation in item.values():
            if staff & set(operation["x-callers"]):
                told = str(operation["responses"]) + path
                assert not re.search("consent", told, re.IGNORECASE), path
    booking = await booked(person)
    refused(await desk.get("/v1/me/consents"), 403, "not_allowed")
    shown = given(await desk.get("/v1/visits", day=booking["starts_at"][:10]))
    assert "consent" not in str(shown)


async def test_a_receipt_proves_what_was_agreed_to(person: Person, world: World) -> None:
    consent = await give(person, LOCATION)
    downloaded = given(await person.get(f"/v1/me/consents/{consent['id']}/receipt"))
    receipt = downloaded["receipt"]
    notice = (await notices(person))[LOCATION, None]
    assert receipt["@id"] == f"urn:uuid:{consent['id']}"
    assert receipt["dpv:hasConsentStatus"] == "dpv:ConsentGiven"
    assert receipt["dpv:hasNotice"]["dct:description"] == notice["text"]
    assert receipt["dpv:hasNotice"]["manzil:sha256"] == notice["sha256"]
    assert receipt["dpv:hasPurpose"] == {"@id": f"urn:manzil:purpose:{LOCATION}", "manzil:scope": None}
    own = str(given(await person.get("/v1/me"))["migrant_id"])
    assert own not in str(downloaded)
    first, second = receipt["manzil:history"]
    assert second["manzil:previous"] == first["manzil:digest"]
    verified = given(await world.client.post("/v1/receipts/verify", json={"signed": downloaded["signed"]}))
    assert verified == {"valid": True, "receipt": receipt}
    await withdraw(person, consent)
    # Whoever holds the receipt of then learns nothing of now.
    again = given(await world.client.post("/v1/receipts/verify", json={"signed": downloaded["signed"]}))
    assert again == verified
    new = given(await person.get(f"/v1/me/consents/{consent['id']}/receipt"))["receipt"]
    assert new["dpv:hasConsentStatus"] == "dpv:ConsentWithdrawn"


async def test_a_receipt_that_was_changed_or_signed_by_another_is_none(person: Person, world: World) -> None:
    consent = await give(person, SMS)
    signed = given(await person.get(f"/v1/me/consents/{consent['id']}/receipt"))["signed"]
    header, payload, signature = signed.split(".")
    kid = jws.get_unverified_header(signed)["kid"]
    forged = jws.sign(b"{}", person.phone_key.private, {"kid": kid, "typ": "consent-receipt+jws"}, "ES256")
    unsigned = jws.sign(b"{}", "secret", {"kid": kid, "typ": "consent-receipt+jws"}, "HS256")
    other = ("A" if payload[10] != "A" else "B") + payload[11:]
    for wrong in (
        f"{header}.{payload[:10]}{other}.{signature}",
        forged,
        unsigned,
        "x",
        "a.b.c",
        person.tokens["access_token"],
    ):
        answer = given(await world.client.post("/v1/receipts/verify", json={"signed": wrong}))
        assert answer == {"valid": False, "receipt": None}


async def test_a_receipt_is_no_token(person: Person, world: World) -> None:
    consent = await give(person, SMS)
    signed = given(await person.get(f"/v1/me/consents/{consent['id']}/receipt"))["signed"]
    answer = await world.client.get("/v1/me", headers={"Authorization": f"Bearer {signed}"})
    refused(answer, 401, "not_signed_in")


async def test_a_receipt_is_verified_years_after_by_the_published_keys_alone(own_time: World) -> None:
    """By the very lines of docs/receipts.md, without us."""
    person = await own_time.newcomer()
    consent = await give(person, SMS)
    downloaded = given(await person.get(f"/v1/me/consents/{consent['id']}/receipt"))
    own_time.clock.move(days=800)
    async with own_time.runtime.database.writing(own_time.region) as uow:
        await rotate(uow)
    own_time.clock.move(hours=1)
    keys = given(await own_time.client.get("/.well-known/jwks.json"))
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "receipts.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 — ours
    assert names["check"](downloaded["signed"], keys) == downloaded["receipt"]
    with pytest.raises(ValueError, match="not signed"):
        names["check"](downloaded["signed"][:-4] + "AAAA", keys)
    verified = given(await own_time.client.post("/v1/receipts/verify", json={"signed": downloaded["signed"]}))
    assert verified["valid"]


async def test_the_doctor_has_nothing_to_say(world: World) -> None:
    async with world.runtime.database.reading(world.region) as uow:
        assert await consent_faults(uow) == []
