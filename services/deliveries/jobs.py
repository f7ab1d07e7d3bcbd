"""What a worker takes to send: due reminders as new messages, and deliveries whose time has come again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.profiles.languages import Language
from app.domain.reminders.delivery import LEASE, DeliveryStatus, Next
from app.domain.reminders.dispatch import dispatch
from app.domain.reminders.kinds import AT_THE_POINT, Channel, Kind
from app.domain.reminders.planning import Reminder
from app.domain.reminders.preferences import Preferences
from app.ports import ErasedError, PushNote, TamperedError
from services.audit.queries import unplanned_among
from services.deliveries import repository
from services.deliveries.repository import Address, Claimed, Written
from services.deliveries.shut import shut_to
from services.deliveries.texts import letter_of, note_of, sms_of
from services.identity.queries import number_of_person
from services.profiles.queries import email_of, first_language
from services.reminders.commands import set_lapsed, set_told, take_due
from services.reminders.queries import preferences_of_many, told_as
from services.reminders.rows import Due

_NOTHING_CHOSEN = Preferences()


@dataclass(frozen=True, slots=True)
class Job:
    """One delivery to make now. `note` for a push, of the address with that `index`; `address` and texts else."""

    delivery_id: UUID
    channel: Channel
    target_id: UUID
    attempts: int
    expires_at: datetime
    leased_until: datetime
    note: PushNote | None = None
    index: bytes | None = None
    address: str | None = None
    subject: str = ""
    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """`anything`: something was due, even if nothing is to be sent of it."""

    jobs: list[Job]
    anything: bool


async def claim_due(uow: Writing, channels: Collection[Channel], *, urgent: bool, limit: int) -> Taken:
    """Tells what is due of up to so many people: it is in their inboxes, and pushes go out at once.

    Whoever something has happened to since they were planned waits for the planning: what is told is so. But not who
    stands at a point and is called: that is told by itself, and of what is there now.
    """
    due = await take_due(uow, urgent=urgent, limit=limit)
    if moved := await unplanned_among(uow, {one.person_id for one in due}):
        due = [one for one in due if one.person_id not in moved or one.reminder.kind in AT_THE_POINT]
    if not due:
        return Taken([], anything=False)
    people: defaultdict[tuple[UUID, Kind | None], list[Due]] = defaultdict(list)
    for one in due:
        kind = one.reminder.kind
        people[one.person_id, kind if kind in AT_THE_POINT else None].append(one)
    everybody = {person for one in due for person in (one.person_id, *one.told_too)}
    shut = await shut_to(uow, everybody)
    chosen = await preferences_of_many(uow, everybody)
    chosen |= {one: replace(chosen[one], sms=False) for one in chosen if (one, Channel.SMS) in shut}
    devices: defaultdict[UUID, list[Address]] = defaultdict(list)
    if Channel.PUSH in channels:
        for address in await repository.addresses_of(uow, everybody):
            if (address.person_id, Channel.PUSH) not in shut:
                devices[address.person_id].append(address)
    out = _Out(uow, channels)
    for (person_id, _), mine in people.items():
        await out.tell(person_id, mine, chosen, devices)
    await out.write()
    return Taken(out.jobs, anything=True)


class _Out:
    """What goes out in one transaction."""

    def __init__(self, uow: Writing, channels: Collection[Channel]) -> None:
        self._uow, self._channels = uow, channels
        self._told: list[tuple[int, UUID]] = []
        self._lapsed: list[int] = []
        self._rows: list[tuple[Any, ...]] = []
        self.jobs: list[Job] = []

    async def tell(
        self,
        person_id: UUID,
        due: Sequence[Due],
        chosen: Mapping[UUID, Preferences],
        devices: Mapping[UUID, list[Address]],
    ) -> None:
        """One person's message. How much it may say outside the app is theirs to choose, whoever is told too."""
        uow, message_id = self._uow, uuid4()
        recipients = {one: chosen.get(one) or _NOTHING_CHOSEN for one in (person_id, *due[0].told_too)}
        preferences = recipients[person_id]
        reached = {one.device_id: one for recipient in recipients for one in devices.get(recipient, ())}
        reminders = [one.reminder for one in due]
        owners = {device: address.person_id for device, address in reached.items()}
        out = dispatch(reminders, recipients, owners, uow.region.zone, uow.now)
        self._told += [(one.id, message_id) for one in due if one.reminder.expires_at > uow.now]
        self._lapsed += [one.id for one in due if one.reminder.expires_at <= uow.now]
        for way in out.ways:
            if way.channel not in self._channels:
                continue
            delivery_id = uuid4()
            if address := reached.get(way.target_id) if way.channel is Channel.PUSH else None:
                note = await note_of(uow, address, message_id, delivery_id, out.told, preferences, out.expires_at)
                lease = uow.now + LEASE
                job = Job(delivery_id, way.channel, way.target_id, 1, out.expires_at, lease, note, address.index)
                self.jobs.append(job)
                state = (DeliveryStatus.SENDING, uow.now, lease, out.expires_at, 1)
            else:
                state = (DeliveryStatus.WAITING, uow.now, way.at, out.expires_at, 0)
            self._rows.append((delivery_id, message_id, person_id, way.channel, way.target_id, *state))

    async def write(self) -> None:
        if self._told:
            await set_told(self._uow, self._told)
        if self._lapsed:
            await set_lapsed(self._uow, self._lapsed)
        if self._rows:
            await repository.add(self._uow, self._rows)


