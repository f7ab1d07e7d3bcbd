"""The worker's part of feeds: one batch at a time, each in a transaction with its people's entries and its file.

Between two batches anything may have changed: the agreement is looked at anew before each, so a run that is under way
stops where it is.
"""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from app.db.unit_of_work import Database, Writing
from app.domain.exchange.terms import Way
from app.domain.region.policy import RegionPolicy
from app.models.exchange import ExchangeFeed
from app.wire.bodies import canonical, digest_of
from app.wire.keys import PrivateKey
from app.wire.receipts import issue
from services.exchange import repository as agreements
from services.exchange.agreements import Held, hold
from services.exchange.content import Content
from services.exchange.feeds import repository
from services.exchange.looking import batch
from services.exchange.passing import pass_on
from services.exchange.uses.counting import count_feed
from services.registry.keys import MirrorKeys

BATCH = 25
KIND = "exchange-file+jws"
_SALT_BYTES = 16
_LOOKED_AT = 20


async def run_next(database: Database, region: RegionPolicy, keys: MirrorKeys, size: int = BATCH) -> bool:
    """One batch of a feed that is due, of so many people at most; whether there was one."""
    key = await keys.signing()
    async with database.writing(region) as uow:
        for agreement_id in await repository.due(uow, _LOOKED_AT):
            held = await hold(uow, agreement_id, Way.FEED)
            feed = await repository.claim(uow, agreement_id)
            if feed is None:
                continue
            if held is None:
                await _stop(uow, agreement_id)
            else:
                await _batch(uow, feed, held, key, size)
            return True
    return False


async def _batch(uow: Writing, feed: ExchangeFeed, held: Held, key: PrivateKey, size: int) -> None:
    number = held.version.number
    fresh = feed.run_id is None or feed.number != number
    run_id, after, ordinal = (uuid4(), None, 1) if fresh else (feed.run_id, feed.last_person, feed.files + 1)
    if fresh:
        # What was made by another wording is not handed out any more.
        await repository.drop_files(uow, held.agreement_id, number)
    people, more = await batch(uow, held, after, size)
    told = [(each, await pass_on(uow, held, each, system=held.agency.system)) for each in people]
    items = [(person_id, _item(content)) for person_id, content in told if content is not None]
    if items:
        file_id, keep_for = uuid4(), timedelta(days=held.terms.retention_days)
        statement = _statement(uow, held, file_id, run_id, ordinal, keep_for) | {
            "items": [digest_of(plain).hex() for _, plain in items],
            "last": not more,
        }
        row = {"id": file_id, "agreement_id": held.agreement_id, "number": number, "run_id": run_id}
        row |= {"ordinal": ordinal, "manifest": issue(statement, key, KIND)}
        await repository.add_file(uow, row, keep_for, items)
    await count_feed(uow, held.agency.organisation_id, held.agreement_id, number, len(items))
    if not more:
        again = uow.now + timedelta(hours=held.terms.every_hours or 1)
        await repository.move(uow, held.agreement_id, run_id=None, number=None, last_person=None, files=0, due_at=again)
    else:
        files = ordinal if items else ordinal - 1
        await repository.move(uow, held.agreement_id, run_id=run_id, number=number, last_person=people[-1], files=files)


def _item(content: Content) -> bytes:
    """Salted, so that nobody finds by trying what a digest in the manifest is of."""
    return canonical({"salt": secrets.token_hex(_SALT_BYTES), "data": content})


def _statement(
    uow: Writing, held: Held, file_id: UUID, run_id: UUID | None, ordinal: int, keep_for: timedelta
) -> dict[str, Any]:
    return {
        "id": str(file_id),
        "region": uow.region.code,
        "agency": str(held.agency.organisation_id),
        "agreement": str(held.agreement_id),
        "version": held.version.number,
        "run": str(run_id),
        "number": ordinal,
        "purpose": held.terms.purpose.value,
        "ground": held.terms.citation,
        "made_at": uow.now.isoformat(),
        "delete_by": (uow.now + keep_for).isoformat(),
    }


async def _stop(uow: Writing, agreement_id: UUID) -> None:
    """Nothing is in force: what waits is deleted, and the feed ends, or waits for a version that is still to come."""
    await repository.drop_files(uow, agreement_id, None)
    found = await agreements.agreement(uow, agreement_id)
    to_come = [
        version.terms.valid_from
        for version in (found.versions if found and found.revoked_at is None else ())
        if version.approved_at and version.terms.valid_from > uow.now and Way.FEED in version.terms.ways
    ]
    if to_come:
        await repository.move(
            uow, agreement_id, run_id=None, number=None, last_person=None, files=0, due_at=min(to_come)
        )
    else:
        await repository.end(uow, agreement_id)


async def drop_old_files(uow: Writing) -> None:
    """Once a minute: what is past its term goes."""
    await repository.drop_old(uow)
