"""SQL of what people are told: plans, reminders, the inbox, and what they chose."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.bulk import copy_rows, execute, fetch
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.reminders.diff import Difference, ReminderStatus
from app.domain.reminders.kinds import AT_THE_POINT, Kind
from app.domain.reminders.planning import Reminder
from app.domain.reminders.preferences import Preferences
from app.models.identity import Person
from app.models.reminders import PushAddress, ReminderPlan, ReminderPreference, ReminderRow
from services.audit.access import account_for
from services.reminders.rows import COLUMNS, Due, Planned, Replanned, Told, preferences_of, reminder_of, row_of, told_of


async def open_plans(uow: Writing, limit: int) -> int:
    """Begins a plan for people to whom something happened and who have none, unless they had all deleted; returns for
    how many.
    """
    statement = text("""
        INSERT INTO reminder_plans (person_id, replan_at)
        SELECT DISTINCT h.person_id, CAST(:now AS timestamptz) FROM (
            SELECT h.person_id FROM chain_heads h WHERE h.seq > h.planned_seq
                AND NOT EXISTS (SELECT FROM reminder_plans p WHERE p.person_id = h.person_id)
                AND NOT EXISTS (SELECT FROM persons g WHERE g.id = h.person_id AND g.erased_at IS NOT NULL)
            LIMIT :limit
        ) AS h JOIN persons ON persons.id = h.person_id
        ORDER BY 1 ON CONFLICT DO NOTHING RETURNING person_id
    """)
    return len((await uow.session.execute(statement, {"now": uow.now, "limit": limit})).all())


async def claim_moved(uow: Writing, limit: int) -> list[Planned]:
    """Plans of people to whom something has happened since, behind their locks; what others have is passed over."""
    statement = text("""
        SELECT p.person_id, p.papers FROM chain_heads h JOIN reminder_plans p ON p.person_id = h.person_id
        WHERE h.seq > h.planned_seq LIMIT :limit FOR NO KEY UPDATE OF p SKIP LOCKED
    """)
    rows = await uow.session.execute(statement, {"limit": limit})
    return [Planned(person_id, papers) for person_id, papers in {row[0]: row[1] for row in rows}.items()]


async def claim_old(uow: Writing, limit: int) -> list[Planned]:
    """The same, of people whose day of planning has come."""
    query = (
        select(ReminderPlan.person_id, ReminderPlan.papers)
        .where(ReminderPlan.replan_at <= uow.now)
        .order_by(ReminderPlan.replan_at)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return [Planned(person_id, papers) for person_id, papers in await uow.session.execute(query)]


async def hasten(uow: Writing, book: str, limit: int) -> int:
    """Lets people be planned now who were planned by another law."""
    statement = text("""
        UPDATE reminder_plans SET replan_at = :now WHERE person_id IN (
            SELECT person_id FROM reminder_plans WHERE book <> :book AND replan_at > :now LIMIT :limit
            FOR NO KEY UPDATE SKIP LOCKED)
        RETURNING person_id
    """)
    return len((await uow.session.execute(statement, {"now": uow.now, "book": book, "limit": limit})).all())


async def put_plans(uow: Writing, plans: Sequence[Replanned]) -> None:
    statement = """
        UPDATE reminder_plans p SET replan_at = n.replan_at, book = n.book, papers = n.papers::jsonb,
            told_too = n.told_too::uuid[]
        FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[])
            AS n (person_id, replan_at, book, papers, told_too)
        WHERE p.person_id = n.person_id
    """
    await execute(
        uow,
        statement,
        [plan.person_id for plan in plans],
        [plan.replan_at for plan in plans],
        [plan.book for plan in plans],
        [json.dumps(plan.papers) for plan in plans],
        ["{" + ",".join(map(str, plan.told_too)) + "}" for plan in plans],
    )


async def apply(uow: Writing, differences: Collection[tuple[UUID, Difference]]) -> None:
    """Makes the stored reminders what they are to be."""
    drop = [one for _, difference in differences for one in difference.drop]
    outdated = [one for _, difference in differences for one in difference.outdated]
    if drop:
        await execute(uow, "DELETE FROM reminders WHERE id = ANY ($1::bigint[]) AND status = 'waiting'", drop)
    if outdated:
        statement = "UPDATE reminders SET status = 'outdated' WHERE id = ANY ($1::bigint[]) AND status = 'told'"
        await execute(uow, statement, outdated)
    rows = [row_of(person_id, one, planned=True) for person_id, difference in differences for one in difference.add]
    if rows:
        await copy_rows(uow, "reminders", COLUMNS, rows)


async def add(uow: Writing, person_id: UUID, reminder: Reminder, *, once: bool = False) -> bool:
    """A reminder of an event. False when it is there already: an event told twice is told once. `once`: so is what
    happens again to the same subject. Nothing is added to somebody who had all deleted.
    """
    # A share, so that whoever deletes all of theirs just now is waited for: this would come to be behind them.
    there = select(Person.id).where(Person.id == person_id, Person.erased_at.is_(None)).with_for_update(read=True)
    if await uow.session.scalar(there) is None:
        return False
    begun = upsert(ReminderPlan).values(person_id=person_id, replan_at=uow.now)
    await uow.session.execute(begun.on_conflict_do_nothing())
    if once:
        # Behind the lock of the plan: two workers may learn of it at the same time.
        plan = select(ReminderPlan.person_id).where(ReminderPlan.person_id == person_id)
        await uow.session.execute(plan.with_for_update(key_share=True))
        same = ReminderRow.subject == reminder.subject, ReminderRow.subject_id == reminder.subject_id
        mine = ReminderRow.person_id == person_id, ReminderRow.kind == reminder.kind
        if await uow.session.scalar(select(ReminderRow.id).where(*mine, *same).limit(1)) is not None:
            return False
    values = dict(zip(COLUMNS, row_of(person_id, reminder, planned=False), strict=True)) | {"more": reminder.more}
    added = upsert(ReminderRow).values(**values).on_conflict_do_nothing().returning(ReminderRow.id)
    return await uow.session.scalar(added) is not None


async def outdate(
    uow: Writing, person_id: UUID, about: tuple[str, str], kinds: Collection[Kind], *, but: datetime | None = None
) -> None:
    """What events had told of a subject is no longer so, or is not told any more; but for what is due at an instant."""
    same = ReminderRow.person_id == person_id, tuple_(ReminderRow.subject, ReminderRow.subject_id) == about
    which = [*same, ReminderRow.kind.in_(kinds), ReminderRow.expires_at > uow.now]
    if but is not None:
        which.append(ReminderRow.due_at != but)
    for before, after in (
        (ReminderStatus.WAITING, ReminderStatus.LAPSED),
        (ReminderStatus.TOLD, ReminderStatus.OUTDATED),
    ):
        of_these = update(ReminderRow).where(*which, ReminderRow.status == before)
        await uow.session.execute(of_these.values(status=after))


async def put_leaving(uow: Writing, reminder_id: int, due_at: datetime, more: dict[str, str] | None) -> None:
    """When to leave, and how long the way takes, as it is known by now. None: there is no use in going any more."""
    waits = ReminderRow.id == reminder_id, ReminderRow.status == ReminderStatus.WAITING
    values = {"due_at": due_at, "more": more} if more else {"status": ReminderStatus.LAPSED}
    await uow.session.execute(update(ReminderRow).where(*waits).values(values))


async def drop_addresses(uow: Writing, devices: Collection[UUID]) -> None:
    await uow.session.execute(delete(PushAddress).where(PushAddress.device_id.in_(devices)))


async def hand_over(uow: Writing, from_person: UUID, to_person: UUID) -> None:
    """What was told to one who turned out to be another is the other's; what still waited is planned anew for them.

    What both chose of messages stays as the other chose it.
    """
    people = {"old": from_person, "new": to_person, "now": uow.now}
    for statement in (
        "INSERT INTO reminder_plans (person_id, replan_at) VALUES (:new, :now) ON CONFLICT DO NOTHING",
        "DELETE FROM reminders WHERE person_id = :old AND status = 'waiting' AND planned",
        """DELETE FROM reminders o WHERE person_id = :old AND EXISTS (
            SELECT FROM reminders n WHERE n.person_id = :new
            AND (n.subject, n.subject_id, n.kind, n.due_at) = (o.subject, o.subject_id, o.kind, o.due_at))""",
        "UPDATE reminders SET person_id = :new WHERE person_id = :old",
        "UPDATE deliveries SET person_id = :new WHERE person_id = :old",
        "UPDATE push_addresses SET person_id = :new WHERE person_id = :old",
        """UPDATE reminder_preferences SET person_id = :new WHERE person_id = :old
            AND NOT EXISTS (SELECT FROM reminder_preferences WHERE person_id = :new)""",
        "DELETE FROM reminder_preferences WHERE person_id = :old",
        "DELETE FROM reminder_plans WHERE person_id = :old",
    ):
        await uow.session.execute(text(statement), people)


async def take_due(uow: Writing, *, urgent: bool, limit: int) -> list[Due]:
    """All that is due of up to so many people, behind the locks of their plans; what others have is passed over, and
    who is to be planned first, unless they stand at a point: however many they are, they keep nobody waiting.
    """
    statement = text("""
        SELECT p.person_id FROM reminders r JOIN reminder_plans p ON p.person_id = r.person_id
        WHERE r.status = 'waiting' AND r.urgent = :urgent AND r.due_at <= :now AND (
            r.kind = ANY(:at_the_point) OR NOT EXISTS (
                SELECT FROM chain_heads h WHERE h.person_id = r.person_id AND h.seq > h.planned_seq))
        ORDER BY r.due_at LIMIT :limit FOR NO KEY UPDATE OF p SKIP LOCKED
    """)
    which = {"urgent": urgent, "now": uow.now, "limit": limit, "at_the_point": list(AT_THE_POINT)}
    people = list(dict.fromkeys(await uow.session.scalars(statement, which)))
    if not people:
        return []
    due = """
        SELECT r.*, p.told_too FROM reminders r JOIN reminder_plans p ON p.person_id = r.person_id
        WHERE r.person_id = ANY ($1::uuid[]) AND r.status = 'waiting' AND r.due_at <= $2 ORDER BY r.due_at, r.id
    """
    rows = await fetch(uow, due, people, uow.now)
    return [Due(row["id"], row["person_id"], reminder_of(row), row["told_too"]) for row in rows]


async def set_told(uow: Writing, told: Sequence[tuple[int, UUID]]) -> None:
    """Puts reminders into the inbox, each with the message that tells of it."""
    statement = """
        UPDATE reminders r SET status = 'told', told_at = $3, message_id = n.message_id
        FROM unnest($1::bigint[], $2::uuid[]) AS n (id, message_id) WHERE r.id = n.id
    """
    await execute(uow, statement, [one for one, _ in told], [message for _, message in told], uow.now)


async def told_as(uow: Reading, people: Collection[UUID], messages: Collection[UUID]) -> dict[UUID, list[Told]]:
    """What each of these messages, which are to these people, tells; by message."""
    theirs = ReminderRow.person_id.in_(people), ReminderRow.message_id.in_(messages)
    query = select(ReminderRow).where(*theirs).order_by(ReminderRow.due_at, ReminderRow.id)
    found: defaultdict[UUID, list[Told]] = defaultdict(list)
    for row in await uow.session.scalars(query):
        told = told_of(row)
        found[told.message_id].append(told)
    return found


async def set_lapsed(uow: Writing, ids: Collection[int]) -> None:
    await uow.session.execute(update(ReminderRow).where(ReminderRow.id.in_(ids)).values(status=ReminderStatus.LAPSED))


async def inbox(
    uow: Reading, person_id: UUID, purpose: Purpose, before: tuple[datetime, int] | None, limit: int
) -> list[Told]:
    """What the person was told, newest first."""
    await account_for(uow, person_id, purpose)
    query = select(ReminderRow).where(ReminderRow.person_id == person_id, ReminderRow.told_at.is_not(None))
    if before is not None:
        query = query.where(tuple_(ReminderRow.told_at, ReminderRow.id) < before)
    query = query.order_by(ReminderRow.told_at.desc(), ReminderRow.id.desc()).limit(limit)
    return [told_of(row) for row in await uow.session.scalars(query)]


async def unread(uow: Reading, person_id: UUID, purpose: Purpose) -> int:
    await account_for(uow, person_id, purpose)
    told = ReminderRow.told_at.is_not(None), ReminderRow.read_at.is_(None), ReminderRow.expires_at > uow.now
    query = select(func.count()).select_from(ReminderRow).where(ReminderRow.person_id == person_id, *told)
    return await uow.session.scalar(query) or 0


async def message(uow: Reading, person_id: UUID, message_id: UUID, purpose: Purpose) -> list[Told]:
    """What one message told the person; nothing if it was not theirs."""
    await account_for(uow, person_id, purpose)
    mine = ReminderRow.person_id == person_id, ReminderRow.message_id == message_id
    query = select(ReminderRow).where(*mine).order_by(ReminderRow.due_at, ReminderRow.id)
    return [told_of(row) for row in await uow.session.scalars(query)]


async def set_read(uow: Writing, person_id: UUID, reminder_id: int, purpose: Purpose) -> UUID | None:
    """The message that it was told by; None if it is not the person's. The first time stands."""
    await account_for(uow, person_id, purpose)
    mine = ReminderRow.id == reminder_id, ReminderRow.person_id == person_id, ReminderRow.told_at.is_not(None)
    read = update(ReminderRow).where(*mine).values(read_at=func.coalesce(ReminderRow.read_at, uow.now))
    return await uow.session.scalar(read.returning(ReminderRow.message_id))


