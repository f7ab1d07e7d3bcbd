"""What becomes of work profiles and requests by themselves: consents change, terms end, people turn out to
be others.
"""

from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Database, Reading, Writing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.consents.status import LIVE, ConsentStatus
from app.domain.region.policy import RegionPolicy
from app.ports import ErasedError, TamperedError
from services.consents.ledger import CONSENTS_CHANGED
from services.employers import repository
from services.employers.profiles import FIELD, is_visible, unread_among
from services.employers.reckoning import reckon
from services.employers.requests import end, said_elsewhere
from services.outbox.commands import Handler, Payload

_PAGE = 2_000


def employer_handlers(database: Database, region: RegionPolicy) -> dict[str, Handler]:
    """What carries out that a consent has changed. Told twice, it finds nothing the second time."""

    async def changed(payload: Payload) -> None:
        person_id, status = UUID(payload["person_id"]), ConsentStatus(payload["status"])
        match payload["purpose"]:
            case ConsentPurpose.VISIBLE_TO_EMPLOYERS:
                async with database.writing(region) as uow:
                    await follow_visibility(uow, person_id)
            case ConsentPurpose.REVEAL_CONTACTS if status in LIVE or status is ConsentStatus.REFUSED:
                async with database.writing(region) as uow:
                    await said_elsewhere(uow, person_id, UUID(payload["scope"]), yes=status in LIVE)

    return {CONSENTS_CHANGED: changed}


async def follow_visibility(uow: Writing, person_id: UUID) -> None:
    """Whether the person is to be found is looked at anew; who is not has nothing asked of them any more."""
    await lock_person(uow, person_id, gone_too=True)
    visible = await is_visible(uow, person_id)
    await repository.set_visible(uow, person_id, visible=visible)
    if visible:
        await repository.set_reckoned(uow, await reckon(uow, [person_id]))
        return
    for card in await repository.open_cards(uow, person_id=person_id):
        await end(uow, card)


async def end_requests(uow: Writing) -> int:
    """Requests that nobody answered in time, and those for vacancies that are closed; how many."""
    over = [*await repository.open_cards(uow, by=uow.now), *await repository.open_closed(uow)]
    people = sorted({card.person_id for card in over})
    for person_id in people:
        await lock_person(uow, person_id, gone_too=True)
    ids, ended = {card.id for card in over}, 0
    for person_id in people:
        for card in await repository.open_cards(uow, person_id=person_id):
            if card.id in ids:
                await end(uow, card)
                ended += 1
    return ended


async def follow_merges(uow: Writing) -> int:
    """The work profile of somebody who was joined with another becomes the other's, unless they have one: sealed anew,
    and found by nobody until they agree to it again. Their cards end. Of how many people.
    """
    found, joined = await repository.merged(uow), 0
    for person_id, into in found:
        await lock_person(uow, into, gone_too=True)  # who has left since has no key, and gets nothing
        for card in await repository.open_cards(uow, person_id=person_id):
            await end(uow, card)
        row = await repository.raw_profile(uow, person_id)
        if row is not None and await repository.raw_profile(uow, into) is None:
            try:
                sealed = await uow.vault.seal(into, FIELD, await uow.vault.open(person_id, FIELD, row.sealed))
            except ErasedError:
                sealed = None
            except TamperedError:
                continue  # it stays as it is, and the doctor tells of it
            if sealed is not None:
                [reckoned] = await reckon(uow, [into])
                values = {name: value for name, value in reckoned.items() if name != "person_id"}
                visible = await is_visible(uow, into)
                await repository.put_work_profile(uow, into, {"sealed": sealed, "visible": visible, **values})
        await repository.delete_work_profile(uow, person_id)
        await repository.delete_cards(uow, person_id)
        joined += 1
    return joined


async def faults(uow: Reading) -> list[str]:
    """What is wrong with work profiles, in words: those that do not open, although their key is there."""
    found: list[str] = []
    after: UUID | None = None
    while rows := await repository.pool_after(uow, after, _PAGE, all_of_them=True):
        unread = await unread_among(uow, rows)
        found += [f"the work profile of person {person_id} cannot be read: nobody is shown it" for person_id in unread]
        after = rows[-1].person_id
    return found
