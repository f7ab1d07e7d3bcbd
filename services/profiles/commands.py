"""The person's profile: a passport by its machine-readable zone, and entries into the country."""

import secrets
from datetime import date, timedelta
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.pathways.rules import EntryPurpose
from app.domain.profiles.migrant_id import RANDOM_BYTES, make_migrant_id
from app.domain.profiles.mrz import MrzError, parse_td3
from services.audit.commands import record_change
from services.profiles import repository
from services.profiles.errors import DocumentKnown, EntryNotPlausible, InvalidZone

_OLDEST_ENTRY = timedelta(days=3653)


async def put_passport(uow: Writing, person_id: UUID, mrz: str) -> None:
    """Makes this passport the person's current document; the same one again is written anew.

    InvalidZone names the part that does not hold; DocumentKnown when another person has this passport.
    """
    try:
        zone = parse_td3(mrz)
    except MrzError as error:
        raise InvalidZone(field=error.field) from None
    await lock_person(uow, person_id)
    await _ensure_profile(uow, person_id)
    index = uow.vault.blind_index("passport", f"{zone.issuer}:{zone.number}")
    owner = await repository.owner_of_document(uow, index)
    if owner is not None and owner != person_id:
        raise DocumentKnown
    await repository.put_passport(uow, person_id, zone, index)
    await record_change(uow, person_id, "passport_given")


async def add_entry(uow: Writing, person_id: UUID, entered_on: date, purpose: EntryPurpose, *, visa: bool) -> None:
    """Records an entry. The one given last anchors the deadlines, so a wrong date is corrected by giving it anew.

    EntryNotPlausible far off today. Tomorrow is allowed: it may be tomorrow already where the person stands.
    """
    today = uow.region.day_of(uow.now)
    if not today - _OLDEST_ENTRY <= entered_on <= today + timedelta(days=1):
        raise EntryNotPlausible
    await lock_person(uow, person_id)
    await _ensure_profile(uow, person_id)
    await repository.add_entry(uow, person_id, entered_on, purpose, visa=visa)
    await record_change(uow, person_id, "entry_given")


async def _ensure_profile(uow: Writing, person_id: UUID) -> None:
    """The profile and its Migrant ID, made once. 55 random bits meet rarely; the unique key sees it if they do."""
    made = False
    while not made and not await repository.has_profile(uow, person_id):
        made = await repository.add_profile(uow, person_id, make_migrant_id(secrets.token_bytes(RANDOM_BYTES)))
