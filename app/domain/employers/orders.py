"""People in their order for each vacancy, kept from look to look and true at all times.

To rank a region takes milliseconds, to rank whoever has changed since next to nothing: so the order of all is kept for
each vacancy as it is asked for, and those who have changed are taken out of it and ranked beside it. The list is that
of everybody ranked anew.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.domain.matching.columns import Columns
from app.domain.matching.ranking import Ranking, lots
from app.domain.matching.terms import Vacancy, Worker

_KEPT = 2_000
"""Vacancies."""
_MORE = 2

Rank = tuple[int, int, UUID]
"""What people are sorted by: the score below zero, the lot, and who it is."""


@dataclass(frozen=True, slots=True)
class Order:
    """The best for one vacancy, the best first. `whole`: nobody else may do the work."""

    ranks: tuple[Rank, ...]
    whole: bool

    @classmethod
    def of(cls, ranking: Ranking, vacancy: Vacancy, most: int) -> "Order":
        best, columns = ranking.best(vacancy, most), ranking.columns
        drawn = lots(columns.keys[best.places], vacancy.id).tolist()
        people = [columns.ids[place] for place in best.places.tolist()]
        scores = [-score for score in best.scores.tolist()]
        return cls(tuple(zip(scores, drawn, people, strict=True)), len(people) < most)


class _Orders:
    """Of one set of columns."""

    def __init__(self, columns: Columns) -> None:
        self.ranking = Ranking(columns)
        self._kept: OrderedDict[Vacancy, Order] = OrderedDict()

    def of(self, vacancy: Vacancy, most: int) -> Order:
        """With at least `most` people, unless it is whole."""
        found = self._kept.get(vacancy)
        if found is None or not (found.whole or len(found.ranks) >= most):
            found = self._kept[vacancy] = Order.of(self.ranking, vacancy, most)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


class Ordered:
    """Not for two threads at once."""

    def __init__(self, columns: Columns, changed: Mapping[UUID, Worker | None] | None = None) -> None:
        self._all, self._changed = _Orders(columns), dict(changed or {})
        self._beside: _Orders | None = None

    def change(self, person_id: UUID, worker: Worker | None) -> None:
        """How somebody is now; None: not there any more."""
        self._changed[person_id], self._beside = worker, None

    def best(self, vacancy: Vacancy, most: int) -> list[UUID]:
        """At most `most` of those who may do the work, the best first."""
        wanted = most
        order = self._all.of(vacancy, wanted)
        if not self._changed:
            return [person for _, _, person in order.ranks[:most]]
        while len(same := self._unchanged(order)) < most and not order.whole:
            wanted *= _MORE
            order = self._all.of(vacancy, wanted)
        if self._beside is None:
            self._beside = _Orders(Columns.of([one for one in self._changed.values() if one is not None]))
        ranks: Iterable[Rank] = sorted([*same, *self._beside.of(vacancy, most).ranks])
        return [person for _, _, person in ranks][:most]

    def _unchanged(self, order: Order) -> list[Rank]:
        return [rank for rank in order.ranks if rank[2] not in self._changed]
