"""Permits: since when people may work, as what, and until when. Of them the supply of labour is added up."""

from collections.abc import Sequence

from app.domain.disclosure.opening import Question, Where, asked, same_for

COLUMNS = ("right", "occupation", "until")
GRANTED_BY = {"collection": "patent"}
"""Steps after which one may work, and the right that they give."""
FROM_ENTRY = {"eaeu_work": "eaeu"}
"""Pathways on which one may work from the first day on."""
RIGHTS = ("patent", "eaeu")
UNKNOWN = "unknown"
OCCUPATIONS = (*"0123456789", UNKNOWN)
"""Major groups of ISCO-08 (ОКЗ ОК 010-2014)."""
UNTIL = {"within_13": 13, "within_26": 26, "within_53": 53}
"""Weeks from the one in which it began. A patent is for a year at most."""
LATER = "later"


def until_of(weeks: int | None) -> str:
    """`weeks`: of the week in which it ends, from the one in which it began; None for no end that is known."""
    return next((name for name, most in UNTIL.items() if weeks is not None and weeks <= most), LATER)


def questions() -> Sequence[Question]:
    return (asked("right", *RIGHTS), asked("occupation", *OCCUPATIONS), Question("until", _until))


def _until(where: Where) -> Sequence[str] | None:
    rights = where.get("right", RIGHTS)
    return same_for(tuple(UNTIL) if right == "patent" else (*UNTIL, LATER) for right in rights)
