"""What a rule of law is, as data: who must do what, from when, until when, and by which article."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

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


class Mirror(StrEnum):
    """Whether anything of the pathway may go to the regional registry, and then only with the person's consent."""

    BY_CONSENT = "by_consent"
    NEVER_BY_DEFAULT = "never_by_default"


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
    """Whom a rule binds. An empty set of pathways, citizenships or purposes means all; `None`, any.

    Ages in full years, the limit included: an unknown age meets `min_age` (better one step too many) and not
    `max_age`, which exempts. `stays_over` in days: the rule binds only who stays longer. `before_entry` means
    that the rule is of use only until the person enters.
    """

    pathways: frozenset[str] = frozenset()
    citizenships: frozenset[str] = frozenset()
    not_citizenships: frozenset[str] = frozenset()
    purposes: frozenset[EntryPurpose] = frozenset()
    visa: bool | None = None
    min_age: int | None = None
    max_age: int | None = None
    stays_over: int | None = None
    before_entry: bool = False

    def may_include(self, citizenship: str, purpose: EntryPurpose, *, visa: bool) -> bool:
        """Whether it binds such people at some age, length of stay and day."""
        return (
            (not self.citizenships or citizenship in self.citizenships)
            and citizenship not in self.not_citizenships
            and (not self.purposes or purpose in self.purposes)
            and (self.visa is None or visa is self.visa)
        )

    def includes(self, age: int | None, stay_days: int | None, *, entered: bool) -> bool:
        """Whether it binds somebody whom it may include, on a day when they are of that age."""
        return (
            (self.min_age is None or age is None or age >= self.min_age)
            and (self.max_age is None or (age is not None and age <= self.max_age))
            and (self.stays_over is None or stay_days is None or stay_days > self.stays_over)
            and not (self.before_entry and entered)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What everything in a book has: whom it binds, the article, and while it is in force."""

    id: str
    audience: Audience
    legal_ref: str
    effective_from: date
    effective_to: date | None
    status: RuleStatus

    def in_force(self, day: date) -> bool:
        """Whether it binds on `day`. Its first and its last day count."""
        return (
            self.status is RuleStatus.IN_FORCE
            and self.effective_from <= day
            and (self.effective_to is None or day <= self.effective_to)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayKind(Law):
    """Which way somebody goes: exactly one for each person, the first that takes them. Its code is its `id`.

    `own_steps`: only what names this pathway belongs to it, none of what is asked of everybody else.
    """

    title: Text
    about: Text
    own_steps: bool
    mirror: Mirror


@dataclass(frozen=True, slots=True)
class EndsWith:
    """A result ends when that of `step` does, or when another takes its place; then one renews `within` the term."""

    step: str
    within: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Law):
    """One step of the pathway for one audience, while the rule is in force.

    `deadline` runs from `anchor`: `entry`, or the code of the step that starts it when done. `each_anchor`: a
    result from before the anchor does not count, so every entry asks for a new one. `hard` and `soft` are the
    steps whose results are required, or merely advised, first; going without those advised is worth `soft_minutes` of
    travel each. `takes`: how long a step without a visit is assumed to take from the day it can begin; by its deadline
    unless it says so. `validity` is how long a result is good if no
    document says otherwise, and `ends_with` what it depends on; `notice_days`, how early its end is announced;
    `renew_within` runs from its end. A result comes
    `result_after_working_days` after the visit; `retake_after` keeps apart two attempts. `service` is the kind
    of service point that gives the step, `None` for a step without a visit. `self_declared`: the person's own
    word is enough. `by_host`: the person's host may confirm it. `offer`: help that one may take or leave.
    `refused` says what to do if the person is turned away.
    """

    code: str
    title: Text
    instructions: Text
    refused: Text | None
    bring: tuple[Text, ...]
    anchor: str | None
    deadline: Term | None
    each_anchor: bool
    hard: tuple[str, ...]
    soft: tuple[str, ...]
    soft_minutes: int
    takes: Term | None
    validity: Term | None
    ends_with: EndsWith | None
    renew_within: Term | None
    notice_days: int
    service: str | None
    self_declared: bool
    by_host: bool
    offer: bool
    fee: Text | None
    result_after_working_days: int
    retake_after: Term | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption(Law):
    """A step that is asked of others and, for a reason that the law names, not of these. It wins over rules."""

    code: str
    title: Text
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class StayLimit(Law):
    """How long one may stay: `term` with the day of entry as its first day.

    While all the steps of `extended_by` have good results, until the first of these ends if that is later, and
    then `extended` is the reason. The first limit that fits a person holds.
    """

    term: Term
    reason: Text
    extended_by: tuple[str, ...]
    extended: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Law):
    """What people of this audience should know beside their steps."""

    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """Everything of one jurisdiction. Of the rules of one step that fit a person, the first applies.

    The last of `kinds` takes everybody. `memo` is for what is computed from the book alone.
    """

    version: str
    jurisdiction: str
    calendar: WorkCalendar
    kinds: tuple[PathwayKind, ...]
    rules: tuple[Rule, ...]
    exemptions: tuple[Exemption, ...] = ()
    stays: tuple[StayLimit, ...] = ()
    notes: tuple[Note, ...] = ()
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
