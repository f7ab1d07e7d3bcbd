"""Whether groups are chosen at like rates: aggregates for the operator, no group so small that it tells of a person.

A group's selection rate is how many of its people were chosen of those who were seen. Below four fifths of the highest
rate it is flagged (EEOC, Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D): a reason to look, not a
proof. What the groups are is not known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

LEAST = 10
"""People in a group that is told of (design.md, k-anonymity)."""
FOUR_FIFTHS = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Of the people of one group, how many were `seen` and how many of those were `chosen`."""

    group: str
    seen: int
    chosen: int

    def __post_init__(self) -> None:
        if not 0 <= self.chosen <= self.seen:
            raise ValueError(f"{self.chosen} chosen of {self.seen}")


@dataclass(frozen=True, slots=True)
class GroupRate:
    """`rate`: per cent chosen, rounded to whole ones. `impact`: its part of the highest rate that is told, in per
    cent; None when nobody was chosen anywhere. `flagged`: below four fifths, before rounding.
    """

    group: str
    seen: int
    rate: int
    impact: int | None
    flagged: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """`groups` by their names. `hidden`: how many groups are not told of. `hidden_seen`: how many people are in them,
    or None when that would tell of too few.
    """

    groups: tuple[GroupRate, ...]
    hidden: int
    hidden_seen: int | None

    @property
    def flagged(self) -> bool:
        return any(group.flagged for group in self.groups)


def selection(counts: Sequence[GroupCount], least: int = LEAST) -> Selection:
    """The rates of groups that may be told.

    Hidden are groups of less than `least` people; and, so that what is hidden is not what is left of the total, the
    next smallest as well, until two groups and `least` people are hidden together (complementary suppression).
    """
    by_size = sorted((count for count in counts if count.seen), key=lambda count: (count.seen, count.group))
    small = sum(count.seen < least for count in by_size)
    while small and small < len(by_size) and (small == 1 or sum(c.seen for c in by_size[:small]) < least):
        small += 1
    hidden, told = by_size[:small], by_size[small:]
    rates = {count.group: Fraction(count.chosen, count.seen) for count in told}
    best = max(rates.values(), default=Fraction(0))
    unseen = sum(count.seen for count in hidden)
    return Selection(
        groups=tuple(_rate(count, rates[count.group], best) for count in sorted(told, key=lambda count: count.group)),
        hidden=len(hidden),
        hidden_seen=None if 0 < unseen < least else unseen,
    )


def _rate(count: GroupCount, rate: Fraction, best: Fraction) -> GroupRate:
    return GroupRate(
        group=count.group,
        seen=count.seen,
        rate=round(100 * rate),
        impact=round(100 * rate / best) if best else None,
        flagged=rate < FOUR_FIFTHS * best,
    )
