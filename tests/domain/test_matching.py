"""Who fits which vacancy: points, what they are given for, and the same points for a whole region at once."""

from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.domain.matching.bands import LIMITS_KM, band_between
from app.domain.matching.columns import Columns
from app.domain.matching.occupations import MAJOR_GROUPS, OCCUPATIONS, alike
from app.domain.matching.parts import KEPT, LIFT
from app.domain.matching.ranking import Ranking, lots
from app.domain.matching.scoring import explained
from app.domain.matching.terms import (
    MOST,
    About,
    Band,
    Cell,
    LanguageNeed,
    Level,
    MayWork,
    Shift,
    Vacancy,
    Why,
    Worked,
    Worker,
)
from app.domain.points.geo import distance_km
from benchmarks.match_world import Market
from tests.domain.matching import CELLS, COOK, FIRST, ROOFER, VACANCIES, WELDER, WORKERS, number

ALLOWED = MayWork(since=FIRST)


def score(vacancy: Vacancy, worker: Worker) -> int:
    match = explained(vacancy, worker)
    assert match is not None
    return match.score


def test_nothing_but_work_is_known_of_a_worker() -> None:
    """Matching cannot differ by what is not there: citizenship, sex, name, age, birthplace."""
    assert {field.name for field in fields(Worker)} == {
        "id",
        "may_work",
        "worked",
        "skills",
        "cell",
        "shifts",
        "wishes",
        "languages",
    }
    assert {field.name for field in fields(MayWork)} == {"since", "until", "sure", "only"}


@given(VACANCIES, WORKERS)
def test_parts_add_up_to_the_score(vacancy: Vacancy, worker: Worker) -> None:
    match = explained(vacancy, worker)
    assert (match is not None) == worker.may_work.from_start(vacancy.start, vacancy.occupation)
    if match is not None:
        assert [part.about for part in match.parts] == list(About)
        assert match.score == sum(part.points for part in match.parts)
        assert all(0 <= part.points <= part.most == MOST[part.about] for part in match.parts)
    assert sum(MOST.values()) == 100


def test_a_welder_nearby_in_every_part() -> None:
    vacancy = Vacancy(
        number(1),
        WELDER,
        FIRST,
        skills=frozenset({"mig", "tig", "drawings"}),
        years=4,
        cell=Cell.of((55.79, 49.12)),
        shifts=frozenset({Shift.DAY}),
        languages=(LanguageNeed("ru", Level.B1, "the safety briefing"),),
    )
    worker = Worker(
        number(2),
        MayWork(FIRST - timedelta(days=15), sure=80),
        worked=(Worked("7214", 1), Worked("7211", 2)),
        skills=frozenset({"mig", "tig", "roofs"}),
        cell=Cell.of((55.85, 49.2)),
        shifts=frozenset({Shift.DAY, Shift.NIGHT}),
        wishes=frozenset({WELDER}),
        languages=(("ru", Level.A2), ("tg", Level.C2)),
    )
    match = explained(vacancy, worker)
    assert match is not None
    parts = {part.about: part for part in match.parts}
    assert {about: part.points for about, part in parts.items()} == {
        About.OCCUPATION: 18,
        About.SKILLS: 13,
        About.EXPERIENCE: 7,
        About.DISTANCE: 10,
        About.SHIFT: 8,
        About.WISH: 5,
        About.LANGUAGE: 5,
        About.ALLOWED: 3,
    }
    assert parts[About.OCCUPATION].why is Why.SAME_MINOR
    assert (parts[About.SKILLS].has, parts[About.SKILLS].lacks) == (("mig", "tig"), ("drawings",))
    assert (parts[About.EXPERIENCE].has, parts[About.EXPERIENCE].lacks) == (("2",), ("2",))
    assert parts[About.DISTANCE].band is Band.TO_15_KM
    assert parts[About.LANGUAGE].lacks == ("ru B1",)
    assert (parts[About.ALLOWED].why, parts[About.ALLOWED].spare) == (Why.PLANNED, 2)
    assert match.score == 69


def test_only_the_right_to_work_rules_out() -> None:
    vacancy = Vacancy(number(1), WELDER, FIRST)
    nobody = Worker(number(2), ALLOWED)
    assert explained(vacancy, nobody) is not None
    for may_work in (
        MayWork(),
        MayWork(FIRST + timedelta(days=1)),
        MayWork(FIRST, until=FIRST - timedelta(days=1)),
        MayWork(FIRST, only=frozenset({ROOFER})),
    ):
        assert explained(vacancy, replace(nobody, may_work=may_work)) is None
    assert explained(vacancy, replace(nobody, may_work=MayWork(FIRST, FIRST, only=frozenset({WELDER})))) is not None


@given(VACANCIES, WORKERS, st.sampled_from("abcdefghijkl"), st.sampled_from(Shift))
def test_more_never_counts_for_less(vacancy: Vacancy, worker: Worker, skill: str, shift: Shift) -> None:
    worker = replace(worker, may_work=MayWork(vacancy.start))
    before = score(vacancy, worker)
    assert score(vacancy, replace(worker, skills=worker.skills | {skill})) >= before
    assert score(vacancy, replace(worker, worked=(*worker.worked, Worked(vacancy.occupation, 10)))) >= before
    assert score(vacancy, replace(worker, cell=vacancy.cell)) >= before
    assert score(vacancy, replace(worker, shifts=worker.shifts | {shift} if worker.shifts else worker.shifts)) >= before
    assert (
        score(vacancy, replace(worker, languages=tuple((need.language, Level.C2) for need in vacancy.languages)))
        >= before
    )
    later = replace(worker, may_work=MayWork(vacancy.start, sure=80))
    assert score(vacancy, later) < before


