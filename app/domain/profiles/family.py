"""Family: who acts for a minor, and adults who book together."""

from enum import StrEnum


class Relation(StrEnum):
    """What the other is to the one who asks. Only for a *ward* does somebody act; the others keep their own."""

    WARD = "ward"
    SPOUSE = "spouse"
    RELATIVE = "relative"
