"""Rule books: what is refused, and the packaged book of Russia."""

import pickle
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest

from app.adapters.rulebooks import load_rulebook
from app.domain.pathways.calendar import Term, Unit
from app.domain.pathways.rulebook import RulebookError, RuleStatus, parse_rulebook

Data = dict[str, Any]


_TEXT = {"ru": "Шаг", "en": "Step"}
_LAW = {"legal_ref": "1-ФЗ", "effective_from": date(2025, 1, 1), "status": "in_force"}
_DAY = {"amount": 1, "unit": "days"}


def _ends_with(step: str) -> Data:
    return {"step": step, "within": _DAY}


def _given(values: Data) -> Data:
    return {key: value for key, value in values.items() if value is not None}


def _exempt(**values: object) -> Data:
    return _given({"id": "none", "step": "first", "reason": _TEXT} | _LAW | values)


def _stay(**values: object) -> Data:
    return _given({"id": "long", "term": _DAY, "reason": _TEXT} | _LAW | values)


def small_book() -> Data:
    text, rule = _TEXT, _LAW
    return {
        "version": "1",
        "jurisdiction": "ru",
        "calendar": "RU",
        "groups": {"eaeu": ["KAZ"]},
        "pathways": [{"id": "general", "title": text, "about": text} | rule],
        "steps": {
            "first": {"title": text, "instructions": text, "self_declared": True},
            "second": {"title": text, "instructions": text, "service": "medical", "hard": ["first"]},
        },
        "rules": [
            {"id": "first", "step": "first", "audience": {"groups": ["eaeu"]}} | rule,
            {"id": "second", "step": "second", "title": {"ru": "Иначе", "en": "Otherwise"}} | rule,
        ],
    }


def test_a_rule_adds_to_its_step_and_overrides_it() -> None:
    first, second = parse_rulebook(small_book()).rules
    assert (first.title.read("en"), second.title.read("ru"), second.title.read("tg")) == (
        "Step",
        "Иначе",
        "Otherwise",
    )
    assert first.audience.citizenships == {"KAZ"}
    assert (second.service, second.hard) == ("medical", ("first",))


