"""Rule books packaged with the application: in `app/rules` a folder of TOML files for each jurisdiction."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from app.domain.consents.purposes import ConsentLaw, parse_consent_law
from app.domain.employers.law import EmploymentLaw, parse_employment
from app.domain.feedback.law import FeedbackLaw, parse_feedback_law
from app.domain.pathways.rulebook import RuleBook, parse_rulebook
from app.domain.pathways.tables import RulebookError
from app.domain.region.law import RegionLaw, parse_regions

RULES = files("app") / "rules"


@cache
def load_rulebook(jurisdiction: str) -> RuleBook:
    """The book of `jurisdiction` (lower-case ISO 3166 alpha-2), read once a process.

    Raises `LookupError` when there is none, `RulebookError` when its data is wrong.
    """
    return parse_rulebook(read_rulebook(jurisdiction))


def read_rulebook(jurisdiction: str) -> dict[str, Any]:
    """The data of a book as one table: `book.toml`, then the files that it names, in that order.

    Lists go on from file to file; a table's entry (a step, a group) stands in one file only.
    """
    if jurisdiction not in jurisdictions():
        raise LookupError("no rule book for this jurisdiction")
    folder = RULES / jurisdiction
    book = _read(folder / "book.toml")
    for name in book.pop("files"):
        for key, value in _read(folder / f"{name}.toml").items():
            _add(book, key, value, name)
    return book


@cache
def load_consent_law(jurisdiction: str) -> ConsentLaw:
    """What `consents.toml` of `jurisdiction` says. Raises `LookupError` and `RulebookError` as above."""
    if jurisdiction not in jurisdictions():
        raise LookupError("no rule book for this jurisdiction")
    return parse_consent_law(jurisdiction, _read(RULES / jurisdiction / "consents.toml"))


@cache
def load_employment(jurisdiction: str) -> EmploymentLaw:
    """What `employment.toml` of `jurisdiction` says. Raises `LookupError` and `RulebookError` as above."""
    if jurisdiction not in jurisdictions():
        raise LookupError("no rule book for this jurisdiction")
    return parse_employment(_read(RULES / jurisdiction / "employment.toml"))


@cache
def load_feedback_law(jurisdiction: str) -> FeedbackLaw:
    """What `feedback.toml` of `jurisdiction` says. Raises `LookupError` and `RulebookError` as above."""
    if jurisdiction not in jurisdictions():
        raise LookupError("no rule book for this jurisdiction")
    return parse_feedback_law(_read(RULES / jurisdiction / "feedback.toml"))


@cache
def load_regions() -> Mapping[str, RegionLaw]:
    """What `regions.toml` says of each region that it names. Raises `RulebookError` when its data is wrong."""
    regions = parse_regions(_read(RULES / "regions.toml"))
    for code, law in regions.items():
        if law.jurisdiction not in jurisdictions():
            raise RulebookError(code, "jurisdiction", "has no rule book")
    return regions


def jurisdictions() -> list[str]:
    return sorted(item.name for item in RULES.iterdir() if (item / "book.toml").is_file())


def _read(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _add(book: dict[str, Any], key: str, value: object, name: str) -> None:
    if isinstance(value, list):
        book.setdefault(key, []).extend(value)
        return
    there = book.setdefault(key, {})
    if not isinstance(value, dict) or there.keys() & value.keys():
        raise RulebookError("book", key, f"{name}.toml says again what stands in another file")
    there.update(value)
