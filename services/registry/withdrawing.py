"""A withdrawal is carried out everywhere: what is not delivered is cancelled, the rest erased, and that is proven."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from app.db.bulk import gather_within
from app.db.unit_of_work import Writing
from app.domain.registry.mirror import ERASED_WITHIN, ESCALATED_AFTER, UNDELIVERED, MirrorStatus
from app.wire.bodies import Act
from services.audit.commands import record_change
from services.registry import dying, repository
from services.registry.grounds import Grounds
from services.registry.letters import repository as letters
from services.registry.rows import Line
from services.registry.standings import repository as standings

WITHDRAWN = "withdrawn"


async def withdraw(uow: Writing, person_id: UUID, consent_id: UUID) -> None:
    """Nothing mirrored under this consent stays, here or there. Safe to repeat.

    What waits becomes a tombstone; if anything may have reached the registry, it is told to erase and to prove it.
    """
    sequence = await repository.lock(uow, person_id, make=False)
    if sequence is None:
        return
    mirrored = [
        line for line in await repository.lines(uow, person_id, list(MirrorStatus), consent_id) if line.act is Act.PUT
    ]
    undelivered = [line for line in mirrored if line.status in UNDELIVERED]
    perhaps_there = [line for line in mirrored if line.status not in UNDELIVERED or line.attempts > 0]
    await repository.rewrite(uow, [line.buried(uow.region.code, WITHDRAWN, uow.now) for line in undelivered])
    await letters.forget_content(uow, person_id, consent_id)
    await letters.drop_dead(uow, person_id, consent_id)
    if perhaps_there and await letters.erasure_of(uow, consent_id) is None:
        await _demand_erasure(uow, sequence, perhaps_there[-1])
        await record_change(uow, person_id, "mirror_erasure_asked", consent=consent_id)
    elif undelivered:
        await record_change(uow, person_id, "mirror_cancelled", consent=consent_id)


async def _demand_erasure(uow: Writing, sequence: repository.Sequence_, of: Line) -> None:
    line = Line(
        person_id=sequence.person_id,
        subject=sequence.subject,
        seq=sequence.last_seq + 1,
        id=uuid4(),
        act=Act.ERASE,
        created_at=uow.now,
        purpose=of.purpose,
        scope=of.scope,
        consent_id=of.consent_id,
        reason=WITHDRAWN,
    ).digested(uow.region.code)
    await repository.append(uow, line)
    await letters.ask_erasure(uow, line, uow.now + ERASED_WITHIN)


async def bury(uow: Writing, ended: Mapping[UUID, UUID], lines: Sequence[Line]) -> None:
    """Withdraws consents (consent → person) under which `lines` were just about to be sent, which were not."""
    await repository.lock_all(uow, set(ended.values()), [])
    await repository.untried(uow, [line.id for line in lines if line.act is Act.PUT and line.consent_id in ended])
    await _withdraw_all(uow, [(person_id, consent_id) for consent_id, person_id in ended.items()])


async def _withdraw_all(uow: Writing, ended: Sequence[tuple[UUID, UUID]]) -> None:
    """Of people whose sequences are locked; person by person, as others lock their logs."""
    for person_id, consent_id in sorted(ended):
        await withdraw(uow, person_id, consent_id)


async def escalate_late(uow: Writing) -> int:
    """Raises the alarm over erasures without a receipt, while there is time left before the law's deadline."""
    late = await letters.escalate(uow, uow.now - ESCALATED_AFTER)
    for event_id in late:
        await dying.raise_alarm(uow, "erasure_late", event_id)
    return len(late)


async def withdraw_ended(uow: Writing, grounds: Grounds, after: UUID, *, limit: int = 500) -> UUID:
    """Withdraws what is kept under consents that have ended, whether or not anybody told of it. Looks at so many
    people after that one, and returns the last of them: zero at the end, to begin anew.
    """
    people = await standings.next_people(uow, after, limit)
    if not people:
        return UUID(int=0)
    kept, part = await standings.consents_kept(uow, people), grounds.live(people, uow.now)
    live = (await gather_within(uow, part))[part]
    if ended := [one for one in kept if one[1] not in live]:
        await repository.lock_all(uow, {person_id for person_id, _ in ended}, [])
        await _withdraw_all(uow, ended)
    return people[-1]