MISTAKES: list[tuple[str, str, Callable[[Data], object]]] = [
    ("book", "version", lambda book: book.pop("version")),
    ("book", "calendar", lambda book: book.update(calendar="XX")),
    ("book", "colour", lambda book: book.update(colour="red")),
    ("book", "groups.eaeu", lambda book: book["groups"].update(eaeu=[])),
    ("book", "groups.eaeu", lambda book: book["groups"].update(eaeu=[1])),
    ("rules", "id", lambda book: book["rules"][0].pop("id")),
    ("first", "step", lambda book: book["rules"][0].update(step="third")),
    ("first", "colour", lambda book: book["rules"][0].update(colour="red")),
    ("first", "colour", lambda book: book["steps"]["first"].update(colour="red")),
    ("first", "title", lambda book: book["steps"]["first"].pop("title")),
    ("first", "title.en", lambda book: book["rules"][0].update(title={"ru": "Шаг"})),
    ("first", "title.fr", lambda book: book["rules"][0].update(title={"ru": "Ш", "en": "S", "fr": "É"})),
    ("first", "bring.0.ru", lambda book: book["rules"][0].update(bring=[{"en": "Passport"}])),
    ("first", "legal_ref", lambda book: book["rules"][0].update(legal_ref="")),
    ("first", "status", lambda book: book["rules"][0].update(status="repealed")),
    ("first", "effective_from", lambda book: book["rules"][0].update(effective_from="2025-01-01")),
    ("first", "effective_from", lambda book: book["rules"][0].update(effective_from=datetime(2025, 1, 1))),  # noqa: DTZ001
    ("first", "effective_to", lambda book: book["rules"][0].update(effective_to=date(2024, 12, 31))),
    ("first", "notice_days", lambda book: book["rules"][0].update(notice_days=-1)),
    ("first", "notice_days", lambda book: book["rules"][0].update(notice_days=True)),
    ("first", "audience.groups", lambda book: book["rules"][0]["audience"].update(groups=["cis"])),
    ("first", "audience.purposes", lambda book: book["rules"][0]["audience"].update(purposes=["leisure"])),
    ("first", "audience.sex", lambda book: book["rules"][0]["audience"].update(sex="F")),
    ("first", "anchor", lambda book: book["rules"][0].update(deadline={"amount": 1, "unit": "days"})),
    ("first", "anchor", lambda book: book["rules"][0].update(anchor="third")),
    ("first", "validity.unit", lambda book: book["rules"][0].update(validity={"amount": 1, "unit": "years"})),
    ("first", "validity.amount", lambda book: book["rules"][0].update(validity={"unit": "days"})),
    ("first", "soft_minutes", lambda book: book["rules"][0].update(soft_minutes=-1)),
    ("second", "takes", lambda book: book["rules"][1].update(takes=_DAY)),
    ("first", "soft", lambda book: book["rules"][0].update(soft=["third"])),
    ("second", "self_declared", lambda book: book["rules"][1].update(self_declared=True)),
    ("second", "id", lambda book: book["rules"].append(book["rules"][1])),
    ("second", "step", lambda book: book["rules"].pop()),
    ("book", "pathways", lambda book: book.update(pathways=[])),
    ("general", "audience", lambda book: book["pathways"][0].update(audience={"visa": True})),
    ("general", "mirror", lambda book: book["pathways"][0].update(mirror="always")),
    ("first", "audience.pathways", lambda book: book["rules"][0].update(audience={"pathways": ["other"]})),
    ("first", "ends_with", lambda book: book["rules"][0].update(ends_with=_ends_with("third"))),
    ("first", "ends_with.within", lambda book: book["rules"][0].update(ends_with={"step": "second"})),
    ("first", "offer", lambda book: book["rules"][0].update(offer=True, renew_within=_DAY)),
    ("second", "by_host", lambda book: book["rules"][1].update(by_host=True)),
    ("none", "step", lambda book: book.update(exemptions=[_exempt(step="third")])),
    ("none", "reason", lambda book: book.update(exemptions=[_exempt(reason=None)])),
    ("none", "colour", lambda book: book.update(exemptions=[_exempt(colour="red")])),
    ("long", "term", lambda book: book.update(stays=[_stay(term=None)])),
    ("long", "extended", lambda book: book.update(stays=[_stay(extended_by=["first"])])),
    ("long", "extended_by", lambda book: book.update(stays=[_stay(extended_by=["third"], extended=_TEXT)])),
    ("note", "text", lambda book: book.update(notes=[{"id": "note"} | _LAW])),
    ("entry", "step", lambda book: book["steps"].update(entry=book["steps"]["first"])),
]


@pytest.mark.parametrize(("rule", "key", "mistake"), MISTAKES)
def test_mistakes_are_named(rule: str, key: str, mistake: Callable[[Data], object]) -> None:
    book = deepcopy(small_book())
    mistake(book)
    with pytest.raises(RulebookError) as caught:
        parse_rulebook(book)
    assert (caught.value.rule, caught.value.key) == (rule, key)


@pytest.mark.parametrize("key", ["hard", "soft", "anchor", "ends_with"])
def test_circles_are_refused(key: str) -> None:
    book = small_book()
    book["rules"][0][key] = {"anchor": "second", "ends_with": _ends_with("second")}.get(key, ["second"])
    with pytest.raises(RulebookError, match="circle"):
        parse_rulebook(book)


def test_first_and_last_day_count() -> None:
    book = small_book()
    book["rules"][0]["effective_to"] = date(2025, 12, 31)
    rule = parse_rulebook(book).rules[0]
    assert [rule.in_force(day) for day in (date(2024, 12, 31), date(2025, 1, 1))] == [False, True]
    assert [rule.in_force(day) for day in (date(2025, 12, 31), date(2026, 1, 1))] == [True, False]


def test_book_of_russia() -> None:
    book = load_rulebook("ru")
    assert book is load_rulebook("ru")
    assert pickle.loads(pickle.dumps(book)) == book  # noqa: S301 - our own bytes; worker processes do this
    rules = {rule.id: rule for rule in book.rules}
    assert rules["registration"].deadline == Term(7, Unit.WORKING_DAYS)
    assert rules["application"].result_after_working_days == 10
    assert {rule.id for rule in book.rules if rule.status is RuleStatus.DRAFT} == {
        "entry_application.compulsory",
        "medical.one_term",
        "tax_advance.tatarstan",
        "contract_notice",
    }


@pytest.mark.parametrize("jurisdiction", ["xx", "", "../rules/ru", "RU", "regions", "."])
def test_no_such_book(jurisdiction: str) -> None:
    with pytest.raises(LookupError):
        load_rulebook(jurisdiction)
