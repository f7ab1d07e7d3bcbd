"""By what right somebody may work for a company, as data of a jurisdiction (`employment.toml` of its rules).

The right hangs on the pathway and on results of its steps, so that a change of the law is a change of a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.pathways.rules import RuleStatus
from app.domain.pathways.tables import Table


@dataclass(frozen=True, slots=True)
class Right:
    """Who is on one of `pathways` may work once all of `steps` have good results, at once where there are none.

    `kept_by`: steps whose result, once it has ended, ends the right for good. `names_work`: the permit is for the
    occupations that it names. A draft is never applied.
    """

    id: str
    pathways: frozenset[str]
    steps: tuple[str, ...]
    kept_by: tuple[str, ...]
    names_work: bool
    legal_ref: str
    effective_from: date
    effective_to: date | None
    status: RuleStatus

    def in_force(self, day: date) -> bool:
        """Its first and its last day count."""
        until = self.effective_to
        return self.status is RuleStatus.IN_FORCE and self.effective_from <= day and (until is None or day <= until)


@dataclass(frozen=True, slots=True)
class EmploymentLaw:
    """The first right that takes a pathway is theirs; where there is none, nothing says that they may work."""

    rights: tuple[Right, ...] = ()

    def right_on(self, pathway: str, day: date) -> Right | None:
        return next((one for one in self.rights if pathway in one.pathways and one.in_force(day)), None)


def parse_employment(data: Mapping[str, object]) -> EmploymentLaw:
    """Raises `RulebookError`, which names the right and the key."""
    table = Table(dict(data), "employment")
    rights = tuple(_right(item) for item in table.tables("rights"))
    table.close()
    return EmploymentLaw(rights)


def _right(table: Table) -> Right:
    right = Right(
        id=table.need("id", str),
        pathways=frozenset(table.names("pathways")),
        steps=tuple(table.names("steps")),
        kept_by=tuple(table.names("kept_by")),
        names_work=bool(table.maybe("names_work", bool)),
        legal_ref=table.need("legal_ref", str),
        effective_from=table.need("effective_from", date),
        effective_to=table.maybe("effective_to", date),
        status=table.member("status", RuleStatus, table.need("status", str)),
    )
    table.close()
    if not right.pathways:
        raise table.error("pathways", "is empty")
    return right