async def preferences(uow: Reading, people: Collection[UUID], purpose: Purpose) -> dict[UUID, Preferences]:
    """Of those of these people who chose anything."""
    for person_id in people:
        await account_for(uow, person_id, purpose)
    query = select(ReminderPreference).where(ReminderPreference.person_id.in_(people))
    return {row.person_id: preferences_of(vars(row)) for row in await uow.session.scalars(query)}


async def put_preferences(uow: Writing, person_id: UUID, chosen: Preferences) -> None:
    values = {
        "quiet_begins": chosen.quiet.begins,
        "quiet_ends": chosen.quiet.ends,
        "zone": chosen.zone.key if chosen.zone else None,
        "detail": chosen.detail,
        "sms": chosen.sms,
        "email": chosen.email,
        "muted": {kind.value: sorted(channels) for kind, channels in chosen.muted.items() if channels},
    }
    row = upsert(ReminderPreference).values(person_id=person_id, **values)
    await uow.session.execute(row.on_conflict_do_update(index_elements=[ReminderPreference.person_id], set_=values))


async def delete_old(uow: Writing, before: datetime, limit: int = 20_000) -> None:
    """What expired before an instant, told or not."""
    old = select(ReminderRow.id).where(ReminderRow.expires_at < before).limit(limit)
    await uow.session.execute(delete(ReminderRow).where(ReminderRow.id.in_(old)))
