"""What is counted, before anything of it is told: a row for each thing that happened, and whose it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Facts:
    """`people`: for each row a number that is the same for one person's rows. `columns`: for each attribute the place
    of each row's value among `values[attribute]`. People told apart by a hash may be taken for one: never the reverse.
    """

    people: Numbers
    columns: Mapping[str, Numbers]
    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> "Facts":
        """From rows of a person's number and then a value for each of `names`."""
        people = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        columns: dict[str, Numbers] = {}
        values: dict[str, tuple[str, ...]] = {}
        for place, name in enumerate(names, start=1):
            known: dict[str, int] = {}
            codes = (known.setdefault(row[place], len(known)) for row in rows)
            columns[name] = np.fromiter(codes, np.int64, len(rows))
            values[name] = tuple(known)
        return cls(people, columns, values)

    def __len__(self) -> int:
        return len(self.people)

    def part(self, chosen: npt.NDArray[Any]) -> "Facts":
        """The rows that are chosen, by number or by a mask."""
        columns = {name: column[chosen] for name, column in self.columns.items()}
        return Facts(self.people[chosen], columns, self.values)

    def having(self, name: str, wanted: Sequence[str]) -> "Facts":
        """The rows whose value is one of these."""
        known = self.values[name]
        codes = [known.index(value) for value in wanted if value in known]
        return self.part(np.isin(self.columns[name], codes))

    def crowd(self, k: int) -> int:
        """How many people there are, counted no further than to `k` of them."""
        return min(k, len(np.unique(self.people)))
