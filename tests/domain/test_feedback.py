"""Ratings told by months of ten people, complaints that move and have a last day, and what the law's data says."""

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.rulebooks import RULES, jurisdictions, load_feedback_law, load_rulebook
from app.domain.feedback.complaints import (
    MATTERS,
    ComplaintKind,
    ComplaintStatus,
    Matter,
    can_become,
    days_left,
    is_late,
    number_of,
)
from app.domain.feedback.law import parse_feedback_law
from app.domain.feedback.ratings import Rated, closed_before, figure, open_until
from app.domain.pathways.calendar import due
from app.domain.pathways.tables import RulebookError

KAZAN = ZoneInfo("Europe/Moscow")
VISIT = datetime(2026, 9, 30, 20, 30, tzinfo=UTC)
RATINGS = st.lists(st.builds(Rated, st.integers(0, 14), st.integers(1, 5)), max_size=40)


def test_a_visit_is_rated_for_sixty_days_and_its_rating_changed_for_seven() -> None:
    assert open_until(VISIT, None) == VISIT + timedelta(days=60)
    assert open_until(VISIT, VISIT + timedelta(days=59)) == VISIT + timedelta(days=66)


@given(RATINGS)
def test_a_month_is_told_of_ten_people_and_of_no_fewer(ratings: list[Rated]) -> None:
    people = {each.person for each in ratings}
    told = figure(ratings)
    assert (told is None) == (len(people) < 10)
    if told is not None:
        assert told.people == len(people)
        assert 1 <= told.mean <= 5


def test_ten_visits_of_one_person_are_no_crowd_and_weigh_as_one() -> None:
    crowd = [Rated(person, 5) for person in range(10)]
    assert figure([Rated("one", 1)] * 50 + crowd[:8]) is None
    told = figure([Rated("one", 1)] * 50 + crowd)
    assert told is not None
    assert (told.people, told.mean) == (11, 4.6)


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_closed_months_ratings_can_change_no_more(after: timedelta) -> None:
    now = VISIT + after
    first_open = closed_before(now, KAZAN)
    last_given = datetime(first_open.year, first_open.month, 1, tzinfo=KAZAN) - timedelta(microseconds=1)
    assert open_until(VISIT, last_given) <= now


def test_a_complaint_moves_to_its_answer_and_not_back() -> None:
    allowed = {(b.value, a.value) for b in ComplaintStatus for a in ComplaintStatus if can_become(b, a)}
    assert allowed == {
        *(("received", "in_work"), ("received", "escalated"), ("received", "answered")),
        *(("in_work", "escalated"), ("in_work", "answered")),
        ("escalated", "answered"),
    }


@pytest.mark.parametrize(("at", "late"), [("2026-10-30T20:59:59+00:00", False), ("2026-10-30T21:00:00+00:00", True)])
def test_the_last_day_ends_with_the_regions_midnight(at: str, late: bool) -> None:
    now, last = datetime.fromisoformat(at), date(2026, 10, 30)
    assert is_late(ComplaintStatus.IN_WORK, last, now, KAZAN) is late
    assert days_left(last, now, KAZAN) == (-1 if late else 0)
    assert not is_late(ComplaintStatus.ANSWERED, last, now + timedelta(days=9), KAZAN)
    assert not is_late(ComplaintStatus.ESCALATED, last, now + timedelta(days=9), KAZAN), "it is told once"


def test_numbers_are_of_a_year() -> None:
    assert number_of(2026, 1) == "2026-000001"
    assert number_of(2026, 1_234_567) == "2026-1234567"


@pytest.mark.parametrize(
    ("jurisdiction", "kind", "last"),
    [
        ("ru", ComplaintKind.SERVICE, date(2026, 12, 26)),
        ("ru", ComplaintKind.LABOUR, date(2026, 12, 11)),
        ("ru", ComplaintKind.REGISTER_ENTRY, date(2026, 12, 11)),
        # Fifteen working days; the 16th of December is the day of independence.
        ("kz", ComplaintKind.SERVICE, date(2026, 12, 18)),
    ],
)
def test_terms_are_the_laws_or_shorter_promises_within_it(jurisdiction: str, kind: ComplaintKind, last: date) -> None:
    law, calendar = load_feedback_law(jurisdiction), load_rulebook(jurisdiction).calendar
    assert due(date(2026, 11, 26), law.terms[kind].term, calendar) == last


@pytest.mark.parametrize("jurisdiction", jurisdictions())
def test_whoever_is_cheated_of_wages_or_papers_is_told_where_to_turn(jurisdiction: str) -> None:
    law = load_feedback_law(jurisdiction)
    told = {matter: [helper.code for helper in law.helpers_for(matter)] for matter in Matter}
    assert {"labour_inspectorate", "prosecutor"} <= set(told[Matter.UNPAID_WAGES])
    assert told[Matter.PAPERS_TAKEN][0] == "emergency", "what is most urgent stands first"
    assert {"consulate", "prosecutor"} <= set(told[Matter.PAPERS_TAKEN])
    assert all(helper.phone or helper.url or helper.code == "consulate" for helper in law.helpers)
    assert "labour_hotline" not in told[Matter.UNPAID_WAGES], "a number that was not confirmed is told to nobody"
    assert set(MATTERS) == set(ComplaintKind)


def book() -> dict[str, Any]:
    return tomllib.loads((RULES / "ru" / "feedback.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("mistake", "place"),
    [
        (lambda data: data["terms"].pop("labour"), "terms"),
        (lambda data: data["terms"]["labour"].update(amount=0), "amount"),
        (lambda data: data["terms"]["labour"].update(unit="weeks"), "unit"),
        (lambda data: data["helpers"][0].update(matters=["wages"]), "matters"),
        (lambda data: data["helpers"][0]["name"].pop("ru"), "name"),
        (lambda data: data["helpers"][0].update(status="perhaps"), "status"),
        (lambda data: data["helpers"][0].update(fax="1"), "fax"),
        (lambda data: data.update(helpers=data["helpers"][:1]), "nobody helps"),
    ],
)
def test_a_mistake_in_the_data_is_found_and_named(mistake: Callable[[dict[str, Any]], object], place: str) -> None:
    data = book()
    parse_feedback_law(data)
    mistake(data)
    with pytest.raises(RulebookError, match=place):
        parse_feedback_law(data)
