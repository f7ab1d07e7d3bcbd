"""Catalogues packaged with the application, read when their language is first asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from gettext import c2py
from importlib.resources import files
from io import BytesIO

from babel.messages.pofile import read_po

from app.domain.languages.traits import TRAITS
from app.domain.profiles.languages import Language

LOCALES = files("app") / "locales"
FILE = "manzil.po"
REVIEW_HEADER = "X-Review-State"


class Review(StrEnum):
    """Who answers for a language's texts."""

    TEAM = "written by the team"
    MACHINE = "machine-made, unreviewed"
    REVIEWED = "reviewed by a native speaker"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`texts`: by context and English text, all forms. `form` chooses one by the number."""

    texts: Mapping[tuple[str, str], tuple[str, ...]]
    form: Callable[[int], int]

    def find(self, context: str, english: str, number: int | None = None) -> str | None:
        """The text, with its placeholders; None when it is not translated."""
        forms = self.texts.get((context, english))
        return None if forms is None else forms[0 if number is None else self.form(number)]


@cache
def catalogue(language: Language) -> Catalogue:
    """Takes milliseconds the first time in a process, nothing afterwards. English has none: it is empty."""
    file = LOCALES / language.value / FILE
    form = c2py(TRAITS[language].plurals[1])
    if not file.is_file():
        return Catalogue({}, form)
    texts = {}
    for entry in read_po(BytesIO(file.read_bytes())):
        forms = entry.string if isinstance(entry.string, list | tuple) else (entry.string,)
        if entry.id and not entry.fuzzy and all(forms):
            english = entry.id if isinstance(entry.id, str) else entry.id[0]
            texts[entry.context or "", english] = tuple(map(str, forms))
    return Catalogue(texts, form)


@cache
def review_state(language: Language) -> Review:
    """What the catalogue's header says; English is the language that the others are made from."""
    file = LOCALES / language.value / FILE
    if not file.is_file():
        return Review.TEAM
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(f'"{REVIEW_HEADER}: '):
                return Review(line.split(": ", 1)[1].rstrip().removesuffix('\\n"'))
    raise ValueError(f"{language}: the catalogue does not say who has read it")
