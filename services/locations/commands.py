"""What a person's phone sends of where it was, and what they choose and delete of it.

All of it happens behind the person's lock, as giving and withdrawing a consent do: a batch is kept whole under the
consent that lives then, or not at all. What is sent is decided on first, and kept by one statement if nothing of it has
changed since: a walk sends many batches, and each way to the database costs as much as a hundred samples.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.db.changes import Changes, Row
from app.db.locks import lock_person
from app.db.unit_of_work import Deciding, Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.purposes import ConsentPurpose
from app.domain.locations.precision import Choices
from app.domain.locations.samples import (
    Held,
    Sample,
    Term,
    Verdict,
    by_day,
    days_of,
    instant,
    judge,
    milliseconds,
)
from app.models.locations import LocationBatch
from services.audit.commands import record_change
from services.audit.queries import log_position
from services.consents.ground import given_part, ground_of, ground_part
from services.locations import repository
from services.locations.cells import cell_of, coarser
from services.locations.repository import State
from services.locations.sealing import Kept, open_batch, open_cell, pack, pack_kept, seal_batch, seal_cell
from services.outbox.commands import emit

RECORDED = "locations.recorded"
"""The latest that is known of a person has changed, or there is nothing any more. For `registry`."""
_TELL_AGAIN = timedelta(hours=1)
"""Who stays in one cell is told of no more often than that."""
_NEWS_FOR = timedelta(days=7)
_MILLISECOND = timedelta(milliseconds=1)


async def record(uow: Deciding, person_id: UUID, samples: Sequence[Sample]) -> list[Verdict]:
    """Keeps what may be kept, and says of each sample what became of it, in their order.

    NoConsent without a living consent: nothing is looked at. NotSignedIn for one who was joined with another.
    """
    moments = [sample.at for sample in samples]
    first, last, days = min(moments), max(moments), days_of(moments)
    whole = log_position(person_id)
    ground = ground_part(uow, person_id, ConsentPurpose.MIRROR_LOCATION)
    part = await repository.standing(
        uow, person_id, Purpose.OWN_ACCESS, first=instant(first), last=instant(last), days=days
    )
    given = given_part(uow, person_id, ConsentPurpose.MIRROR_LOCATION)
    found = await uow.gather(whole, ground, given, part)
    ground_of(uow, found[ground], ConsentPurpose.MIRROR_LOCATION)
    standing, since = found[part], found[given] or uow.now
    known = {kept.at for sealed in standing.sealed for kept in await open_batch(uow, person_id, sealed)}
    term = Term(since, uow.now, standing.state.choices.keep, standing.state.deleted_until)
    verdicts = judge(samples, term, Held(known, standing.days))
    kept = [sample for sample, verdict in zip(samples, verdicts, strict=True) if verdict is Verdict.KEPT]
    if kept:
        changes = Changes(people={person_id: found[whole]})
        changes.calls.append(await _kept(uow, person_id, standing.state, kept))
        uow.leave(changes)
    return verdicts


async def _kept(uow: Deciding, person_id: UUID, state: State, samples: Sequence[Sample]) -> tuple[str, Row]:
    rows = [
        {
            "person_id": person_id,
            "day": day,
            "id": uuid4(),
            "first_at": instant(taken[0].at),
            "last_at": instant(taken[-1].at),
            "samples": len(taken),
            "sealed": await seal_batch(uow, person_id, pack(taken, state.choices)),
        }
        for day, taken in by_day(samples).items()
    ]
    newest = max(samples)
    if state.latest_at is None or instant(newest.at) > state.latest_at:
        cell = cell_of(newest.lat, newest.lon, state.choices.cell)
        state = await _with_latest(uow, person_id, state, instant(newest.at), cell)
    return repository.kept(person_id, state, rows)


async def _with_latest(uow: Deciding, person_id: UUID, state: State, at: datetime, cell: int) -> State:
    """The latest cell, and word of it if it is another, or the word before has grown old."""
    before = state.latest_sealed and await open_cell(uow, person_id, state.latest_sealed)
    news = cell != before or state.told_at is None or at - state.told_at >= _TELL_AGAIN
    if cell != before or state.latest_sealed is None:
        state = replace(state, latest_sealed=await seal_cell(uow, person_id, cell))
    if news:
        state = replace(state, told_at=at, news=True)
    return replace(state, latest_at=at)


async def tell(uow: Writing, *, limit: int = 500) -> int:
    """The worker's tick: has `registry` look again at whose latest has changed; of how many.

    One event each time a batch comes would make the commits of all phones wait for each other (NOTIFY does).
    """
    people = await repository.take_news(uow, limit)
    payloads = [{"person_id": str(person_id)} for person_id in people]
    await emit(uow, RECORDED, *payloads, expires_at=uow.now + _NEWS_FOR)
    return len(people)


async def choose(uow: Writing, person_id: UUID, choices: Choices) -> None:
    """From now on, and for what is kept: samples become as coarse as is wanted now, and those too old for it go."""
    await lock_person(uow, person_id)
    state = await repository.state_of(uow, person_id, Purpose.OWN_ACCESS)
    if state.choices == choices and state is not repository.NOTHING:
        return
    oldest = uow.now - choices.keep
    if choices.keep < state.choices.keep:
        await repository.drop_ended(uow, person_id, oldest)
        if state.latest_at is not None and state.latest_at < oldest:
            state = replace(state, latest_at=None, latest_sealed=None, news=True)
    if choices.coarser_than(state.choices):
        await _coarsen(uow, person_id, choices.cell)
        if state.latest_sealed is not None:
            cell = coarser(await open_cell(uow, person_id, state.latest_sealed), choices.cell)
            state = replace(state, latest_sealed=await seal_cell(uow, person_id, cell), news=True)
    await repository.put_state(uow, person_id, replace(state, choices=choices))
    await record_change(uow, person_id, "location_choices_changed")


async def _coarsen(uow: Writing, person_id: UUID, resolution: int) -> None:
    for batch in await repository.batches(uow, person_id, Purpose.OWN_ACCESS):
        kept = [one.coarsened(resolution) for one in await open_batch(uow, person_id, batch.sealed)]
        await _replace(uow, person_id, batch, kept)


async def _replace(uow: Writing, person_id: UUID, batch: LocationBatch, kept: Sequence[Kept]) -> None:
    if not kept:
        await repository.drop(uow, batch)
        return
    await repository.replace(
        uow,
        batch,
        first_at=instant(kept[0].at),
        last_at=instant(kept[-1].at),
        samples=len(kept),
        sealed=await seal_batch(uow, person_id, pack_kept(kept)),
    )


async def delete(uow: Writing, person_id: UUID, *, since: datetime | None, until: datetime | None) -> int:
    """Deletes what was taken from `since` on and before `until`; how many samples.

    Without `since`, what was taken by then and comes later is refused too.
    """
    await lock_person(uow, person_id)
    state = await repository.state_of(uow, person_id, Purpose.OWN_ACCESS)
    deleted = 0
    low = None if since is None else milliseconds(since)
    high = None if until is None else milliseconds(until)
    last = None if until is None else until - _MILLISECOND
    for batch in await repository.batches(uow, person_id, Purpose.OWN_ACCESS, since=since, until=last):
        kept = await open_batch(uow, person_id, batch.sealed)
        left = [one for one in kept if (low is not None and one.at < low) or (high is not None and one.at >= high)]
        if len(left) < len(kept):
            await _replace(uow, person_id, batch, left)
            deleted += len(kept) - len(left)
    if since is None:
        border = min(uow.now, last) if last is not None else uow.now
        state = replace(state, deleted_until=max(border, state.deleted_until or border))
    state = await _latest_again(uow, person_id, state)
    await repository.put_state(uow, person_id, state)
    if deleted:
        await record_change(uow, person_id, "locations_deleted")
    return deleted


async def _latest_again(uow: Writing, person_id: UUID, state: State) -> State:
    """What is the latest of what is left."""
    batch = await repository.newest(uow, person_id, Purpose.OWN_ACCESS)
    if batch is not None and batch.last_at == state.latest_at:
        return state
    if batch is None:
        return replace(state, latest_at=None, latest_sealed=None, news=state.news or state.latest_at is not None)
    newest = (await open_batch(uow, person_id, batch.sealed))[-1].coarsened(state.choices.cell)
    sealed = await seal_cell(uow, person_id, newest.cell or 0)
    return replace(state, latest_at=instant(newest.at), latest_sealed=sealed, news=True)
