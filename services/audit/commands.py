"""Writes who used a person's data, in the transaction of the use itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.changes import Row
from app.db.locks import take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.hiding import CITATIONS, Order, faults
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.errors import InvalidInput
from services.audit import repository

SYSTEM = "system"
UNTIL = "until"
ELSEWHERE = "elsewhere"
"""Who used data is somebody of another system."""
OURS = "manzil"
"""The system in which data are used by whoever works with this program."""


async def record_use(uow: Writing, person_id: UUID, purpose: Purpose) -> None:
    """One entry for a read by someone else. The ground and the receiver are shown to the person, and until when
    the entry stands for further looks of the same reader, if it does.
    """
    subject = _stands_until(uow, purpose)
    await _record(uow, person_id, "used", purpose=purpose.value, ground=purpose.ground, subject=subject)


def _stands_until(uow: Writing, purpose: Purpose) -> dict[str, str]:
    return {UNTIL: (uow.now + purpose.told_for).isoformat()} if purpose.told_for else {}


async def record_uses(uow: Writing, people: Collection[UUID], purpose: Purpose) -> None:
    """The same for many people at once, by their id, as others lock their logs."""
    subject = _stands_until(uow, purpose)
    named, ground, caller = purpose.value, purpose.ground, uow.caller
    entries = [
        _entry(uow, person_id, "used", purpose=named, ground=ground, subject=subject, caller=caller)
        for person_id in sorted(people)
    ]
    await repository.add_entries(uow, entries)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Data that were passed on: to whom, into which system, what for and on what ground. Not the data."""

    person_id: UUID
    purpose: str
    ground: str
    receiver: str
    system: str


async def record_transfers(uow: Writing, transfers: Sequence[Transfer]) -> None:
    """One entry for each, in their order; of several people by their id, as others lock their logs."""
    await repository.add_entries(uow, [_transferred(uow, one) for one in transfers])


@dataclass(frozen=True, slots=True)
class UseElsewhere:
    """A use of data that were passed on, by somebody there: when, by whom, in which system. `subject`: codes of what
    was read, and never what it says.
    """

    person_id: UUID
    at: datetime
    purpose: str
    ground: str
    receiver: str
    system: str
    subject: Mapping[str, str]


async def record_uses_elsewhere(uow: Writing, uses: Sequence[UseElsewhere]) -> None:
    """One entry for each, by person, as others lock their logs; in whatever order they are heard of."""
    entries = []
    for use in sorted(uses, key=lambda use: (use.person_id, use.at)):
        entry = _entry(
            uow,
            use.person_id,
            "used",
            purpose=use.purpose[:60],
            ground=use.ground[:200],
            subject=dict(use.subject),
            caller=None,
        )
        told = {"at": use.at, "actor_role": ELSEWHERE, "receiver": use.receiver[:200], "system": use.system}
        entries.append(entry | told)
    await repository.add_entries(uow, entries)


def transfer_entry(uow: Reading, transfer: Transfer) -> dict[str, Any]:
    """The same entry as JSON, for a statement that writes it along with what it tells of."""
    return repository.written(_transferred(uow, transfer))


def _transferred(uow: Reading, one: Transfer) -> dict[str, Any]:
    entry = _entry(
        uow, one.person_id, "passed_on", purpose=one.purpose, ground=one.ground, subject={}, caller=uow.caller
    )
    return entry | {"receiver": one.receiver, "system": one.system}


async def hide_uses(uow: Writing, operator: Caller, person_id: UUID, order: Order) -> UUID:
    """Keeps uses of somebody's data from them until a day; the order's id. InvalidInput for a term that cannot be.

    That it was ordered stands in the same log, by whom and on what ground, and is shown with what it hid.
    """
    if wrong := faults(order, uow.now):
        raise InvalidInput(field=wrong[0])
    hiding_id = await repository.add_hiding(uow, person_id, order, operator.account_id)
    subject = {"hiding": str(hiding_id), UNTIL: order.until.isoformat()}
    entry = _entry(
        uow, person_id, "uses_hidden", purpose=None, ground=CITATIONS[order.ground], subject=subject, caller=operator
    )
    await repository.add_entry(uow, entry)
    return hiding_id


async def record_change(
    uow: Writing, person_id: UUID, action: str, *, actor: Caller | None = None, **subject: UUID | str
) -> None:
    """One entry for a change. `subject` names what was changed by identifier or code, never by content.

    `actor` is the unit of work's caller unless said otherwise: who signs in is not a caller yet.
    """
    named = {key: str(value) for key, value in subject.items()}
    await _record(uow, person_id, action, purpose=None, ground=None, subject=named, actor=actor)


def change_entry(uow: Reading, person_id: UUID, action: str, **subject: UUID | str) -> Row:
    """The same entry as a row, for a command that decides first."""
    named = {key: str(value) for key, value in subject.items()}
    return _entry(uow, person_id, action, purpose=None, ground=None, subject=named, caller=uow.caller)


async def _record(
    uow: Writing,
    person_id: UUID,
    action: str,
    *,
    purpose: str | None,
    ground: str | None,
    subject: dict[str, str],
    actor: Caller | None = None,
) -> None:
    caller = actor or uow.caller
    entry = _entry(uow, person_id, action, purpose=purpose, ground=ground, subject=subject, caller=caller)
    await repository.add_entry(uow, entry)


def _entry(
    uow: Reading,
    person_id: UUID,
    action: str,
    *,
    purpose: str | None,
    ground: str | None,
    subject: dict[str, str],
    caller: Caller | None,
) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "at": uow.now,
        "action": action,
        "purpose": purpose,
        "ground": ground,
        "actor_role": caller.role.value if caller else SYSTEM,
        "actor_id": caller.account_id if caller else None,
        "receiver": _receiver(caller),
        "system": OURS,
        "subject": subject,
    }


def _receiver(caller: Caller | None) -> str | None:
    """Whom somebody works for: a point, an employer or an agency."""
    if caller is not None and caller.point_id:
        return f"point:{caller.point_id}"
    return f"organisation:{caller.organisation_id}" if caller is not None and caller.organisation_id else None


async def mark_planned(uow: Writing, heads: Collection[tuple[str, UUID, int]]) -> None:
    """For `reminders`: these heads (ledger, person, number) are taken into account."""
    if heads:
        await repository.mark_planned(uow, heads)


async def mark_gone_planned(uow: Writing) -> None:
    """For `reminders`: nobody is to be planned for people who had all deleted."""
    await mark_planned(uow, await repository.unplanned_gone(uow))


async def seal_heads(uow: Writing, *, limit: int = 5_000) -> int:
    """Signs the heads that moved since the seal before, and links the seal to it. Returns how many.

    The worker calls it every minute. An owner of the database who rewrote a whole chain would still meet a
    seal made with a key that is not in the database.
    """
    await take_turn(uow, "chain_seals")
    last = await repository.last_seal(uow)
    heads = await repository.unsealed_heads(uow, limit)
    if heads:
        number = last.number + 1 if last else 1
        mac = repository.seal_mac(uow.vault, number, heads, last.mac if last else b"")
        await repository.add_seal(uow, number, heads, mac)
    return len(heads)
