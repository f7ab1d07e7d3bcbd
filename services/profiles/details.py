"""What a person says of themselves: name variants, numbers, how to reach them."""

from dataclasses import asdict
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.points.geo import Coordinates
from app.domain.profiles.details import NAMES, NUMBERS, DetailKind
from app.domain.profiles.names import Name, NameSource
from app.domain.profiles.numbers import NumberError, NumberKind, check_number
from app.errors import InvalidInput, NotFound
from services.audit.commands import record_change
from services.identity.phones import e164
from services.profiles import repository
from services.profiles.errors import NameRefused, NumberRefused

HOME_DECIMALS = 3


async def put_name(
    uow: Writing,
    person_id: UUID,
    source: NameSource,
    parts: dict[str, str | None],
    document_id: UUID | None,
) -> None:
    """A name as one source writes it; `document_id` is the person's document that shows it, a translation say.

    The zone's name is not given here: it comes with the document. NameRefused for another script than the source's.
    """
    if source not in NAMES:
        raise InvalidInput(field="source")
    try:
        name = Name(**parts)
    except ValueError:
        raise NameRefused from None
    if not name.written_as(source):
        raise NameRefused
    await lock_person(uow, person_id)
    if document_id is not None:
        shown = await repository.document_row(uow, person_id, Purpose.OWN_ACCESS, document_id=document_id)
        if shown is None:
            raise NotFound
    await repository.put_detail(uow, person_id, NAMES[source], asdict(name), document_id=document_id)
    await record_change(uow, person_id, "name_given", source=source.value)


async def put_number(uow: Writing, person_id: UUID, kind: NumberKind, number: str) -> None:
    """NumberRefused when its check digits do not hold. That another person has it too is flagged, not refused."""
    try:
        digits = check_number(kind, number)
    except NumberError:
        raise NumberRefused from None
    await lock_person(uow, person_id)
    index = uow.vault.blind_index(kind.value, digits)
    await repository.put_detail(uow, person_id, NUMBERS[kind], {"number": digits}, value_index=index)
    await record_change(uow, person_id, "number_given", kind=kind.value)


async def put_home(uow: Writing, person_id: UUID, home: Coordinates | None) -> None:
    """Where the person sets out from, for nothing but to tell them when to leave; None forgets it. One before is not
    kept, and it is kept no closer than about a hundred metres: the way is not told more exactly.
    """
    await lock_person(uow, person_id)
    await repository.forget_detail(uow, person_id, DetailKind.HOME)
    if home is not None:
        lat, lon = (round(degrees, HOME_DECIMALS) for degrees in home)
        await repository.put_detail(uow, person_id, DetailKind.HOME, {"lat": lat, "lon": lon})
    await record_change(uow, person_id, "home_given" if home else "home_taken_back")


async def put_contacts(uow: Writing, person_id: UUID, contacts: dict[str, str | None]) -> None:
    """All the ways to reach the person at once. InvalidPhone for an emergency contact that cannot be called."""
    phone = contacts.get("emergency_phone")
    told = contacts | ({"emergency_phone": e164(phone)} if phone else {})
    await lock_person(uow, person_id)
    await repository.put_detail(uow, person_id, DetailKind.CONTACTS, told)
    await record_change(uow, person_id, "contacts_given")
