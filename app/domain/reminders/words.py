"""What the templates need of a language. The catalogues of `app.locales` give it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text in English as it is written, by which catalogues know it; `{name}` stands for a fact.

    `other` is the form for other numbers than one, and `counts` names the fact that is counted.
    """

    english: str
    other: str | None = None
    counts: str | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        return (self.english,) if self.other is None else (self.english, self.other)


class Words(Protocol):
    """One language."""

    @property
    def right_to_left(self) -> bool: ...

    @property
    def comma(self) -> str:
        """What stands between the items of a list."""
        ...

    def say(self, key: str, phrase: Phrase, number: int | None = None) -> str:
        """The text with its placeholders, in the form that `number` asks for; in English if there is no other.
        `key` says what it is a text of.
        """
        ...

    def day(self, day: date) -> str:
        """Weekday, day, month and year of the Gregorian calendar, in Latin digits."""
        ...

    def date(self, day: date) -> str:
        """The same without the weekday."""
        ...


def filled(text: str, facts: Mapping[str, str], words: Words) -> str:
    """`text` with its facts. Between words written from the right, each fact is isolated (UAX 9): else the digits and
    the Latin or Cyrillic words in it would change places with what stands around.
    """
    return text.format_map(
        {name: f"\u2068{fact}\u2069" for name, fact in facts.items()} if words.right_to_left else facts
    )


def clock(instant: datetime) -> str:
    """24 hours, as the instant's own zone has it: `09:05`."""
    return f"{instant:%H:%M}"
