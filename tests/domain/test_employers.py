"""The small rules of employers: when somebody may work, what a request shows, who is shown first, who may do what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.adapters.rulebooks import jurisdictions, load_employment, load_rulebook
from app.domain.employers.allowed import Allowed, Ground, allowed
from app.domain.employers.companies import CompanyStatus, check_bin, may_become
from app.domain.employers.law import parse_employment
from app.domain.employers.lists import arranged, suggestions
from app.domain.employers.requests import ANSWER_WITHIN, CardStatus, Seen, answerable, most_waiting, seen
from app.domain.matching.columns import Columns
from app.domain.matching.terms import MayWork, Vacancy, Worked, Worker
from app.domain.pathways.engine import Facts, plan
from app.domain.pathways.events import EventKind, Source, StepEvent
from app.domain.pathways.rules import EntryPurpose
from app.domain.pathways.tables import RulebookError
from app.domain.profiles.numbers import NumberError
from services.employers.fairness import rates

TODAY = date(2026, 9, 1)
BOOK, LAW = load_rulebook("ru"), load_employment("ru")
NOW = datetime(2026, 9, 1, tzinfo=UTC)


def right_of(
    citizenship: str, *events: StepEvent, purpose: EntryPurpose = EntryPurpose.WORK, **ground: object
) -> Allowed:
    facts = Facts(citizenship, purpose, TODAY - timedelta(days=200), birth_year=1990)
    on = Ground(LAW, BOOK.calendar, TODAY)
    return allowed(plan(BOOK, facts, events, TODAY), replace(on, **ground))  # type: ignore[arg-type]


def done(step: str, on: date, expires_on: date | None = None) -> StepEvent:
    return StepEvent(step, EventKind.DONE, on, Source.POINT, expires_on)


PATENT = [
    done("collection", date(2026, 5, 1)),
    done("application", date(2026, 4, 1)),
    done("fingerprints", date(2026, 3, 20)),
    done("tax_advance", date(2026, 8, 15), date(2026, 9, 14)),
]


def test_a_citizen_of_the_eaeu_may_work_at_once_whoever_they_are() -> None:
    for citizenship in ("KGZ", "ARM", "BLR", "KAZ"):
        assert right_of(citizenship) == Allowed(TODAY)


def test_a_patent_that_is_paid_for_is_good_until_its_end_and_for_the_work_that_it_names() -> None:
    right = right_of("TJK", *PATENT)
    assert (right.since, right.until, right.sure) == (date(2026, 8, 15), date(2027, 5, 1), 100)
    assert right.to_do(frozenset({"7212"})).only == frozenset({"7212"})
    assert right.to_do(frozenset()).only is None
    assert right_of("KGZ").to_do(frozenset({"7212"})).only is None


def test_a_patent_whose_tax_was_not_paid_has_lapsed() -> None:
    lapsed = [*PATENT[:3], done("tax_advance", date(2026, 7, 1), date(2026, 7, 31))]
    assert right_of("TJK", *lapsed) == Allowed()


def test_who_is_on_the_way_is_expected_after_all_that_the_law_asks_for() -> None:
    right = right_of("TJK")
    assert right.since is not None
    assert right.since > TODAY + timedelta(days=14)
    assert 80 <= right.sure < 100
    booked = right_of("TJK", visits={"application": TODAY + timedelta(days=60)})
    assert booked.since is not None
    assert booked.since > right.since
    slow = right_of("TJK", points={"application": [20] * 50})
    assert slow.since is not None
    assert slow.since > right.since


def test_nothing_says_that_visitors_may_work_nor_people_of_whom_the_law_is_a_draft() -> None:
    assert right_of("TJK", purpose=EntryPurpose.VISIT) == Allowed()
    assert right_of("TJK", purpose=EntryPurpose.STUDY) == Allowed()


@pytest.mark.parametrize("jurisdiction", jurisdictions())
def test_rights_name_pathways_and_steps_that_there_are(jurisdiction: str) -> None:
    book, law = load_rulebook(jurisdiction), load_employment(jurisdiction)
    kinds, steps = {kind.id for kind in book.kinds}, {rule.code for rule in book.rules}
    assert law.rights
    for right in law.rights:
        assert right.pathways <= kinds
        assert {*right.steps, *right.kept_by} <= steps


def test_a_mistake_in_the_data_is_named() -> None:
    good = {"id": "x", "pathways": ["work"], "legal_ref": "y", "effective_from": TODAY, "status": "in_force"}
    assert parse_employment({"rights": [good]}).right_on("work", TODAY)
    mistakes: list[dict[str, object]] = [{"pathways": []}, {"status": "maybe"}, {"steps": "collection"}, {"other": 1}]
    for wrong in mistakes:
        with pytest.raises(RulebookError):
            parse_employment({"rights": [good | wrong]})


@pytest.mark.parametrize("status", [CardStatus.ASKED, CardStatus.DECLINED, CardStatus.ENDED])
def test_a_no_is_told_from_no_answer_by_nothing_at_any_time(status: CardStatus) -> None:
    until = NOW + ANSWER_WITHIN
    for at in (NOW, until - timedelta(seconds=1), until, until + timedelta(days=300)):
        assert seen(status, until, at, revealed=False) == seen(CardStatus.ASKED, until, at, revealed=False)
    assert seen(CardStatus.ASKED, until, until, revealed=False) is Seen.NOT_AVAILABLE


def test_a_yes_is_shown_while_it_stands() -> None:
    assert seen(CardStatus.ACCEPTED, NOW, NOW, revealed=True) is Seen.AGREED
    assert seen(CardStatus.ACCEPTED, NOW + ANSWER_WITHIN, NOW, revealed=False) is Seen.NOT_AVAILABLE
    assert answerable(CardStatus.ASKED, NOW + ANSWER_WITHIN, NOW)
    assert not answerable(CardStatus.ASKED, NOW, NOW)
    assert not answerable(CardStatus.DECLINED, NOW + ANSWER_WITHIN, NOW)
    assert (most_waiting(1), most_waiting(10)) == (10, 50)


def test_companies_go_one_way() -> None:
    assert may_become(CompanyStatus.SUSPENDED, CompanyStatus.APPROVED)
    assert not may_become(CompanyStatus.REFUSED, CompanyStatus.APPROVED)
    assert not may_become(CompanyStatus.APPROVED, CompanyStatus.APPLIED)


@pytest.mark.parametrize("number", ["990440000385", "990 440-000385"])
def test_a_business_number_of_kazakhstan(number: str) -> None:
    assert check_bin(number) == "990440000385"


@pytest.mark.parametrize("number", ["990440000384", "991340000385", "990410000385", "99044000038", "x"])
def test_no_business_number(number: str) -> None:
    with pytest.raises(NumberError):
        check_bin(number)


def _welders(count: int) -> Sequence[Worker]:
    return [Worker(uuid4(), MayWork(TODAY), (Worked("7212", years),)) for years in range(count)]


def test_not_all_vacancies_are_sent_the_same_people() -> None:
    people = Columns.of(_welders(6))
    vacancies = [Vacancy(uuid4(), "7212", TODAY, openings=2, years=5) for _ in range(3)]
    suggested = suggestions(people, vacancies)
    assert {len(here) for here in suggested.here.values()} == {2}
    assert len(suggested.anywhere) == 6
    first, *_ = vacancies
    everybody: list[UUID] = list(people.ids)
    order = arranged(everybody, first.id, suggested)
    assert set(order[:2]) == suggested.here[first.id]
    assert sorted(order) == sorted(everybody)
    assert suggestions(Columns.of([]), vacancies).anywhere == frozenset()


def test_rates_of_small_groups_are_not_told_and_a_low_one_is_flagged() -> None:
    people = [uuid4() for _ in range(64)]
    group_of = {person: "KGZ" if n < 30 else "TJK" if n < 60 else "UZB" for n, person in enumerate(people)}
    chosen = {person for n, person in enumerate(people) if n < 20 or 30 <= n < 40}
    found = rates(people, chosen, group_of)
    told = {group.group: (group.rate, group.flagged) for group in found.groups}
    assert "UZB" not in told
    assert all(group.seen >= 10 for group in found.groups)
    two = rates(people[:60], chosen, group_of)
    assert {group.group: (group.rate, group.flagged) for group in two.groups} == {"KGZ": (67, False), "TJK": (33, True)}
