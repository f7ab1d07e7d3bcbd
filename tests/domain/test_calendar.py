"""Working days and terms."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pathways.calendar import (
    Term,
    Unit,
    WorkCalendar,
    add_months,
    add_working_days,
    due,
    is_working_day,
)

RU = WorkCalendar("RU")
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2025, 11, 1), True),  # a Saturday worked in place of Monday the 3rd
        (date(2025, 11, 3), False),
        (date(2025, 11, 4), False),
        (date(2025, 12, 31), False),  # moved from Sunday, 5 January
        (date(2026, 1, 9), False),
        (date(2026, 1, 12), True),
        (date(2026, 5, 11), False),
    ],
)
def test_production_calendar(day: date, *, working: bool) -> None:
    assert is_working_day(day, RU) is working


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2025, 12, 30), 7, date(2026, 1, 20)),  # over the year-end holidays
        (date(2025, 10, 31), 1, date(2025, 11, 1)),  # the worked Saturday counts
        (date(2026, 9, 1), 7, date(2026, 9, 10)),
        (date(2026, 9, 5), 1, date(2026, 9, 7)),
        (date(2026, 9, 5), 0, date(2026, 9, 5)),
    ],
)
def test_add_working_days(start: date, count: int, end: date) -> None:
    assert add_working_days(start, count, RU) == end


def test_days_off_of_a_region() -> None:
    tatarstan = WorkCalendar("RU", frozenset({date(2026, 11, 6)}))
    assert add_working_days(date(2026, 11, 5), 1, RU) == date(2026, 11, 6)
    assert add_working_days(date(2026, 11, 5), 1, tatarstan) == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 10, 31), 2, date(2026, 12, 31)),
        (date(2026, 3, 15), 0, date(2026, 3, 15)),
    ],
)
def test_add_months(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_day_of_the_anchor_is_day_0() -> None:
    assert due(date(2026, 9, 1), Term(30, Unit.DAYS), RU) == date(2026, 10, 1)
    assert due(date(2028, 1, 30), Term(30, Unit.DAYS), RU) == date(2028, 2, 29)
    assert due(date(2026, 9, 1), Term(2, Unit.MONTHS), RU) == date(2026, 11, 1)


@given(days, st.integers(0, 40), st.sampled_from(Unit))
def test_terms_are_monotone(start: date, amount: int, unit: Unit) -> None:
    term = Term(amount, unit)
    assert start <= due(start, term, RU) <= due(start + timedelta(days=1), term, RU)
    assert due(start, term, RU) <= due(start, Term(amount + 1, unit), RU)


@given(days, st.integers(1, 40))
def test_working_days_counted_one_by_one(start: date, count: int) -> None:
    end = add_working_days(start, count, RU)
    between = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
    assert is_working_day(end, RU)
    assert sum(is_working_day(day, RU) for day in between) == count


def test_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Term(-1, Unit.DAYS)
    with pytest.raises(ValueError, match="no production calendar"):
        WorkCalendar("XX")
