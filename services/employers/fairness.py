"""Whether people are shown and asked at like rates, whatever their citizenship and sex: aggregates, for the operator.

The groups are looked up here, counted, and forgotten: matching itself never knows them. What is told of a group is told
of ten people or more, in whole tens and whole per cent, so that two answers in a row do not tell of one who came.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.matching.fairness import GroupCount, Selection, selection
from services.employers import repository
from services.profiles.counted import Group, groups_of

_AT_ONCE = 1000
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fairness:
    """Of those who may be found and may work: who was shown to some employer, and who was asked for contacts."""

    shown_by_citizenship: Selection
    shown_by_sex: Selection
    asked_by_citizenship: Selection
    asked_by_sex: Selection


async def fairness(uow: Reading) -> Fairness:
    """As it stands now."""
    seen, shown, asked = await repository.selected(uow)
    groups: dict[UUID, Group] = {}
    people = sorted(seen)
    for begin in range(0, len(people), _AT_ONCE):
        groups |= await groups_of(uow, people[begin : begin + _AT_ONCE])
    citizenship = {person: groups[person].citizenship for person in seen if person in groups}
    sex = {person: groups[person].sex for person in seen if person in groups}
    return Fairness(
        rates(seen, shown, citizenship),
        rates(seen, shown, sex),
        rates(seen, asked, citizenship),
        rates(seen, asked, sex),
    )


def rates(seen: Iterable[UUID], chosen: set[UUID], group_of: Mapping[UUID, str | None]) -> Selection:
    """How many `chosen` there are of each group's people."""
    counts: dict[str, list[int]] = {}
    for person in seen:
        count = counts.setdefault(group_of.get(person) or UNKNOWN, [0, 0])
        count[0] += 1
        count[1] += person in chosen
    return selection([GroupCount(group, *count) for group, count in counts.items()])
