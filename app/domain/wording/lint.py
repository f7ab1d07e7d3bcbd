"""Finds wording in a vacancy that leaves people out for what they are.

A text that is found fault with is not published until it is written otherwise; each finding says where, what and why.
Rules know words in context, not words alone: "мужской зал", "узбекская кухня" and "русский язык B1 нужен для
инструктажа" say something of the work. What they do not find, people can still report.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from app.domain.wording import english, english_frames, others, russian, russian_frames, russian_life
from app.domain.wording.folding import folded
from app.domain.wording.kinds import REASONS, Kind, Reason

_RULES = (
    *russian.RULES,
    *russian_life.RULES,
    *russian_frames.RULES,
    *english.RULES,
    *english_frames.RULES,
    *others.RULES,
)
_HARMLESS = "|".join((*russian.HARMLESS, *english.HARMLESS))
_ENDS = re.compile(r"[.!?;\n](?=\s|$)|\n")


@lru_cache
def _harmless() -> re.Pattern[str]:
    return re.compile(_HARMLESS)


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` is what stands in the original between `start` and `end`, counted in characters."""

    kind: Kind
    start: int
    end: int
    text: str

    @property
    def reason(self) -> Reason:
        return REASONS[self.kind]


def findings(text: str) -> tuple[Finding, ...]:
    """By place; of several of one kind that overlap, the longest."""
    meant = folded(text)
    searched = _harmless().sub(lambda found: " " * len(found[0]), meant.text)
    ends = [0, *(found.end() for found in _ENDS.finditer(searched)), len(searched)]
    spans: dict[tuple[int, int, Kind], None] = {}
    for each in _RULES:
        harmless: dict[tuple[int, int], bool] = {}  # by sentences, which may be long and hold many of one kind
        for found in each.search.finditer(searched):
            start, end = _trimmed(searched, *found.span())
            around = _around(ends, start, end)
            if each.unless is not None and around not in harmless:
                harmless[around] = each.unless.search(searched[slice(*around)]) is not None
            if not harmless.get(around, False):
                spans[(*meant.original(start, end), each.kind)] = None
    kept: list[Finding] = []
    reached: dict[Kind, int] = {}
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
        if start >= reached.get(kind, 0):
            kept.append(Finding(kind, start, end, text[start:end]))
            reached[kind] = end
    return tuple(kept)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end - 1 and not text[start].isalnum():
        start += 1
    while end > start + 1 and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _around(ends: list[int], start: int, end: int) -> tuple[int, int]:
    """From where to where the sentences reach in which a span lies."""
    return ends[bisect_right(ends, start) - 1], ends[bisect_left(ends, end)]
