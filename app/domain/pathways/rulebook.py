"""Reads a rule book from its data, and refuses every mistake in it by name.

The data has `version`, `jurisdiction`, `calendar` (ISO 3166 alpha-2); `groups`, lists of citizenships by
name; `steps`, by code, what the rules of a step share; and `rules`, each with an `id`, the code of its
`step`, and whatever it adds to what is shared or says otherwise. The keys of a rule are the fields of `Rule`.
"""

from collections.abc import Mapping
from datetime import date
from graphlib import CycleError, TopologicalSorter

from app.domain.pathways.calendar import Term, Unit, WorkCalendar
from app.domain.pathways.rules import (
    ENTRY,
    LANGUAGES,
    Audience,
    EntryPurpose,
    Rule,
    RuleBook,
    RuleStatus,
    Text,
)
from app.domain.pathways.tables import RulebookError, Table

__all__ = [
    "Audience",
    "EntryPurpose",
    "Rule",
    "RuleBook",
    "RuleStatus",
    "RulebookError",
    "Text",
    "parse_rulebook",
]

_BOOK = "book"
_NOTICE_DAYS = 30

Groups = Mapping[str, frozenset[str]]


def parse_rulebook(data: Mapping[str, object]) -> RuleBook:
    """The rule book that `data` (as TOML gives it) describes. Raises `RulebookError`."""
    book = Table(data, _BOOK)
    groups = _groups(book)
    shared = book.need("steps", dict)
    rules = tuple(_rule(item, shared, groups) for item in book.need("rules", list))
    parsed = RuleBook(
        version=book.need("version", str),
        jurisdiction=book.need("jurisdiction", str),
        calendar=_calendar(book),
        rules=rules,
    )
    book.close()
    _check_references(rules, frozenset(shared))
    return parsed


def _groups(book: Table) -> Groups:
    table = book.table("groups")
    if table is None:
        return {}
    groups = {name: frozenset(table.names(name)) for name in table.left()}
    for name, citizenships in groups.items():
        if not citizenships:  # no citizenship would read as any citizenship
            raise table.error(name, "is empty")
    return groups


def _calendar(book: Table) -> WorkCalendar:
    try:
        return WorkCalendar(book.need("calendar", str))
    except RulebookError:
        raise
    except ValueError as error:
        raise book.error("calendar", str(error)) from None


def _rule(item: object, shared: Mapping[str, object], groups: Groups) -> Rule:
    head = Table(item, "rules")
    rule_id, code = head.need("id", str), head.need("step", str)
    if not isinstance(item, Mapping) or not isinstance(common := shared.get(code), Mapping):
        raise RulebookError(rule_id, "step", "is not among the steps")
    table = Table({**common, **item}, rule_id)
    table.need("id", str)
    rule = Rule(
        id=rule_id,
        code=table.need("step", str),
        title=_need_text(table, "title"),
        instructions=_need_text(table, "instructions"),
        bring=tuple(_text(text) for text in table.tables("bring")),
        audience=_audience(table, groups),
        anchor=table.maybe("anchor", str),
        deadline=_term(table, "deadline"),
        each_anchor=table.maybe("each_anchor", bool) or False,
        hard=table.names("hard"),
        soft=table.names("soft"),
        validity=_term(table, "validity"),
        renew_within=_term(table, "renew_within"),
        notice_days=_or(table.count("notice_days"), _NOTICE_DAYS),
        service=table.maybe("service", str),
        self_declared=table.maybe("self_declared", bool) or False,
        fee=_maybe_text(table, "fee"),
        result_after_working_days=_or(table.count("result_after_working_days"), 0),
        retake_after=_term(table, "retake_after"),
        legal_ref=table.need("legal_ref", str),
        effective_from=table.need("effective_from", date),
        effective_to=table.maybe("effective_to", date),
        status=table.member("status", RuleStatus, table.need("status", str)),
    )
    table.close()
    _check_sense(rule, table)
    return rule


def _check_sense(rule: Rule, table: Table) -> None:
    if rule.effective_to is not None and rule.effective_to < rule.effective_from:
        raise table.error("effective_to", "is before effective_from")
    if rule.anchor is None and (rule.deadline or rule.each_anchor):
        raise table.error("anchor", "missing")
    if rule.service is not None and rule.self_declared:
        raise table.error("self_declared", "a visit is confirmed by its point")


def _check_references(rules: tuple[Rule, ...], codes: frozenset[str]) -> None:
    if ENTRY in codes:
        raise RulebookError(ENTRY, "step", "is the name of an anchor")
    ids: set[str] = set()
    after: dict[str, set[str]] = {code: set() for code in codes}
    for rule in rules:
        if rule.id in ids:
            raise RulebookError(rule.id, "id", "is used twice")
        ids.add(rule.id)
        anchor = () if rule.anchor in {None, ENTRY} else (rule.anchor,)
        for key, others in (("hard", rule.hard), ("soft", rule.soft), ("anchor", anchor)):
            for other in others:
                if other not in codes:
                    raise RulebookError(rule.id, key, "is not among the steps")
                after[rule.code].add(other)
    for code in sorted(codes - {rule.code for rule in rules}):
        raise RulebookError(code, "step", "has no rule")
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        raise RulebookError(cycle[0], "hard", f"goes in a circle: {' < '.join(cycle)}") from None


def _audience(table: Table, groups: Groups) -> Audience:
    audience = table.table("audience")
    if audience is None:
        return Audience()
    parsed = Audience(
        citizenships=_citizenships(audience, "groups", groups),
        not_citizenships=_citizenships(audience, "not_groups", groups),
        purposes=frozenset(audience.member("purposes", EntryPurpose, name) for name in audience.names("purposes")),
        visa=audience.maybe("visa", bool),
        min_age=audience.count("min_age"),
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