async def claim_waiting(uow: Writing, channels: Collection[Channel], *, limit: int) -> Taken:
    """Takes deliveries that wait for their time: tries that are made again, and other ways of what was not heard.

    What is over by now, is not so any more, has arrived in the meantime or may not be sent any more, is not sent.
    """
    claimed = await repository.claim(uow, uow.now + LEASE, limit)
    if not claimed:
        return Taken([], anything=False)
    messages = {one.message_id for one in claimed}
    told = await told_as(uow, {one.person_id for one in claimed}, messages)
    heard = await repository.heard(uow, {one.message_id for one in claimed if one.channel is not Channel.PUSH})
    addresses = await repository.addresses_at(uow, {one.target_id for one in claimed if one.channel is Channel.PUSH})
    chosen = await preferences_of_many(uow, {one.person_id for one in claimed})
    owners = {one.id: _owner(one, addresses.get(one.target_id)) for one in claimed}
    shut = await shut_to(uow, set(owners.values()))
    ended, jobs = [], []
    for one in claimed:
        items = told.get(one.message_id, [])
        still = [item.reminder for item in items if not item.outdated and item.reminder.expires_at > uow.now]
        arrived = one.message_id in heard or any(item.read_at for item in items)
        if one.expires_at <= uow.now:
            ended.append(_end(one, DeliveryStatus.LAPSED))
        elif not still or (owners[one.id], one.channel) in shut:
            ended.append(_end(one, DeliveryStatus.WITHDRAWN))
        elif arrived and one.channel is not Channel.PUSH:
            ended.append(_end(one, DeliveryStatus.SPARED))
        else:
            preferences = chosen.get(one.person_id) or _NOTHING_CHOSEN
            try:
                job = await _again(uow, one, addresses.get(one.target_id), still, preferences)
            except (ErasedError, TamperedError):  # one address that cannot be read holds nobody else's messages up
                job = None
            if job is None or one.channel not in channels:
                ended.append(_end(one, DeliveryStatus.FAILED))
            else:
                jobs.append(job)
    if ended:
        await repository.write(uow, ended)
        await repository.hasten(uow, [one.id for one in ended])
    return Taken(jobs, anything=True)


def _owner(one: Claimed, address: Address | None) -> UUID:
    """Whose phone, number or address it goes to."""
    if one.channel is Channel.PUSH:
        return address.person_id if address else one.person_id
    return one.target_id


def _end(one: Claimed, status: DeliveryStatus) -> Written:
    return Written(one.id, one.attempts, Next(status), unknown=False, reference=None, reason=None)


async def _again(
    uow: Reading, one: Claimed, address: Address | None, told: Sequence[Reminder], preferences: Preferences
) -> Job | None:
    """The delivery as a job; None when there is nowhere to send it. ErasedError, TamperedError."""
    if one.channel is Channel.PUSH:
        if address is None:
            return None
        note = await note_of(uow, address, one.message_id, one.id, told, preferences, one.expires_at)
        lease = uow.now + LEASE
        return Job(one.id, one.channel, one.target_id, one.attempts, one.expires_at, lease, note, address.index)
    purpose = Purpose.OWN_REMINDERS
    reach = number_of_person if one.channel is Channel.SMS else email_of
    where = await reach(uow, one.target_id, purpose)
    if where is None:
        return None
    language = Language(await first_language(uow, one.target_id, purpose) or Language.RUSSIAN)
    if one.channel is Channel.SMS:
        subject, text = "", await sms_of(uow, told, preferences, language)
    else:
        subject, text = await letter_of(uow, told, preferences, language)
    return Job(
        one.id,
        one.channel,
        one.target_id,
        one.attempts,
        one.expires_at,
        uow.now + LEASE,
        address=where,
        subject=subject,
        text=text,
        language=language,
    )
