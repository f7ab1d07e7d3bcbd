"""The order that is kept, with whoever has changed since, is that of everybody ranked anew."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.employers.orders import Ordered
from app.domain.matching.columns import Columns
from app.domain.matching.ranking import Ranking
from app.domain.matching.terms import MayWork, Vacancy, Worked, Worker
from tests.domain.matching import FIRST, VACANCIES, WELDER, WORKERS, number

CHANGES = st.lists(st.tuples(st.integers(0, 25), st.none() | WORKERS), max_size=12)


@given(st.lists(WORKERS, max_size=20), VACANCIES, st.lists(CHANGES, max_size=3), st.integers(1, 8))
def test_who_changed_comes_and_went_stands_where_they_would_if_all_were_ranked_anew(
    workers: list[Worker], vacancy: Vacancy, rounds: list[list[tuple[int, Worker | None]]], most: int
) -> None:
    people = {number(n): replace(worker, id=number(n)) for n, worker in enumerate(workers)}
    ordered = Ordered(Columns.of(list(people.values())))
    for changes in [[], *rounds]:
        for n, worker in changes:
            now = worker and replace(worker, id=number(n))
            people.pop(number(n), None)
            if now is not None:
                people[number(n)] = now
            ordered.change(number(n), now)
        anew = Ranking(Columns.of(list(people.values())))
        best = [anew.columns.ids[place] for place in anew.best(vacancy, most).places.tolist()]
        assert ordered.best(vacancy, most) == best


def test_when_all_of_the_best_are_gone_the_next_ones_are_looked_for() -> None:
    may = MayWork(FIRST)
    people = [Worker(number(n), may, (Worked(WELDER, 20 if n < 30 else 0),)) for n in range(200)]
    ordered = Ordered(Columns.of(people), {one.id: None for one in people[:30]})
    vacancy = Vacancy(number(1000), WELDER, FIRST, years=10)
    assert len(ordered.best(vacancy, 10)) == 10
    assert not {one.id for one in people[:30]} & set(ordered.best(vacancy, 10))
    assert len(ordered.best(vacancy, 500)) == 170
