"""Vacancies and people, drawn or made, for tests of matching."""

from datetime import date, timedelta
from uuid import UUID, uuid5

from hypothesis import strategies as st

from app.domain.matching.occupations import OCCUPATIONS
from app.domain.matching.terms import Cell, LanguageNeed, Level, MayWork, Shift, Vacancy, Worked, Worker

FIRST = date(2026, 12, 1)
SPACE = UUID(int=7)
WELDER, ROOFER, COOK = "7212", "7121", "5120"

OCCUPATION = st.one_of(
    st.sampled_from([WELDER, "7211", "7223", ROOFER, COOK, "9313"]), st.sampled_from(sorted(OCCUPATIONS))
)
SKILLS = st.frozensets(st.sampled_from("abcdefghijkl"), max_size=8)
CELLS = st.one_of(
    st.builds(Cell, st.integers(2770, 2800), st.integers(2440, 2470)),
    st.builds(Cell, st.integers(3190, 3250), st.sampled_from([*range(-9000, -8970), *range(8970, 9001)])),
)
"""About Kazan, and on both sides of the antimeridian."""
SHIFTS = st.frozensets(st.sampled_from(Shift))
DAYS = st.dates(FIRST - timedelta(days=60), FIRST + timedelta(days=60))
LEVELS = st.sampled_from(Level)
LANGUAGES = st.sampled_from(["ru", "tg", "en"])

MAY_WORK = st.builds(
    MayWork,
    since=st.none() | DAYS,
    until=st.none() | DAYS,
    sure=st.sampled_from([80, 100]),
    only=st.none() | st.frozensets(OCCUPATION, max_size=3),
)
VACANCIES = st.builds(
    Vacancy,
    id=st.uuids(),
    occupation=OCCUPATION,
    start=DAYS,
    openings=st.integers(1, 3),
    skills=SKILLS,
    years=st.integers(0, 10),
    cell=st.none() | CELLS,
    shifts=SHIFTS,
    languages=st.lists(st.builds(LanguageNeed, LANGUAGES, LEVELS, st.just("safety briefing")), max_size=2).map(tuple),
)
WORKERS = st.builds(
    Worker,
    id=st.uuids(),
    may_work=MAY_WORK,
    worked=st.lists(st.builds(Worked, OCCUPATION, st.integers(0, 40)), max_size=3).map(tuple),
    skills=SKILLS,
    cell=st.none() | CELLS,
    shifts=SHIFTS,
    wishes=st.frozensets(OCCUPATION, max_size=2),
    languages=st.lists(st.tuples(LANGUAGES, LEVELS), max_size=2).map(tuple),
)


def number(n: int) -> UUID:
    return uuid5(SPACE, str(n))
