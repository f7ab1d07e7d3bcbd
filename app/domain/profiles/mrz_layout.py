"""Where each field of a machine-readable zone stands (ICAO 9303: part 5 TD1, part 6 TD2, part 4 TD3)."""

from dataclasses import dataclass
from enum import StrEnum

FILLER = "<"
NUMBER_LENGTH = 9


class Format(StrEnum):
    """The size of a document: TD1 a card, TD2 a larger card or sheet, TD3 a passport."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"


class MrzError(ValueError):
    """A zone that breaks ICAO 9303.

    `field` names the part at fault; `position` is its first character, counted from 0 over the lines run together,
    `line` counts from 1 and `column` within it from 1; all three are None for the whole zone. Neither they nor the
    message hold what the document says.
    """

    def __init__(
        self, field: str, reason: str, position: int | None = None, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.position, self.line, self.column = position, line, column


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of one line: `line` from 0, from `start` up to and without `end`."""

    line: int
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def of(self, lines: list[str]) -> str:
        return lines[self.line][self.start : self.end]

    def after(self, lines: list[str]) -> str:
        """The character behind: the check digit of a field that has one."""
        return lines[self.line][self.end]


@dataclass(frozen=True, slots=True)
class Layout:
    """One format. `kinds`: what the first character may be. `composed_of`: what the last check digit covers."""

    format: Format
    lines: int
    width: int
    kinds: str
    name: Span
    number: Span
    nationality: Span
    birth: Span
    sex: Span
    expires: Span
    optional: Span
    composite: Span
    composed_of: tuple[Span, ...]
    second_optional: Span | None = None
    optional_checked: bool = False
    issuer: Span = Span(0, 2, 5)

    def composed(self, lines: list[str]) -> str:
        return "".join(span.of(lines) for span in self.composed_of)

    def fault(self, field: str, reason: str, span: Span) -> MrzError:
        return MrzError(field, reason, span.line * self.width + span.start, span.line + 1, span.start + 1)


_TD1 = Layout(
    format=Format.TD1,
    lines=3,
    width=30,
    kinds="ACI",
    number=Span(0, 5, 14),
    optional=Span(0, 15, 30),
    birth=Span(1, 0, 6),
    sex=Span(1, 7, 8),
    expires=Span(1, 8, 14),
    nationality=Span(1, 15, 18),
    second_optional=Span(1, 18, 29),
    composite=Span(1, 29, 30),
    composed_of=(Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29)),
    name=Span(2, 0, 30),
)
_TD2 = Layout(
    format=Format.TD2,
    lines=2,
    width=36,
    kinds="ACI",
    name=Span(0, 5, 36),
    number=Span(1, 0, 9),
    nationality=Span(1, 10, 13),
    birth=Span(1, 13, 19),
    sex=Span(1, 20, 21),
    expires=Span(1, 21, 27),
    optional=Span(1, 28, 35),
    composite=Span(1, 35, 36),
    composed_of=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 35)),
)
_TD3 = Layout(
    format=Format.TD3,
    lines=2,
    width=44,
    kinds="P",
    name=Span(0, 5, 44),
    number=Span(1, 0, 9),
    nationality=Span(1, 10, 13),
    birth=Span(1, 13, 19),
    sex=Span(1, 20, 21),
    expires=Span(1, 21, 27),
    optional=Span(1, 28, 42),
    optional_checked=True,
    composite=Span(1, 43, 44),
    composed_of=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 43)),
)
LAYOUTS = {layout.format: layout for layout in (_TD1, _TD2, _TD3)}
