"""From what a camera or a person gives to the lines of a zone: only what cannot change a character's meaning."""

import re

from app.domain.profiles.mrz_layout import LAYOUTS, Layout, MrzError

_QUOTES = ("<<", "<")
"""What a camera may have seen when it says `«`: two fillers or one. The length of the line tells."""


def lines_of(text: str) -> tuple[Layout, list[str]]:
    """The format and its lines, in capitals: given line by line or run together, with spaces anywhere.

    O and 0 are never taken for each other: the check digit tells, and the field is named. Raises `MrzError`.
    """
    for filler in _QUOTES:
        given = text.replace("«", filler).replace("‹", "<").replace("\u2028", "\n")
        lines = [line for line in ("".join(line.split()) for line in given.splitlines()) if line]
        for layout in LAYOUTS.values():
            lengths = [len(line) for line in lines]
            if lengths in ([layout.width] * layout.lines, [layout.width * layout.lines]):
                return layout, _checked(layout, "".join(lines))
    raise MrzError("length", "expected 2 lines of 44 or 36 characters, or 3 lines of 30")


def _checked(layout: Layout, zone: str) -> list[str]:
    # Small letters are tested as such: upper() turns some foreign letters into Latin ones.
    foreign = re.search(r"[^0-9A-Za-z<]", zone)
    if foreign:
        line, column = divmod(foreign.start(), layout.width)
        raise MrzError("characters", "only A-Z, 0-9 and < are allowed", foreign.start(), line + 1, column + 1)
    zone = zone.upper()
    return [zone[at : at + layout.width] for at in range(0, len(zone), layout.width)]
