"""The person's profile: who they are, and since when they are here."""

import secrets
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.pathways.rules import EntryPurpose
from app.domain.profiles.birth import BirthDate
from app.domain.profiles.migrant_id import RANDOM_BYTES, make_migrant_id
from app.errors import NotFound
from app.models.profiles import Entry
from services.audit.commands import record_change
from services.profiles import repository
from services.profiles.errors import BirthNotPlausible, EntryNotPlausible, ExitNotPlausible
from services.profiles.queries import birth_of
from services.profiles.standing import keep_consents_true

_OLDEST_ENTRY = timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class Crossing:
    """An entry into the country, as the person tells it. `stay_days`: how long they mean to stay, if they know.

    `place` and `migration_card` (series and number) are on the stamp and on the card that is given at the border.
    """

    entered_on: date
    purpose: EntryPurpose
    visa: bool = False
    stay_days: int | None = None
    left_on: date | None = None
    place: str | None = None
    migration_card: str | None = None


async def add_entry(uow: Writing, person_id: UUID, told: Crossing) -> None:
    """Records an entry. The one given last anchors the deadlines.

    EntryNotPlausible far off today. Tomorrow is allowed: it may be tomorrow already where the person stands.
    """
    _check(uow, told)
    await ensure_profile(uow, person_id)
    await repository.add_entry(uow, person_id, await _columns(uow, person_id, told))
    await keep_consents_true(uow, person_id)
    await record_change(uow, person_id, "entry_given")


async def correct_entry(uow: Writing, person_id: UUID, entry_id: UUID, told: Crossing) -> None:
    """Says an entry otherwise; what was said of it is kept."""
    _check(uow, told)
    entry = await _own_entry(uow, person_id, entry_id)
    await repository.keep_version(uow, entry)
    for name, value in (await _columns(uow, person_id, told)).items():
        setattr(entry, name, value)
    await uow.session.flush()
    await keep_consents_true(uow, person_id)
    await record_change(uow, person_id, "entry_corrected", entry=entry_id)


async def tell_exit(uow: Writing, person_id: UUID, entry_id: UUID, left_on: date) -> None:
    """The day on which the person left again. Told anew, it is corrected."""
    entry = await _own_entry(uow, person_id, entry_id)
    if not entry.entered_on <= left_on <= _tomorrow(uow):
        raise ExitNotPlausible
    if entry.left_on == left_on:
        return
    await repository.keep_version(uow, entry)
    entry.left_on = left_on
    await uow.session.flush()
    await record_change(uow, person_id, "exit_told", entry=entry_id)


async def withdraw_entry(uow: Writing, person_id: UUID, entry_id: UUID) -> None:
    """For an entry that never was: it is kept as said, and counts for nothing."""
    entry = await _own_entry(uow, person_id, entry_id)
    entry.replaced_at = uow.now
    await uow.session.flush()
    await keep_consents_true(uow, person_id)
    await record_change(uow, person_id, "entry_withdrawn", entry=entry_id)


async def _own_entry(uow: Writing, person_id: UUID, entry_id: UUID) -> Entry:
    await lock_person(uow, person_id)
    for entry in await repository.entries(uow, person_id, Purpose.OWN_ACCESS):
        if entry.id == entry_id:
            return entry
    raise NotFound


def _check(uow: Writing, told: Crossing) -> None:
    if not uow.region.day_of(uow.now) - _OLDEST_ENTRY <= told.entered_on <= _tomorrow(uow):
        raise EntryNotPlausible
    if told.left_on is not None and not told.entered_on <= told.left_on <= _tomorrow(uow):
        raise ExitNotPlausible


def _tomorrow(uow: Writing) -> date:
    return uow.region.day_of(uow.now) + timedelta(days=1)


async def _columns(uow: Writing, person_id: UUID, told: Crossing) -> dict[str, object]:
    columns = asdict(told)
    sealed = {name: columns.pop(name) for name in ("place", "migration_card")}
    return columns | {"crossing_sealed": await repository.sealed_crossing(uow, person_id, sealed)}


async def put_birth(uow: Writing, person_id: UUID, year: int | None, month: int | None, day: int | None) -> None:
    """The person's birth date with its century, parts perhaps unknown. BirthNotPlausible for what cannot be.

    That it differs from a document's zone refuses nothing: the profile flags it.
    """
    try:
        birth = BirthDate(year, month, day)
    except ValueError:
        raise BirthNotPlausible from None
    if not birth.plausible(uow.region.day_of(uow.now)):
        raise BirthNotPlausible
    await ensure_profile(uow, person_id)
    await repository.update_profile(uow, person_id, birth_year=year, birth_month=month, birth_day=day)
    await keep_consents_true(uow, person_id)
    await record_change(uow, person_id, "birth_given")


async def put_languages(uow: Writing, person_id: UUID, languages: list[str]) -> None:
    """The languages to write to the person in, most wanted first."""
    await ensure_profile(uow, person_id)
    await repository.update_profile(uow, person_id, languages=languages)
    await record_change(uow, person_id, "languages_given")


async def ensure_profile(uow: Writing, person_id: UUID) -> None:
    """The person locked, their profile and Migrant ID made once. 55 random bits meet rarely; the unique key sees it."""
    await lock_person(uow, person_id)
    made = False
    while not made and not await repository.has_profile(uow, person_id):
        made = await repository.add_profile(uow, person_id, make_migrant_id(secrets.token_bytes(RANDOM_BYTES)))


async def absorb(uow: Writing, first: UUID, second: UUID) -> None:
    """For a merge, which holds both persons' locks: what the second gave becomes the first's."""
    purpose = Purpose.IDENTITY_CHECK
    ours, theirs = [await repository.profile(uow, person_id, purpose) for person_id in (first, second)]
    await repository.move_all(uow, second, first, purpose)
    if ours is None or theirs is None:
        return
    blank: dict[str, object] = {
        "citizenship": None,
        "birth_year": None,
        "birth_month": None,
        "birth_day": None,
        "languages": [],
    }
    kept = {name: getattr(ours, name) or getattr(theirs, name) for name in ("citizenship", "languages")}
    teller = theirs if birth_of(ours) is None else ours
    kept |= {name: getattr(teller, name) for name in ("birth_year", "birth_month", "birth_day")}
    await repository.update_profile(uow, first, **kept)
    await repository.update_profile(uow, second, **blank)
