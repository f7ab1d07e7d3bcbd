"""Estimates of travel, and tables of waiting."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain.pathways.calendar import Term, Unit, WorkCalendar
from app.domain.points.geo import distance_km
from app.domain.routing.travel import Speeds, minutes_between, table
from app.domain.routing.waits import waits

KAZAN, CHELNY = (55.79, 49.13), (55.73, 52.39)
PLACE = st.tuples(st.floats(54, 57), st.floats(47, 54))


def test_town_and_country_have_their_speeds() -> None:
    assert minutes_between(KAZAN, KAZAN) == 0
    north = (55.79 + 10 / distance_km((55.0, 49.0), (56.0, 49.0)), 49.13)
    assert minutes_between(KAZAN, north) == 36  # 10 km at 25 km/h, and 12 minutes
    km = distance_km(KAZAN, CHELNY)
    assert 203 < km < 205
    assert minutes_between(KAZAN, CHELNY) == 245  # 30 km in 72 minutes, 174 in 161, and 12
    assert minutes_between(KAZAN, CHELNY, Speeds(60, 60, 0)) == 205


@given(PLACE, PLACE, PLACE)
def test_a_longer_way_takes_no_less_and_a_detour_saves_nothing(
    one: tuple[float, float], other: tuple[float, float], via: tuple[float, float]
) -> None:
    assert minutes_between(one, other) <= minutes_between(one, via) + minutes_between(via, other)
    assert minutes_between(one, other) == minutes_between(other, one)
    if distance_km(one, other) <= distance_km(one, via):
        assert minutes_between(one, other) <= minutes_between(one, via)


def test_a_table_has_a_row_for_each_start() -> None:
    assert table([KAZAN, CHELNY, KAZAN], [CHELNY, KAZAN]) == [[245, 0], [0, 245], [245, 0]]


def test_results_come_after_working_days() -> None:
    """4 November 2026 is a holiday, a Wednesday."""
    days = waits(date(2026, 10, 30), date(2026, 11, 5), Term(3, Unit.WORKING_DAYS), WorkCalendar("RU"))
    assert [*days.values()] == [date(2026, 11, day) for day in (5, 5, 5, 6, 9, 9, 10)]
    assert [*days] == [date(2026, 10, 30), date(2026, 10, 31), *[date(2026, 11, day) for day in range(1, 6)]]
