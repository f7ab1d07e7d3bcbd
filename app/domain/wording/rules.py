"""How a rule is written: what is searched for, and what around it makes it harmless."""

import re
from dataclasses import dataclass

from app.domain.wording.kinds import Kind


@dataclass(frozen=True, slots=True)
class Rule:
    """`search` finds wording of `kind` in a folded text; `unless`, found in its sentence, makes it harmless."""

    kind: Kind
    search: re.Pattern[str]
    unless: re.Pattern[str] | None = None


def rule(kind: Kind, search: str, unless: str = "") -> Rule:
    return Rule(kind, re.compile(search), re.compile(unless) if unless else None)
