"""Which of our languages a caller reads best: RFC 4647 §3.4, lookup, over RFC 9110's Accept-Language."""

from dataclasses import dataclass
from functools import lru_cache

from app.domain.languages.traits import TRAITS, WRITTEN
from app.domain.profiles.languages import Language

LONGEST_KEPT = 200
"""Longer headers, in characters, are read each time: what strangers send must not fill the memory."""

# A bare tag means the script that CLDR says it does ("likely subtags"); `prs` is Dari and `cmn` Mandarin in ISO 639-3.
_ALIASES = {"uz": "uz-latn", "zh": "zh-hans", "cmn": "zh-hans", "fa": "fa-af", "prs": "fa-af"}
# Whose readers read Russian rather than English, as CLDR's language matching has it.
_READ_RUSSIAN = {"be", "tt", "ba", "cv", "tk", "uk"}
_TAGS = {language.value.lower(): language for language in Language}


@dataclass(frozen=True, slots=True)
class Reading:
    """`own`: the best of all our languages. `written`: the best of those that every text is written in."""

    own: Language
    written: Language


def reading(header: str) -> Reading:
    """What the caller reads; English if the header names nothing that we have, or cannot be read."""
    return _known(header) if len(header) <= LONGEST_KEPT else _read(header)


def _read(header: str) -> Reading:
    ranges = _wanted(header)
    found = [language for tag in ranges if (language := _match(tag))]
    if not found:
        reads_russian = any(tag.partition("-")[0] in _READ_RUSSIAN for tag in ranges)
        found = [Language.RUSSIAN if reads_russian else Language.ENGLISH]
    return Reading(found[0], next((each for each in found if each in WRITTEN), TRAITS[found[0]].besides))


_known = lru_cache(maxsize=1024)(_read)


def _wanted(header: str) -> list[str]:
    """The header's ranges, most wanted first, as they stand where equally wanted. Weight 0 means: not this."""
    wanted = []
    for part in header.lower().split(","):
        tag, _, weight = (piece.strip() for piece in part.partition(";"))
        try:
            quality = float(weight.removeprefix("q=") or 1) if weight else 1.0
        except ValueError:
            continue
        if tag and tag != "*" and quality > 0:
            wanted.append((quality, tag.replace("_", "-")))
    return [tag for _, tag in sorted(wanted, key=lambda each: -each[0])]


def _match(tag: str) -> Language | None:
    """Cuts the range from its end until it is one of our tags; a subtag of one letter goes with the one before it."""
    subtags = tag.split("-")
    while subtags:
        cut = "-".join(subtags)
        if found := _TAGS.get(_ALIASES.get(cut, cut)):
            return found
        subtags.pop()
        if subtags and len(subtags[-1]) == 1:
            subtags.pop()
    return None
