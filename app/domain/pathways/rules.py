"""What a rule of law is, as data: who must do what, from when, until when, and by which article."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.pathways.calendar import Term, WorkCalendar

ENTRY = "entry"
"""The anchor of terms that run from the day the person entered the country."""

LANGUAGES = frozenset({"ru", "uz-Latn", "uz-Cyrl", "tg", "ky", "kk", "hy", "az", "en", "zh-Hans", "vi", "fa-AF", "tr"})


class EntryPurpose(StrEnum):
    """Why the person came, as the migration card has it."""

    WORK = "work"
    STUDY = "study"
    FAMILY = "family"
    VISIT = "visit"
    RESETTLEMENT = "resettlement"
    ASYLUM = "asylum"
    DIPLOMATIC = "diplomatic"
    OTHER = "other"


class RuleStatus(StrEnum):
    """A draft is kept for the day it becomes law, or is confirmed; it is never applied."""

    IN_FORCE = "in_force"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in several languages, Russian and English among them always."""

    versions: tuple[tuple[str, str], ...]

    def read(self, language: str) -> str:
        """The text in `language`, else in English."""
        versions = dict(self.versions)
        return versions.get(language, versions["en"])


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a rule binds. An empty set of citizenships or purposes means all; `None` means it does not matter.

    `min_age` in years; `stays_over` in days: the rule binds only who stays longer. `before_entry` means that
    the rule is of use only until the person enters.
    """

    citizenships: frozenset[str] = frozenset()
    not_citizenships: frozenset[str] = frozenset()
    purposes: frozenset[EntryPurpose] = frozenset()
    visa: bool | None = None
    min_age: int | None = None
    stays_over: int | None = None
    before_entry: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One step of the pathway for one audience, while the rule is in force.

    `deadline` runs from `anchor`: `entry`, or the code of the step that starts it when done. `each_anchor`: a
    result from before the anchor does not count, so every entry asks for a new one. `hard` and `soft` are the
    steps whose results are required, or merely advised, first. `validity` is how long a result is good if no
    document says otherwise; `notice_days`, how early its end is announced; `renew_within` runs from its end.
    A result comes `result_after_working_days` after the visit; `retake_after` keeps apart two attempts.
    `service` is the kind of service point that gives the step, `None` for a step without a visit.
    `self_declared`: the person's own word is enough.
    """

    id: str
    code: str
    title: Text
    instructions: Text
    bring: tuple[Text, ...]
    audience: Audience
    anchor: str | None
    deadline: Term | None
    each_anchor: bool
    hard: tuple[str, ...]
    soft: tuple[str, ...]
    validity: Term | None
    renew_within: Term | None
    notice_days: int
    service: str | None
    self_declared: bool
    fee: Text | None
    result_after_working_days: int
    retake_after: Term | None
    legal_ref: str
    effective_from: date
    effective_to: date | None
    status: RuleStatus

    def in_force(self, day: date) -> bool:
        """Whether the rule binds on `day`. Its first and its last day count."""
        return (
            self.status is RuleStatus.IN_FORCE
            and self.effective_from <= day
            and (self.effective_to is None or day <= self.effective_to)
        )


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of one jurisdiction. Of the rules of one step that fit a person, the first applies."""

    version: str
    jurisdiction: str
    calendar: WorkCalendar
    rules: tuple[Rule, ...]
