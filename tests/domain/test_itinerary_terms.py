"""How somebody wants to go, kept and told; and what is said of plans."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.profiles.languages import Language
from app.domain.routing.itinerary import Cost, Obstacle, Obstructed, Reason, Why
from app.domain.routing.journey import ticks_of
from app.domain.routing.standing import Cause
from app.domain.routing.terms import Terms, free_hours
from app.domain.routing.words import assumption, cause, obstacle, reason
from app.locales.reading import Reader

ENGLISH, RUSSIAN = Reader(Language.ENGLISH), Reader(Language.RUSSIAN)
KAZAN = ZoneInfo("Europe/Moscow")
TERMS = Terms(
    languages=frozenset({"tg", "ru"}),
    features=frozenset({"step_free"}),
    free=free_hours({"0": [["09:00", "13:00"], ["14:00", "00:00"]], "3": []}),
    most_visits=2,
    most_minutes=60,
    offers=True,
)
COST = Cost(lost=0, unplaced=0, missed=0, days_late=0, completion=date(2026, 9, 22), outings=3, minutes=150)


def test_terms_are_kept_as_they_were() -> None:
    assert Terms.from_json(TERMS.as_json()) == TERMS
    assert Terms.from_json(Terms().as_json()) == Terms()


def test_free_hours_are_stretches_of_days_on_the_regions_clock() -> None:
    monday, thursday = date(2026, 9, 7), date(2026, 9, 10)
    free = TERMS.free_ticks(KAZAN, monday, thursday)
    assert free is not None
    at = [ticks_of(datetime(2026, 9, 7, hour, tzinfo=KAZAN)) for hour in (9, 13, 14)]
    assert free[monday] == [(at[0], at[1]), (at[2], ticks_of(datetime(2026, 9, 7, 21, tzinfo=UTC)))]
    assert free[date(2026, 9, 8)] == free[thursday] == []
    assert Terms().free_ticks(KAZAN, monday, thursday) is None


@pytest.mark.parametrize(
    "rows", [{"7": []}, {"1": [["13:00", "09:00"]]}, {"1": [["09:01", "10:00"]]}, {"1": [["25:00", "26:00"]]}]
)
def test_hours_that_are_none_are_refused(rows: dict[str, list[list[str]]]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        free_hours(rows)


def test_a_reason_is_told_in_each_language() -> None:
    best = Why(Reason.BEST)
    assert reason(best, COST, ENGLISH) == (
        "Meets every deadline and is done soonest: 22 September 2026. 3 days out, 150 minutes on the way."
    )
    assert reason(best, COST, RUSSIAN) == (
        "Все сроки соблюдены, и всё готово раньше всего: 22 сентября 2026. 3 выезда, 150 минут в пути."
    )
    late = COST._replace(missed=1, days_late=3, outings=1, minutes=21)
    assert reason(best, late, RUSSIAN) == "Опаздывает меньше всего: 22 сентября 2026. 1 выезд, 21 минута в пути."
    fewer = Why(Reason.FEWER_OUTINGS, outings_saved=1, days_later=2)
    assert reason(fewer, COST, ENGLISH) == "Fewer days out: 3 days out. All done: 22 September 2026 (later by 2 days)."
    assert reason(Why(Reason.OTHER_DAYS), COST, RUSSIAN) == "Другие дни. Всё готово: 22 сентября 2026."
    dari = reason(fewer, COST, Reader(Language.DARI))
    assert "\u206822 سپتمبر 2026\u2069" in dari


@pytest.mark.parametrize("found", Obstacle)
def test_every_obstacle_has_words(found: Obstacle) -> None:
    titles = {"exam": "Экзамен"}
    told = Obstructed("application", date(2026, 9, 30), None, found, "exam", date(2026, 9, 20))
    for language in Language:
        text = obstacle(told, titles, Reader(language))
        assert text
        assert "{" not in text
    assert obstacle(Obstructed("exam", None, None, found), {}, ENGLISH)


@pytest.mark.parametrize("found", Cause)
def test_every_cause_has_words(found: Cause) -> None:
    assert "«Экзамен»" in cause(found, "Экзамен", RUSSIAN)
    assert "“Exam”" in cause(found, "Exam", ENGLISH)


def test_an_assumption_says_who_and_by_when() -> None:
    on = date(2026, 9, 8)
    assert assumption("Registration", on, by_host=True, words=ENGLISH) == (
        "It is assumed that your host will have done “Registration”. The last day for it: 8 September 2026."
    )
    assert "вы сделаете шаг «Полис»" in assumption("Полис", None, by_host=False, words=RUSSIAN)
