"""Reads a rule book from its data, and refuses every mistake in it by name.

The data has `version`, `jurisdiction`, `calendar` (ISO 3166 alpha-2); `groups`, lists of citizenships by
name; `pathways`, of which the last takes everybody; `steps`, by code, what the rules of a step share; `rules`,
each with an `id`, the code of its `step`, and whatever it adds to what is shared or says otherwise; and
`exemptions`, `stays` and `notes`. Keys are the fields of the classes in `app.domain.pathways.rules`;
`app/rules/schema.json` says the same to editors and to other programs.
"""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from app.domain.pathways.calendar import WorkCalendar
from app.domain.pathways.laws import Groups, exemption, kind, note, rule, stay
from app.domain.pathways.rules import ENTRY, Audience, EntryPurpose, Rule, RuleBook, RuleStatus, Text
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


def parse_rulebook(data: Mapping[str, object]) -> RuleBook:
    """The rule book that `data` (as TOML gives it) describes. Raises `RulebookError`."""
    book = Table(data, _BOOK)
    groups = _groups(book)
    shared = book.need("steps", dict)
    parsed = RuleBook(
        version=book.need("version", str),
        jurisdiction=book.need("jurisdiction", str),
        calendar=_calendar(book),
        kinds=tuple(kind(item, groups) for item in book.need("pathways", list)),
        rules=tuple(rule(item, shared, groups) for item in book.need("rules", list)),
        exemptions=tuple(exemption(item, shared, groups) for item in book.maybe("exemptions", list) or []),
        stays=tuple(stay(item, groups) for item in book.maybe("stays", list) or []),
        notes=tuple(note(item, groups) for item in book.maybe("notes", list) or []),
    )
    book.close()
    _check_names(parsed)
    _check_kinds(parsed)
    _check_steps(parsed, frozenset(shared))
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


def _check_names(book: RuleBook) -> None:
    """Each list has its own names; pathways that are referred to are there."""
    kinds = {kind.id for kind in book.kinds}
    for laws in (book.kinds, book.rules, book.exemptions, book.stays, book.notes):
        ids: set[str] = set()
        for law in laws:
            if law.id in ids:
                raise RulebookError(law.id, "id", "is used twice")
            ids.add(law.id)
            if not law.audience.pathways <= kinds:
                raise RulebookError(law.id, "audience.pathways", "is not among the pathways")


def _check_kinds(book: RuleBook) -> None:
    if not book.kinds:
        raise RulebookError(_BOOK, "pathways", "is empty")
    last = book.kinds[-1]
    if last.audience != Audience():
        raise RulebookError(last.id, "audience", "the last pathway takes everybody")
    for each in book.kinds:
        if each.audience.pathways:
            raise RulebookError(each.id, "audience.pathways", "a pathway is not told by a pathway")


def _check_steps(book: RuleBook, codes: frozenset[str]) -> None:
    if ENTRY in codes:
        raise RulebookError(ENTRY, "step", "is the name of an anchor")
    after: dict[str, set[str]] = {code: set() for code in codes}
    for each in book.rules:
        anchor = () if each.anchor in {None, ENTRY} else (each.anchor,)
        ends_with = () if each.ends_with is None else (each.ends_with.step,)
        references = (("hard", each.hard), ("soft", each.soft), ("anchor", anchor), ("ends_with", ends_with))
        for key, others in references:
            for other in others:
                if other not in codes:
                    raise RulebookError(each.id, key, "is not among the steps")
                after[each.code].add(other)
    for limit in book.stays:
        if not codes.issuperset(limit.extended_by):
            raise RulebookError(limit.id, "extended_by", "is not among the steps")
    named = {each.code for each in book.rules} | {each.code for each in book.exemptions}
    for code in sorted(codes - named):
        raise RulebookError(code, "step", "has no rule")
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        raise RulebookError(cycle[0], "hard", f"goes in a circle: {' < '.join(cycle)}") from None
