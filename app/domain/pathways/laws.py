"""Reads one law of a book: a pathway, a step's rule, an exemption, a limit of stay, a note."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.pathways.calendar import Term, Unit
from app.domain.pathways.rules import (
    LANGUAGES,
    Audience,
    EndsWith,
    EntryPurpose,
    Exemption,
    Mirror,
    Note,
    PathwayKind,
    Rule,
    RuleStatus,
    StayLimit,
    Text,
)
from app.domain.pathways.tables import RulebookError, Table

_NOTICE_DAYS = 30
_SOFT_MINUTES = 60

Groups = Mapping[str, frozenset[str]]
Shared = Mapping[str, object]


def kind(item: object, groups: Groups) -> PathwayKind:
    table = _table(item, "pathways")
    mirror = table.maybe("mirror", str) or Mirror.BY_CONSENT.value
    parsed = PathwayKind(
        title=_need_text(table, "title"),
        about=_need_text(table, "about"),
        own_steps=table.maybe("own_steps", bool) or False,
        mirror=table.member("mirror", Mirror, mirror),
        **_law(table, groups),
    )
    table.close()
    return parsed


def rule(item: object, shared: Shared, groups: Groups) -> Rule:
    """A rule with what is shared by all rules of its step."""
    head = Table(item, "rules")
    rule_id, code = head.need("id", str), head.need("step", str)
    if not isinstance(item, Mapping) or not isinstance(common := shared.get(code), Mapping):
        raise RulebookError(rule_id, "step", "is not among the steps")
    table = Table({**common, **item}, rule_id)
    parsed = Rule(
        code=table.need("step", str),
        title=_need_text(table, "title"),
        instructions=_need_text(table, "instructions"),
        refused=_maybe_text(table, "refused"),
        bring=tuple(_text(text) for text in table.tables("bring")),
        anchor=table.maybe("anchor", str),
        deadline=_term(table, "deadline"),
        each_anchor=table.maybe("each_anchor", bool) or False,
        hard=table.names("hard"),
        soft=table.names("soft"),
        soft_minutes=_or(table.count("soft_minutes"), _SOFT_MINUTES),
        takes=_term(table, "takes"),
        validity=_term(table, "validity"),
        ends_with=_ends_with(table),
        renew_within=_term(table, "renew_within"),
        notice_days=_or(table.count("notice_days"), _NOTICE_DAYS),
        service=table.maybe("service", str),
        self_declared=table.maybe("self_declared", bool) or False,
        by_host=table.maybe("by_host", bool) or False,
        offer=table.maybe("offer", bool) or False,
        fee=_maybe_text(table, "fee"),
        result_after_working_days=_or(table.count("result_after_working_days"), 0),
        retake_after=_term(table, "retake_after"),
        **_law(table, groups),
    )
    table.close()
    _check_sense(parsed, table)
    return parsed


def exemption(item: object, shared: Shared, groups: Groups) -> Exemption:
    """An exemption, by the title that its step has."""
    table = _table(item, "exemptions")
    code = table.need("step", str)
    common = shared.get(code)
    if not isinstance(common, Mapping):
        raise table.error("step", "is not among the steps")
    title = _need_text(Table(common, code), "title")
    parsed = Exemption(code=code, title=title, reason=_need_text(table, "reason"), **_law(table, groups))
    table.close()
    return parsed


def stay(item: object, groups: Groups) -> StayLimit:
    table = _table(item, "stays")
    term = _term(table, "term")
    if term is None or term.amount == 0:
        raise table.error("term", "missing")
    parsed = StayLimit(
        term=term,
        reason=_need_text(table, "reason"),
        extended_by=table.names("extended_by"),
        extended=_maybe_text(table, "extended"),
        **_law(table, groups),
    )
    table.close()
    if bool(parsed.extended_by) != (parsed.extended is not None):
        raise table.error("extended", "belongs to extended_by")
    return parsed


def note(item: object, groups: Groups) -> Note:
    table = _table(item, "notes")
    parsed = Note(text=_need_text(table, "text"), **_law(table, groups))
    table.close()
    return parsed


def _table(item: object, kind_: str) -> Table:
    """The item under its own name, for errors to name it."""
    return Table(item, Table(item, kind_).need("id", str))


def _law(table: Table, groups: Groups) -> dict[str, Any]:
    effective_from, effective_to = table.need("effective_from", date), table.maybe("effective_to", date)
    if effective_to is not None and effective_to < effective_from:
        raise table.error("effective_to", "is before effective_from")
    return {
        "id": table.need("id", str),
        "audience": _audience(table, groups),
        "legal_ref": table.need("legal_ref", str),
        "effective_from": effective_from,
        "effective_to": effective_to,
        "status": table.member("status", RuleStatus, table.need("status", str)),
    }


def _check_sense(parsed: Rule, table: Table) -> None:
    if parsed.anchor is None and (parsed.deadline or parsed.each_anchor):
        raise table.error("anchor", "missing")
    if parsed.service is not None and parsed.self_declared:
        raise table.error("self_declared", "a visit is confirmed by its point")
    if parsed.service is not None and parsed.takes:
        raise table.error("takes", "a visit takes place when it is booked")
    if parsed.by_host and not parsed.self_declared:
        raise table.error("by_host", "a host confirms what the person may tell too")
    if parsed.offer and (parsed.deadline or parsed.renew_within):
        raise table.error("offer", "nothing is due of an offer")


def _audience(table: Table, groups: Groups) -> Audience:
    audience = table.table("audience")
    if audience is None:
        return Audience()
    parsed = Audience(
        pathways=frozenset(audience.names("pathways")),
        citizenships=_citizenships(audience, "groups", groups),
        not_citizenships=_citizenships(audience, "not_groups", groups),
        purposes=frozenset(audience.member("purposes", EntryPurpose, name) for name in audience.names("purposes")),
        visa=audience.maybe("visa", bool),
        min_age=audience.count("min_age"),
        max_age=audience.count("max_age"),
        stays_over=audience.count("stays_over"),
        before_entry=audience.maybe("before_entry", bool) or False,
    )
    audience.close()
    return parsed


def _citizenships(audience: Table, key: str, groups: Groups) -> frozenset[str]:
    names = audience.names(key)
    for name in names:
        if name not in groups:
            raise audience.error(key, "is not among the groups")
    return frozenset[str]().union(*(groups[name] for name in names))


def _ends_with(table: Table) -> EndsWith | None:
    found = table.table("ends_with")
    if found is None:
        return None
    within = _term(found, "within")
    if within is None:
        raise found.error("within", "missing")
    parsed = EndsWith(found.need("step", str), within)
    found.close()
    return parsed


def _term(table: Table, key: str) -> Term | None:
    term = table.table(key)
    if term is None:
        return None
    amount = term.count("amount")
    if amount is None:
        raise term.error("amount", "missing")
    parsed = Term(amount, term.member("unit", Unit, term.need("unit", str)))
    term.close()
    return parsed


def _text(table: Table) -> Text:
    versions = tuple((language, table.need(language, str)) for language in table.left())
    for language, _ in versions:
        if language not in LANGUAGES:
            raise table.error(language, "unknown key")
    for language in ("ru", "en"):
        if language not in dict(versions):
            raise table.error(language, "missing")
    return Text(versions)


def _maybe_text(table: Table, key: str) -> Text | None:
    text = table.table(key)
    return None if text is None else _text(text)


def _need_text(table: Table, key: str) -> Text:
    text = _maybe_text(table, key)
    if text is None:
        raise table.error(key, "missing")
    return text


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
