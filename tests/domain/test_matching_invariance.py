"""Whoever somebody is, matching does not know: only from when, until when and for what they may work here.

Records are whole people, with all that the product knows of them; what becomes of them is what it does with anybody's.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.rulebooks import load_employment, load_rulebook
from app.domain.employers.allowed import Ground, allowed
from app.domain.employers.profile import WorkProfile
from app.domain.matching.columns import Columns
from app.domain.matching.ranking import Ranking
from app.domain.matching.scoring import explained
from app.domain.matching.terms import Cell, Level, Match, MayWork, Shift, Vacancy, Worked, Worker
from app.domain.pathways.engine import EntryPurpose, EventKind, Facts, Source, StepEvent, plan
from tests.domain.matching import CELLS, FIRST, OCCUPATION, VACANCIES, number

TODAY = FIRST
BOOK, LAW = load_rulebook("ru"), load_employment("ru")


@dataclass(frozen=True)
class Record:
    """Somebody, with what they are beside what they can do."""

    name: str
    sex: str
    birthplace: str
    facts: Facts
    events: tuple[StepEvent, ...]
    profile: WorkProfile
    home: Cell | None

    def worker(self) -> Worker:
        return self.profile.worker(number(1), self.may_work(), self.home)

    def may_work(self) -> MayWork:
        pathway = plan(BOOK, self.facts, self.events, TODAY)
        right = allowed(pathway, Ground(LAW, BOOK.calendar, TODAY))
        return right.to_do(frozenset(self.profile.permitted))


CITIZENSHIPS = st.sampled_from(["UZB", "TJK", "KGZ", "KAZ", "ARM", "BLR", "VNM", "XXA", "IND"])
YEARS = st.integers(1950, 2015)
NAMES = st.text(min_size=1, max_size=8)
STEPS = [rule.code for rule in BOOK.rules]
PROFILES = st.builds(
    WorkProfile,
    worked=st.lists(st.builds(Worked, OCCUPATION, st.integers(0, 10)), max_size=3).map(tuple),
    skills=st.lists(st.sampled_from("abcdef"), max_size=4, unique=True).map(tuple),
    shifts=st.lists(st.sampled_from(Shift), max_size=2, unique=True).map(tuple),
    wishes=st.lists(OCCUPATION, max_size=2).map(tuple),
    languages=st.lists(st.tuples(st.sampled_from(["ru", "tg"]), st.sampled_from(Level)), max_size=2).map(tuple),
    permitted=st.lists(OCCUPATION, max_size=2).map(tuple),
)
DONE = st.builds(
    lambda steps, on: tuple(StepEvent(step, EventKind.DONE, on, Source.POINT) for step in steps),
    st.lists(st.sampled_from(STEPS), unique=True, max_size=len(STEPS)),
    st.dates(TODAY - timedelta(days=40), TODAY),
)
RECORDS = st.builds(
    Record,
    name=NAMES,
    sex=st.sampled_from(["", "F", "M"]),
    birthplace=NAMES,
    facts=st.builds(
        Facts,
        citizenship=CITIZENSHIPS,
        purpose=st.just(EntryPurpose.WORK),
        entered_on=st.dates(TODAY - timedelta(days=60), TODAY),
        visa=st.just(False),  # noqa: FBT003
        birth_year=YEARS,
    ),
    events=st.just(tuple(StepEvent(step, EventKind.DONE, TODAY, Source.POINT) for step in STEPS)) | DONE,
    profile=PROFILES,
    home=st.none() | CELLS,
)


def other_than(record: Record, citizenship: str, birth_year: int, name: str, sex: str, birthplace: str) -> Record:
    facts = replace(record.facts, citizenship=citizenship, birth_year=birth_year)
    return replace(record, facts=facts, name=name, sex=sex, birthplace=birthplace)


def match(vacancy: Vacancy, record: Record) -> Match | None:
    return explained(vacancy, record.worker())


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(VACANCIES, RECORDS, CITIZENSHIPS, YEARS, NAMES, st.sampled_from(["", "F", "M"]), NAMES)
def test_nothing_that_somebody_is_matters_but_when_they_may_work(
    vacancy: Vacancy, record: Record, citizenship: str, birth_year: int, name: str, sex: str, birthplace: str
) -> None:
    other = other_than(record, citizenship, birth_year, name, sex, birthplace)
    may_work = MayWork(since=vacancy.start)
    one, two = (replace(each.worker(), may_work=may_work) for each in (record, other))
    assert explained(vacancy, one) == explained(vacancy, two)
    if record.may_work() == other.may_work():
        assert match(vacancy, record) == match(vacancy, other)
        [ours, theirs] = [Ranking(Columns.of([each.worker()])).scores(vacancy).tolist() for each in (record, other)]
        assert ours == theirs


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(VACANCIES, RECORDS, NAMES, st.sampled_from(["", "F", "M"]), NAMES)
def test_name_sex_and_birthplace_do_not_matter_even_for_that(
    vacancy: Vacancy, record: Record, name: str, sex: str, birthplace: str
) -> None:
    other = other_than(record, record.facts.citizenship, record.facts.birth_year or 0, name, sex, birthplace)
    assert record.may_work() == other.may_work()
    assert match(vacancy, record) == match(vacancy, other)


def test_citizens_of_the_union_may_work_alike_and_others_when_their_patent_is_there() -> None:
    """That it enters at all: otherwise nothing above could fail."""
    facts = Facts(
        citizenship="KGZ", purpose=EntryPurpose.WORK, entered_on=date(2026, 11, 25), visa=False, birth_year=1990
    )
    record = Record("A", "F", "Osh", facts, (), WorkProfile(), None)
    union = {other_than(record, code, 1990, "B", "M", "X").may_work() for code in ("KGZ", "KAZ", "ARM")}
    assert len(union) == 1
    assert union != {other_than(record, "UZB", 1990, "B", "M", "X").may_work()}
