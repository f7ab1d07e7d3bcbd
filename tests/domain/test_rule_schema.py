"""The schema of rule books says what the loader says: books fit it, and mistakes of shape do not."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields
from typing import Any

import jsonschema_rs
import pytest

from app.adapters.rulebooks import RULES, jurisdictions, load_rulebook, read_rulebook
from app.domain.pathways.calendar import Unit
from app.domain.pathways.rules import LANGUAGES, Audience, EntryPurpose, Law, Mirror, PathwayKind, Rule, RuleStatus
from tests.domain.test_rulebook import MISTAKES, Data, small_book

SCHEMA: Data = json.loads((RULES / "schema.json").read_text(encoding="utf-8"))
FITS = jsonschema_rs.validator_for(SCHEMA)
# Mistakes that are not of shape: names that lead nowhere, twice the same, dates and keys that contradict each other.
BEYOND = {
    ("book", "calendar"),
    ("first", "step"),
    ("first", "effective_to"),
    ("first", "audience.groups"),
    ("first", "audience.pathways"),
    ("first", "anchor"),
    ("first", "soft"),
    ("first", "ends_with"),
    ("first", "offer"),
    ("second", "self_declared"),
    ("second", "takes"),
    ("second", "by_host"),
    ("second", "id"),
    ("second", "step"),
    ("general", "audience"),
    ("none", "step"),
    ("long", "extended_by"),
}


def as_json(book: Data) -> Any:
    return json.loads(json.dumps(book, default=str))


@pytest.mark.parametrize("jurisdiction", jurisdictions())
def test_every_packaged_book_loads_and_fits(jurisdiction: str) -> None:
    assert load_rulebook(jurisdiction).jurisdiction == jurisdiction
    assert [error.message for error in FITS.iter_errors(as_json(read_rulebook(jurisdiction)))] == []


def test_the_books_are_two() -> None:
    assert jurisdictions() == ["kz", "ru"]


@pytest.mark.parametrize(("rule", "key", "mistake"), MISTAKES)
def test_the_schema_refuses_what_the_loader_refuses(rule: str, key: str, mistake: Callable[[Data], object]) -> None:
    book = deepcopy(small_book())
    assert FITS.is_valid(as_json(book))
    mistake(book)
    # A date as text is right in JSON, and a moment is text that is no date.
    same = as_json(book) == as_json(small_book())
    assert same or FITS.is_valid(as_json(book)) is ((rule, key) in BEYOND)


def test_the_schema_knows_the_keys_and_the_words_of_the_program() -> None:
    definitions = SCHEMA["$defs"]

    def keys(name: str) -> set[str]:
        return set(definitions[name]["properties"])

    law = {field.name for field in fields(Law)}
    assert keys("law") == law
    assert keys("parts") | keys("law") == {field.name for field in fields(Rule)} - {"code"}
    assert keys("pathway") | law == {field.name for field in fields(PathwayKind)}
    named = {"citizenships": "groups", "not_citizenships": "not_groups"}
    assert keys("audience") == {named.get(field.name, field.name) for field in fields(Audience)}
    assert set(definitions["audience"]["properties"]["purposes"]["items"]["enum"]) == set(EntryPurpose)
    assert set(definitions["law"]["properties"]["status"]["enum"]) == set(RuleStatus)
    assert set(definitions["pathway"]["properties"]["mirror"]["enum"]) == set(Mirror)
    assert set(definitions["term"]["properties"]["unit"]["enum"]) == set(Unit)
    assert set(definitions["text"]["propertyNames"]["enum"]) == LANGUAGES


@pytest.mark.parametrize("jurisdiction", jurisdictions())
def test_who_visits_a_point_is_told_what_to_do_when_turned_away(jurisdiction: str) -> None:
    assert [rule.id for rule in load_rulebook(jurisdiction).rules if rule.service and not rule.refused] == []
