"""Reminders in words: what the templates need is looked up where it stands, in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.unit_of_work import Reading
from app.domain.consents.purposes import ConsentPurpose
from app.domain.consents.status import ConsentStatus
from app.domain.languages.traits import TRAITS
from app.domain.pathways.rules import Rule
from app.domain.profiles.documents import DocumentKind
from app.domain.profiles.languages import Language
from app.domain.reminders.kinds import Kind
from app.domain.reminders.messages import Facts, Message, message
from app.domain.reminders.names import paper_name, reader_name
from app.domain.reminders.planning import Reminder, Subject
from app.domain.reminders.words import Words
from app.locales.reading import Reader, rule_text, service_text
from app.models.points import Point
from services.consents.wording import notice_title
from services.points.queries import all_services, point
from services.queue.queries import counters_of
from services.staff.queries import organisation_name

_LAST_DAYS = {Kind.DEADLINE_NEAR, Kind.TAX_DUE, Kind.PATENT_RENEWAL, Kind.PAPER_EXPIRING}
_RULES = "services.reminders.rules"


def words_in(language: Language) -> Words:
    return Reader(language)


async def in_full(uow: Reading, reminder: Reminder, language: Language) -> Message:
    """The message as the inbox shows it."""
    told = message(reminder.kind, reminder.subject_id, await facts_of(uow, reminder, language), words_in(language))
    if reminder.kind is Kind.PAPER_EXPIRING and reminder.subject == Subject.STEP:
        # A certificate is a step's result, and no document of its own.
        return Message(told.title, told.brief, told.more, f"/pathway/steps/{reminder.subject_id}")
    return told


def days_left(reminder: Reminder, zone: ZoneInfo, now: datetime) -> int | None:
    """Until its last day; None for what has none."""
    if reminder.kind not in _LAST_DAYS:
        return None
    return (reminder.about.astimezone(zone).date() - now.astimezone(zone).date()).days


async def facts_of(uow: Reading, reminder: Reminder, language: Language) -> Facts:
    """What the reminder's template needs."""
    at = await point(uow, reminder.point_id) if reminder.point_id else None
    zone = ZoneInfo(at.zone) if at else uow.region.zone
    told: dict[str, Any] = {"on": uow.now.astimezone(zone).date()}
    if at:
        told["point"] = _in(at.name, language)
    if reminder.matter and reminder.kind is not Kind.DATA_USED and reminder.subject != Subject.DOCUMENT:
        told["step"] = await _step_title(uow, reminder.matter, language)
    local = reminder.about.astimezone(zone)
    if reminder.kind in _LAST_DAYS:
        told["day"] = local.date()
    else:
        told["at"] = local
    match reminder.kind:
        case Kind.DOCUMENTS_TO_BRING:
            rule = _rules(uow).get(reminder.matter or "")
            told["documents"] = tuple(rule_text(each, language) for each in rule.bring) if rule else ()
        case Kind.PAPER_EXPIRING if reminder.subject == Subject.DOCUMENT:
            told["paper"] = paper_name(DocumentKind(reminder.matter or "other"), words_in(language))
        case Kind.PAPER_EXPIRING:
            told["paper"] = told["step"]
        case Kind.DATA_USED:
            told["reader"] = await _reader(uow, reminder.matter or "", language)
    if counter := (reminder.more or {}).get("counter"):
        told["counter"] = await _counter(uow, reminder.point_id, counter, language)
    return Facts(**told | await _more(uow, reminder.more or {}, zone, language))


async def _more(uow: Reading, more: Mapping[str, str], zone: ZoneInfo, language: Language) -> dict[str, Any]:
    """What an event brought along, as facts have it."""
    told: dict[str, Any] = {}
    for name, value in more.items():
        match name:
            case "at" | "was_at" | "offer_at" | "answer_by":
                there = await _zone_of_offer(uow, more, zone) if name == "offer_at" else zone
                told[name] = datetime.fromisoformat(value).astimezone(there)
            case "day" | "next_day":
                told[name] = date.fromisoformat(value)
            case "minutes" | "ahead":
                told[name] = int(value)
            case "next_step":
                told[name] = await _step_title(uow, value, language)
            case "offer_point" | "company":
                told["employer" if name == "company" else name] = await _named(uow, name, UUID(value), language)
            case "counter" | "way" | "scope":
                pass  # looked up at its point, for planning alone, and said with the purpose
            case "purpose":
                told[name] = notice_title(ConsentPurpose(value), more.get("scope"), language)
            case "consent":
                told[name] = ConsentStatus(value)
            case _:
                told[name] = value
    return told


async def _zone_of_offer(uow: Reading, more: Mapping[str, str], zone: ZoneInfo) -> ZoneInfo:
    """Of the point that is offered: it may lie in another zone than the one that is closed."""
    return ZoneInfo((await point(uow, UUID(more["offer_point"]))).zone) if "offer_point" in more else zone


async def _named(uow: Reading, what: str, identifier: UUID, language: Language) -> str:
    """A company or a point by its name."""
    if what == "company":
        return _in(await organisation_name(uow, identifier) or {"en": ""}, language)
    return _in((await point(uow, identifier)).name, language)


async def _counter(uow: Reading, point_id: UUID | None, counter_id: str, language: Language) -> str:
    """As its sign has it: by name, or by code."""
    for counter in await counters_of(uow, point_id) if point_id else ():
        if str(counter.id) == counter_id:
            return _in(counter.name, language) if counter.name else counter.code
    return ""


async def _step_title(uow: Reading, code: str, language: Language) -> str:
    rule = _rules(uow).get(code)
    if rule is not None:
        return rule_text(rule.title, language)
    for service, _ in await all_services(uow):
        if service.code == code:
            return service_text(service.name, language)
    return code


def _rules(uow: Reading) -> dict[str, Rule]:
    """A rule of each step: its title and what to bring are the step's own."""
    book = uow.region.book
    if _RULES not in book.memo:
        book.memo[_RULES] = {rule.code: rule for rule in reversed(book.rules)}
    found: dict[str, Rule] = book.memo[_RULES]
    return found


async def _reader(uow: Reading, reader: str, language: Language) -> str:
    """Who read: a point or an organisation by its name, anybody else by what they are."""
    kind, _, number = reader.partition(":")
    if kind == "point" and number:
        at: Point = await point(uow, UUID(number))
        return _in(at.name, language)
    if kind == "organisation" and number and (name := await organisation_name(uow, UUID(number))):
        return _in(name, language)
    return reader_name(reader, words_in(language))


def _in(texts: Mapping[str, str], language: Language) -> str:
    return texts.get(language) or texts.get(TRAITS[language].besides) or texts["en"]