@given(VACANCIES, WORKERS)
def test_language_counts_only_where_the_work_needs_it(vacancy: Vacancy, worker: Worker) -> None:
    vacancy, worker = replace(vacancy, languages=()), replace(worker, may_work=ALLOWED)
    vacancy = replace(vacancy, start=FIRST)
    assert score(vacancy, worker) == score(vacancy, replace(worker, languages=(("ru", Level.C2),)))
    with pytest.raises(ValueError, match="reason"):
        LanguageNeed("ru", Level.B1, "  ")


ANYWHERE = st.builds(Cell, st.integers(-4500, 4500), st.integers(-9000, 9000))


@given(CELLS | ANYWHERE, CELLS, st.integers(-4500, 4500), st.integers(-90, 90))
@example(Cell(4500, 0), Cell(4499, 100), 4490, 0)
def test_bands_are_those_of_the_distance(home: Cell, work: Cell, north: int, east: int) -> None:
    assert_band(home, work)
    assert_band(Cell(north, work.east), Cell(max(-4500, min(north + east // 3, 4500)), work.east + east))


def assert_band(home: Cell, work: Cell) -> None:
    km = distance_km(home.place, work.place)
    expected = next((band for band, most in LIMITS_KM.items() if km <= most), Band.FAR)
    assert band_between(home, work) is expected
    assert band_between(None, work) is Band.UNKNOWN


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORKERS, max_size=12, unique_by=lambda worker: worker.id), st.lists(VACANCIES, min_size=1, max_size=4))
def test_a_whole_region_at_once_is_scored_as_one_by_one(workers: list[Worker], vacancies: list[Vacancy]) -> None:
    ranking = Ranking(Columns.of(workers))
    for vacancy in (*vacancies, *vacancies):  # the second time from what is kept
        matches = [explained(vacancy, worker) for worker in workers]
        expected = [match.score + LIFT if match else 0 for match in matches]
        assert ranking.scores(vacancy).tolist() == expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORKERS, max_size=12, unique_by=lambda worker: worker.id), VACANCIES, st.integers(1, 30))
def test_the_best_are_the_best_and_pages_hang_together(workers: list[Worker], vacancy: Vacancy, most: int) -> None:
    ranking = Ranking(Columns.of(workers))
    whole = ranking.best(vacancy, len(workers) + 1)
    scored = {worker.id: match.score for worker in workers if (match := explained(vacancy, worker))}
    assert {workers[place].id: int(score) for place, score in zip(whole.places, whole.scores, strict=True)} == scored
    assert sorted(whole.scores.tolist(), reverse=True) == whole.scores.tolist()
    pages = [ranking.best(vacancy, most, after).places for after in range(0, len(workers) + 1, most)]
    assert np.concatenate(pages).tolist() == whole.places.tolist()


def test_the_best_of_thousands_are_those_of_everybody_scored() -> None:
    """Few are looked at to the end, and nobody is missed."""
    market = Market(3, FIRST)
    columns = Columns.of(list(market.workers(3_000)))
    ranking = Ranking(columns)
    for vacancy in market.vacancies(100):
        scores = ranking.scores(vacancy)
        drawn = lots(columns.keys, vacancy.id)
        everybody = [place for place in np.lexsort((drawn, LIFT + 100 - scores)).tolist() if scores[place]]
        for most in (1, 50):
            assert ranking.best(vacancy, most).places.tolist() == everybody[:most]
            assert ranking.considered(vacancy, most) < len(everybody) or len(everybody) <= 10 * most


def test_among_equals_nobody_is_first_everywhere() -> None:
    workers = [Worker(number(n), ALLOWED) for n in range(20)]
    ranking = Ranking(Columns.of(workers))
    firsts = [int(ranking.best(Vacancy(number(100 + n), WELDER, FIRST), 1).places[0]) for n in range(400)]
    counts = np.bincount(firsts, minlength=20)
    assert counts.min() >= 5
    assert counts.max() <= 45
    keys = Columns.of(workers).keys
    assert (lots(keys, number(1)) == lots(keys, number(1))).all()


def test_what_is_kept_is_bounded() -> None:
    ranking = Ranking(Columns.of([Worker(number(1), ALLOWED, cell=Cell(2790, 2450))]))
    vacancies = [
        Vacancy(number(n), code, FIRST + timedelta(days=n), cell=Cell(2700 + n, 2450))
        for n, code in enumerate(sorted(OCCUPATIONS)[:200])
    ]
    assert len(list(ranking.each_best(vacancies, 3))) == 200
    parts = ranking.parts
    assert {len(kept) for kept in (parts.by_start, parts.by_work, parts.by_north)} == {KEPT}


def test_occupations_are_the_436_unit_groups() -> None:
    """By major group as ISCO-08 has them (ILO, 2012, table 1)."""
    counts = {major: sum(code[0] == major for code in OCCUPATIONS) for major in MAJOR_GROUPS}
    assert counts == {"0": 3, "1": 31, "2": 92, "3": 84, "4": 29, "5": 40, "6": 18, "7": 66, "8": 40, "9": 33}
    assert len({code[:3] for code in OCCUPATIONS}) == 130
    assert len({code[:2] for code in OCCUPATIONS}) == 43
    assert all(each.english and each.russian for each in OCCUPATIONS.values())
    assert len({each.english for each in OCCUPATIONS.values()}) == 436
    assert OCCUPATIONS[WELDER].russian == "Сварщики и газорезчики"
    assert [alike(WELDER, other) for other in (WELDER, "7211", "7223", ROOFER, COOK)] == [4, 3, 2, 1, 0]
