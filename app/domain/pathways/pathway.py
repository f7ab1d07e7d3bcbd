"""A person's pathway, and the facts that it depends on."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.domain.pathways.calendar import Term
from app.domain.pathways.events import EventKind, Source
from app.domain.pathways.rules import EntryPurpose, Exemption, Note, PathwayKind, Rule, StayLimit


class StepStatus(StrEnum):
    """Where a step stands. Exactly one holds; what the law exempts this person from stands in `not_needed`.

    `blocked`: nothing can be done yet, so it wins over `due` and `overdue`; `Step.late` tells the rest.
    `expiring`: done, and the result ends within the rule's notice, 30 days unless it says otherwise.
    """

    DONE = "done"
    EXPIRING = "expiring"
    AVAILABLE = "available"
    DUE = "due"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the law tells people apart by.

    `citizenship` is the document's code (ISO 3166 alpha-3, or XXA and the like). `entered_on` may lie ahead.
    Of a birth date any part may be unknown. An unknown age or length of stay (in days) binds as if it met the
    rule: better one step too many.
    """

    citizenship: str
    purpose: EntryPurpose
    entered_on: date
    visa: bool = False
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    stay_days: int | None = None

    def age_on(self, day: date) -> int | None:
        """Full years on `day`; where parts of the birth date are unknown, the most they can be."""
        if self.birth_year is None:
            return None
        ahead = (self.birth_month or 1, self.birth_day or 1) > (day.month, day.day)
        return day.year - self.birth_year - ahead


class Step(NamedTuple):
    """A step of one person's pathway.

    `deadline` is the legal one, of the first result or of its renewal; `None` for none, and while a result is
    good and does not end soon; it is `term` from `anchored_on`. `needed_by` is the earliest
    deadline of the step and those that wait for it, `needed_for` whose that is: for sorting and reminding, not
    a legal term. `not_before` is the first day on which the step can succeed, while that is ahead. `late`: the
    deadline has passed, whether or not the step is blocked. `blocked_by` and `advised_after` are the hard and
    the soft prerequisites without a good result. `outcome` is the last event's; `done_on`, `source` and
    `valid_until` (the last good day) are of the last result, which may have ended.
    """

    code: str
    status: StepStatus
    deadline: date | None
    anchored_on: date | None
    term: Term | None
    needed_by: date | None
    needed_for: str
    not_before: date | None
    late: bool
    blocked_by: tuple[str, ...]
    advised_after: tuple[str, ...]
    outcome: EventKind | None
    done_on: date | None
    source: Source | None
    valid_until: date | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class Stay:
    """How long the person may stay: `until` counts too, and `None` means as long as what extends the stay.

    Earlier stays of the same year are not known here and can only make it shorter.
    """

    until: date | None
    extended: bool
    limit: StayLimit


@dataclass(frozen=True, slots=True)
class Pathway:
    """The steps, prerequisites first and then the most urgent; and the codes of those to take up now.

    Offers come last, and are to be taken up now only where nothing else is ever asked.
    """

    kind: PathwayKind
    steps: tuple[Step, ...]
    next: tuple[str, ...]
    not_needed: tuple[Exemption, ...]
    stay: Stay | None
    notes: tuple[Note, ...]
    book_version: str
