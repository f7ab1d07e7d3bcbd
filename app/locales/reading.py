"""Texts in a reader's language: by the catalogue where it has them, else in a language they are likely to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date

from app.domain.audit import grounds
from app.domain.languages.traits import TRAITS
from app.domain.pathways.rules import Text
from app.domain.profiles.languages import Language
from app.domain.reminders.words import Phrase
from app.errors import AppError
from app.locales.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Reader:
    """`app.domain.reminders.words.Words` in one language."""

    language: Language

    @property
    def right_to_left(self) -> bool:
        return TRAITS[self.language].right_to_left

    @property
    def comma(self) -> str:
        return TRAITS[self.language].comma

    def say(self, key: str, phrase: Phrase, number: int | None = None) -> str:
        if found := catalogue(self.language).find(key, phrase.english, number):
            return found
        english = catalogue(Language.ENGLISH)
        return phrase.forms[0 if number is None or phrase.other is None else english.form(number)]

    def day(self, day: date) -> str:
        return _day(self.language, day, "full")

    def date(self, day: date) -> str:
        # A sentence may end with it: Russian's mark of a year would bring another full stop.
        return _day(self.language, day, "long").removesuffix("\u00a0г.")


_NARROW_SPACE = "\u202f"
"""CLDR's no-break space before a Russian year's mark: fonts of old phones do not have it."""


@lru_cache(maxsize=4096)
def _day(language: Language, day: date, shape: Literal["full", "long"]) -> str:
    # Babel writes every language's dates in the Gregorian calendar and in Latin digits, which deadlines must have. Of
    # English it would write the American order, which the rest of what we say in English does not use.
    locale = Locale("en", "GB") if language is Language.ENGLISH else Locale.parse(language.value, sep="-")
    return format_date(day, shape, locale=locale).replace(_NARROW_SPACE, "\u00a0")


def error_title(error: AppError, language: Language) -> str:
    return written(error.title, f"error.{error.code}", language)


def rule_text(text: Text, language: Language) -> str:
    """A text of the rule book: its own in that language, else the catalogue's, else one that the reader may read."""
    return written(dict(text.versions), "rule", language)


def ground_text(ground: str, language: Language) -> str:
    """On which ground data were used, as a person's log has it."""
    return grounds.in_words(ground, Reader(language), english=language is Language.ENGLISH)


def service_text(texts: Mapping[str, str], language: Language) -> str:
    """A service's name or what it is for, which the region has in some languages."""
    return written(texts, "service", language)


def written(texts: Mapping[str, str], context: str, language: Language) -> str:
    """A text that stands in English and Russian where it is used, and in the other languages in catalogues."""
    return (
        texts.get(language)
        or catalogue(language).find(context, texts["en"])
        or texts.get(TRAITS[language].besides, texts["en"])
    )
