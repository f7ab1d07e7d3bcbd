"""Reads what was agreed of one person: those fields and no others, each from the feature that has it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.exchange.answers import minimal
from app.domain.exchange.requests import Asked
from app.domain.exchange.terms import Datum
from app.domain.pathways.events import EventKind, StepEvent
from app.domain.profiles.numbers import NumberKind
from services.bookings.queries import visits_of
from services.pathways.queries import events_of
from services.profiles import queries as profiles

Content = dict[str, Any]
_PURPOSE = Purpose.AGENCY
_MOST_VISITS = 100
_CARD = {Datum.MIGRANT_ID, Datum.NAME, Datum.CYRILLIC_NAME}
_FACTS = {Datum.CITIZENSHIP, Datum.ENTRY}
_NUMBERS = {Datum.INN, Datum.SNILS}


async def read(
    uow: Writing, person_id: UUID, agreed: Collection[Datum], steps: Collection[str] | None, asked: Asked | None = None
) -> Content:
    """By the fields' names. `steps`: those that are told of, None: all. Of a lawful request what falls in its period.

    The entry that the person sees has to be written before: see `services.audit.access.account_as`.
    """
    wanted, found = set(agreed), dict[Datum, Any]()
    if wanted & _CARD:
        found |= await _card(uow, person_id)
    if Datum.BIRTH_DATE in wanted:
        birth = await profiles.birth_date(uow, person_id, _PURPOSE)
        found[Datum.BIRTH_DATE] = birth and {"year": birth.year, "month": birth.month, "day": birth.day}
    if Datum.DOCUMENT in wanted:
        found[Datum.DOCUMENT] = await _document(uow, person_id)
    if wanted & _FACTS:
        found |= await _facts(uow, person_id, asked)
    if wanted & _NUMBERS:
        numbers = await profiles.numbers_of(uow, person_id, _PURPOSE)
        found |= {Datum.INN: numbers.get(NumberKind.INN), Datum.SNILS: numbers.get(NumberKind.SNILS)}
    if Datum.STEPS_DONE in wanted:
        events = await events_of(uow, person_id, _PURPOSE)
        found[Datum.STEPS_DONE] = _done(events, steps, asked)
    if Datum.EMAIL in wanted:
        found[Datum.EMAIL] = await profiles.email_of(uow, person_id, _PURPOSE)
    if Datum.VISITS in wanted and asked is not None:
        found[Datum.VISITS] = _visits(await visits_of(uow, person_id, _PURPOSE, _MOST_VISITS), asked)
    return minimal(found, wanted)


async def _card(uow: Writing, person_id: UUID) -> dict[Datum, Any]:
    card = await profiles.visitor_card(uow, person_id, _PURPOSE)
    if card is None:
        return {}
    return {Datum.MIGRANT_ID: card.migrant_id, Datum.NAME: card.name, Datum.CYRILLIC_NAME: card.cyrillic_name}


async def _document(uow: Writing, person_id: UUID) -> Content | None:
    found = await profiles.current_paper(uow, person_id, _PURPOSE)
    if found is None:
        return None
    kind, paper = found
    last = paper.last_day(uow.region.day_of(uow.now))
    issuer, number = (paper.zone.issuer, paper.zone.number) if paper.zone else (paper.issuer, paper.number)
    return {"kind": kind.value, "issuer": issuer, "number": number, "expires_on": _written(last)}


async def _facts(uow: Writing, person_id: UUID, asked: Asked | None) -> dict[Datum, Any]:
    facts = await profiles.facts_of(uow, person_id, _PURPOSE)
    if facts is None:
        return {}
    entry = {"entered_on": facts.entered_on.isoformat(), "purpose": facts.purpose.value}
    told = asked is None or asked.covers(facts.entered_on)
    return {Datum.CITIZENSHIP: facts.citizenship, Datum.ENTRY: entry if told else None}


def _done(events: Iterable[StepEvent], steps: Collection[str] | None, asked: Asked | None) -> list[Content]:
    """The newest result of each step, unless it was taken back. Attempts that came to nothing are nobody's business."""
    newest: dict[str, StepEvent] = {}
    for event in events:
        if event.kind is EventKind.ANNULLED:
            newest.pop(event.step, None)
        elif event.kind is EventKind.DONE and (steps is None or event.step in steps):
            newest[event.step] = event
    return [
        {"step": event.step, "done_on": event.on.isoformat(), "valid_until": _written(event.expires_on)}
        for event in newest.values()
        if asked is None or asked.covers(event.on)
    ]


def _visits(visits: Iterable[Booked], asked: Asked) -> list[Content]:
    return [
        {"service": visit.service, "point_id": str(visit.point_id), "day": visit.place.day.isoformat()}
        for visit in visits
        if asked.covers(visit.place.day)
    ]


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
