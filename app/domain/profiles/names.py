"""A person's name as different sources write it. Each is kept as it was given and never made from another."""

import re
from dataclasses import dataclass
from enum import StrEnum

_LATIN = re.compile(r"[^\W\d_Ѐ-ӿ]")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_ALLOWED = re.compile(r"(?:[^\W\d_]|[\s'’ʻʼ`.\-\u0300-\u036f])+")


class NameSource(StrEnum):
    """`zone` comes with the current document; the person gives the others."""

    ZONE = "zone"
    PRINTED = "printed"
    CYRILLIC = "cyrillic"


@dataclass(frozen=True, slots=True)
class Name:
    """One name alone is a name: the others stay None, with nothing in their place.

    Raises `ValueError` when there is none, or one is made of anything but letters.
    """

    surname: str | None
    given_names: str | None = None
    patronymic: str | None = None

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("at least one name is needed")
        if not all(_ALLOWED.fullmatch(part) and re.search(r"[^\W\d_]", part) for part in self.parts):
            raise ValueError("a name is made of letters; leave out what there is not")

    @property
    def parts(self) -> list[str]:
        return [part for part in (self.given_names, self.patronymic, self.surname) if part is not None]

    def written_as(self, source: NameSource) -> bool:
        """Whether its letters are of the script of that source."""
        strange = _LATIN if source is NameSource.CYRILLIC else _CYRILLIC
        return not any(strange.search(part) for part in self.parts)
