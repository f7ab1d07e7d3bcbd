"""The mirror as its operator and the person meet it: over HTTP, by the command, and in a backup that came back."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from app.domain.identity.caller import Caller, Role
from app.domain.registry.mirror import Answer, Verdict
from app.ports import DeliveryError, ErasedError
from app.reconcile import reconcile
from services.registry import repository
from services.registry.mirroring import Mirror as Mirroring
from services.registry.rows import body_of_line
from tests.services.locating import located, sample
from tests.services.test_mirror import Flaky
from tests.support.clock import MovableClock
from tests.support.mirroring import DOCUMENT, Mirror


async def headers(mirror: Mirror, role: Role, person: UUID | None = None) -> dict[str, str]:
    await mirror.runtime.keyring.ready(mirror.region)
    caller = Caller(uuid4(), role, uuid4(), person)
    token = await mirror.runtime.keyring.issue(mirror.region, caller, mirror.clock.now())
    return {"Authorization": f"Bearer {token}"}


async def ask(mirror: Mirror, client: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await client.get(path, params=asked, headers=await headers(mirror, Role.REGION_OPERATOR))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_gauge_tells_how_far_the_mirror_is_behind(mirror: Mirror, client: httpx.AsyncClient) -> None:
    person, _ = await mirror.queued()
    mirror.clock.move(seconds=90)
    gauge = await ask(mirror, client, "/v1/registry/standing")
    assert gauge == {"waiting": 1, "oldest_seconds": 90.0, "dead_letters": 0, "alarms": 0, "late_erasures": 0}
    await mirror.deliver()
    gauge = await ask(mirror, client, "/v1/registry/standing")
    assert (gauge["waiting"], gauge["oldest_seconds"]) == (0, 0.0)
    assert await mirror.told(person) == [("put", "applied")]


async def test_an_operator_puts_a_dead_letter_back_and_settles_its_alarm(
    mirror: Mirror, client: httpx.AsyncClient
) -> None:
    person, consent = await mirror.queued()
    await mirror.send(port=Flaky(mirror, lambda _: Answer(Verdict.REFUSED, "malformed")))
    (letter,) = (await ask(mirror, client, "/v1/registry/dead-letters"))["items"]
    assert (letter["kind"], letter["purpose"], letter["reason"]) == ("location", "mirror_location", "malformed")
    (alarm,) = (await ask(mirror, client, "/v1/registry/alarms"))["items"]
    assert alarm["code"] == "malformed"
    assert str(person) not in str([letter, alarm]), "which event, and never whose"
    by = await headers(mirror, Role.REGION_OPERATOR)
    back, settle = f"/v1/registry/dead-letters/{letter['id']}/put-back", f"/v1/registry/alarms/{alarm['id']}/settle"
    for path in (back, settle):
        assert (await client.post(path, headers=by)).status_code == 204
        assert (await client.post(path, headers=by)).status_code == 404, "once"
    gauge = await ask(mirror, client, "/v1/registry/standing")
    assert (gauge["dead_letters"], gauge["alarms"]) == (0, 0)
    await mirror.deliver()
    assert await mirror.told(person) == [("tombstone", "applied"), ("put", "applied")]
    # What has lost its ground meanwhile is dropped, and the operator is told so.
    await mirror.put(person)
    await mirror.send(port=Flaky(mirror, lambda _: Answer(Verdict.REFUSED, "malformed")))
    (letter,) = (await ask(mirror, client, "/v1/registry/dead-letters"))["items"]
    await mirror.withdraw(person, consent, told=False)
    answer = await client.post(f"/v1/registry/dead-letters/{letter['id']}/put-back", headers=by)
    assert (answer.status_code, answer.json()["code"]) == (409, "mirror_ground_gone")
    assert (await ask(mirror, client, "/v1/registry/dead-letters"))["items"] == []


async def test_a_person_sees_what_was_erased_and_its_receipt_and_nobody_elses(
    mirror: Mirror, client: httpx.AsyncClient
) -> None:
    person, consent = await mirror.mirrored()
    mine, other = (
        await headers(mirror, Role.MIGRANT, person),
        await headers(mirror, Role.MIGRANT, await mirror.person()),
    )
    await mirror.withdraw(person, consent)
    (asked,) = (await client.get("/v1/me/erasures", headers=mine)).json()["items"]
    assert (asked["consent_id"], asked["purpose"], asked["receipt"]) == (str(consent), "mirror_location", None)
    await mirror.deliver()
    (proven,) = (await client.get("/v1/me/erasures", headers=mine)).json()["items"]
    assert proven["receipt"].count(".") == 2
    assert (await client.get("/v1/me/erasures", headers=other)).json() == {"items": []}


async def test_the_region_is_told_of_cells_with_ten_people(
    mirror: Mirror, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    crowd, alone = (53.10, 47.20), (53.90, 47.90)
    people = [await located(mirror.runtime) for _ in range(11)]
    clock.move(minutes=1)
    for number, person in enumerate(people):
        await person.send([sample(clock.now(), *(crowd if number < 10 else alone))])
    cells = {cell["cell"]: cell["people"] for cell in (await ask(mirror, client, "/v1/crowded-cells"))["items"]}
    assert set(cells.values()) == {10}
    answer = await client.get("/v1/crowded-cells?resolution=11", headers=await headers(mirror, Role.REGION_OPERATOR))
    assert answer.status_code == 422, "no finer than a person may choose"


async def test_reconciling_says_how_many_differed_and_mends_them(mirror: Mirror) -> None:
    person = await mirror.person()
    await mirror.consent(person, DOCUMENT, "passport")
    for key in ("p1", "p2"):
        await mirror.put(person, key=key, document="passport")
    await mirror.deliver()
    await mirror.registry.sql("DELETE FROM records WHERE subject = $1 AND key = 'p1'", await mirror.subject(person))
    async with mirror.runtime.database.writing(mirror.region) as uow:
        await uow.session.execute(
            text("UPDATE mirror_people SET compared_at = NULL WHERE person_id = :id"), {"id": person}
        )
    port = mirror.batching
    mirrors = {mirror.region.code: Mirroring(mirror.runtime.database, mirror.region, port, mirror.grounds)}
    told = f"{mirror.region.code}: 1 people compared, 1 differed: 1 missing there; a worker sends what mends it"
    assert await reconcile(mirrors) == (told, 1)
    await mirror.deliver()
    assert sorted(record["key"] for record in await mirror.held(person)) == ["p1", "p2"]
    assert await reconcile({}) == ("Nothing is mirrored: MANZIL_REGISTRY_URL is not set.", 0)
    port.standings = _away  # type: ignore[method-assign, assignment]
    mirror.clock.move(seconds=1)
    assert await reconcile(mirrors) == (f"{mirror.region.code}: the registry does not answer", 2)


async def _away(_: object) -> Any:
    raise DeliveryError("away")


async def test_a_backup_from_before_an_erasure_stays_unreadable_here_too(mirror: Mirror) -> None:
    """Crypto-erasure: rows of the sequence come back from a backup, the person's key, which lies apart, does not."""
    (person, _), (other, _) = await mirror.queued(), await mirror.queued()
    async with mirror.runtime.database.reading(mirror.region) as uow:
        backup = {one: await repository.lines(uow, one, ["queued"]) for one in (person, other)}
    await mirror.runtime.database.vault.erase(person)
    assert await body_of_line(mirror.runtime.database.vault, mirror.region.code, backup[other][0])
    with pytest.raises(ErasedError):
        await body_of_line(mirror.runtime.database.vault, mirror.region.code, backup[person][0])
    await mirror.send()
    assert await mirror.told(person) == [("tombstone", "queued")], "and nothing of it is sent any more"
