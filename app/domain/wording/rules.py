"""How a rule is written: what is searched for, and what around it makes it harmless.

Rules are compiled when they are first searched with: that takes half a second for all, which a process that never
reads a vacancy does not spend.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from app.domain.wording.kinds import Kind


@dataclass(frozen=True)
class Rule:
    """`wording` is of `kind` in a folded text; `around`, found in its sentence, makes it harmless."""

    kind: Kind
    wording: str
    around: str = ""

    @cached_property
    def search(self) -> re.Pattern[str]:
        return re.compile(self.wording)

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        return re.compile(self.around) if self.around else None


rule = Rule
