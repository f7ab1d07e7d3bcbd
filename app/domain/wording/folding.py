"""A text as it is meant: without look-alike letters, spaced-out words, invisible characters and stretched letters.

Every letter of the folded text knows where it stands in the original, so that what is found can be shown there.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_CYRILLIC_FOR = dict(zip("abcehikmnoprtuxy0346", "авсеникмпоргтихуозчб", strict=True))
_LATIN_FOR = dict(zip("авсенікмортхуѕј", "abcehikmoptxysj", strict=True))
_LETTERS = {ord(latin): letter for latin, letter in _CYRILLIC_FOR.items() if latin.isalpha()}
_DIGIT_AS_LETTER = re.compile(r"[^\W\d_][0346][^\W\d_]|^[а-я]+0$")
_CYRILLIC_PIECES = {"ё": "е", "і": "и"}
_WORD = re.compile(r"\w+")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-_*·][^\W\d_]){3,}(?!\w)")
_INSIDE = re.compile(r"(?<=[^\W\d_])[*_·|~'’`](?=[^\W\d_]{2})")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text`: lower case, letters as meant. `places[i]`: where its i-th letter stands in the original."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original of text[start:end], which is not empty."""
        return self.places[start], self.places[end - 1] + 1


def folded(text: str) -> Folded:
    letters, places = [], []
    for place, letter in enumerate(text):
        if unicodedata.category(letter) in {"Cf", "Mn", "Co", "Cn"}:
            continue
        for piece in unicodedata.normalize("NFKC", letter).lower():
            letters.append(_CYRILLIC_PIECES.get(piece, piece))
            places.append(place)
    for pattern, keep in ((_SPACED, _letters_of), (_INSIDE, _nothing), (_STRETCHED, _first_of)):
        letters, places = _without("".join(letters), places, pattern, keep)
    return Folded(_WORD.sub(lambda found: _in_one_script(found[0]), "".join(letters)), tuple(places))


def _letters_of(found: re.Match[str]) -> set[int]:
    return {place for place in range(*found.span()) if found.string[place].isalpha()}


def _nothing(found: re.Match[str]) -> set[int]:  # noqa: ARG001
    return set()


def _first_of(found: re.Match[str]) -> set[int]:
    return {found.start()}


def _without(
    text: str, places: list[int], pattern: re.Pattern[str], keep: Callable[[re.Match[str]], set[int]]
) -> tuple[list[str], list[int]]:
    dropped: set[int] = set()
    for found in pattern.finditer(text):
        dropped |= set(range(*found.span())) - keep(found)
    stay = [place for place in range(len(text)) if place not in dropped]
    return [text[place] for place in stay], [places[place] for place in stay]


def _in_one_script(word: str) -> str:
    """A word of letters of two scripts in one, as long as it was: in that which some of its letters have alone, else in
    that which most have. A digit among Cyrillic letters is the letter that it looks like.
    """
    cyrillic = {letter for letter in word if "Ѐ" <= letter <= "ԯ"}
    latin = {letter for letter in word if "a" <= letter <= "z"}
    if not cyrillic or not (latin or _DIGIT_AS_LETTER.search(word)):
        return word
    only_cyrillic, only_latin = bool(cyrillic - _LATIN_FOR.keys()), bool(latin - _CYRILLIC_FOR.keys())
    to_latin = only_latin if only_latin != only_cyrillic else len(latin) > len(cyrillic)
    if to_latin:
        return "".join(_LATIN_FOR.get(letter, letter) for letter in word)
    return word[:1].translate(_LETTERS) + "".join(_CYRILLIC_FOR.get(letter, letter) for letter in word[1:])
