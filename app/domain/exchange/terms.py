"""What an agreement between agencies says, as data: which data of which people, what for, on what ground, how long.

What cannot be said here cannot be agreed: no place, no track, nothing of a deadline, and nobody by their citizenship.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class AgencyKind(StrEnum):
    """Whose workstation it is. An `authority` has no agreement: it is answered lawful requests, one case at a time."""

    MIGRATION = "migration"
    TAX = "tax"
    LABOUR = "labour"
    EDUCATION = "education"
    ADAPTATION = "adaptation"
    HEALTH = "health"
    AUTHORITY = "authority"


class ExchangePurpose(StrEnum):
    """What data are passed on for. One of them an agreement."""

    MIGRATION_REGISTRATION = "migration_registration"
    PATENT_ISSUE = "patent_issue"
    TAX_ACCOUNTING = "tax_accounting"
    EMPLOYMENT_SUPPORT = "employment_support"
    LABOUR_PROTECTION = "labour_protection"
    ENROLMENT = "enrolment"
    INTEGRATION_COURSES = "integration_courses"
    MEDICAL_EXAMINATION = "medical_examination"


PURPOSES: Mapping[AgencyKind, frozenset[ExchangePurpose]] = {
    AgencyKind.MIGRATION: frozenset({ExchangePurpose.MIGRATION_REGISTRATION, ExchangePurpose.PATENT_ISSUE}),
    AgencyKind.TAX: frozenset({ExchangePurpose.TAX_ACCOUNTING}),
    AgencyKind.LABOUR: frozenset({ExchangePurpose.EMPLOYMENT_SUPPORT, ExchangePurpose.LABOUR_PROTECTION}),
    AgencyKind.EDUCATION: frozenset({ExchangePurpose.ENROLMENT}),
    AgencyKind.ADAPTATION: frozenset({ExchangePurpose.INTEGRATION_COURSES}),
    AgencyKind.HEALTH: frozenset({ExchangePurpose.MEDICAL_EXAMINATION}),
    AgencyKind.AUTHORITY: frozenset(),
}
"""What each kind of agency may ask anything for: its own task and no other's."""


class Datum(StrEnum):
    """One field of an answer. `steps_done` tells what is done and until when it is good, never what is not done."""

    MIGRANT_ID = "migrant_id"
    NAME = "name"
    CYRILLIC_NAME = "cyrillic_name"
    BIRTH_DATE = "birth_date"
    CITIZENSHIP = "citizenship"
    DOCUMENT = "document"
    ENTRY = "entry"
    INN = "inn"
    SNILS = "snils"
    STEPS_DONE = "steps_done"
    EMAIL = "email"
    VISITS = "visits"


BY_CONSENT_ONLY = frozenset({Datum.EMAIL})
BY_REQUEST_ONLY = frozenset({Datum.VISITS})
"""In no agreement: where somebody was seen and when is passed on for one case at a time."""


class People(StrEnum):
    """Of whom: a declared kind of people, by what they have to do with the agency. There are no other kinds.

    `visited`: booked one of the services at one of the agency's points. `step_done`: did one of the steps.
    `consented`: consented to it.
    """

    VISITED = "visited"
    STEP_DONE = "step_done"
    CONSENTED = "consented"


class Way(StrEnum):
    """How data leave: one person at a time who is named exactly, a list, or files on a schedule."""

    SEARCH = "search"
    LIST = "list"
    FEED = "feed"


class Basis(StrEnum):
    LAW = "law"
    CONSENT = "consent"


LONGEST = timedelta(days=3 * 366)
"""No agreement is for good: somebody looks at it anew."""
MOST_RETENTION_DAYS = 5 * 366
MOST_HOURS = 24 * 31
MOST_CODES = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """`codes`: services of `visited`, steps of `step_done`. `steps`: those that `steps_done` tells of. `citation`: the
    article. `every_hours`: of a feed. `retention_days`: how long the agency keeps what it was given; files that wait
    here are deleted with it. In force from `valid_from` until `valid_to`, which is not in it.
    """

    fields: frozenset[Datum]
    people: People
    codes: tuple[str, ...]
    steps: tuple[str, ...]
    purpose: ExchangePurpose
    basis: Basis
    citation: str
    ways: frozenset[Way]
    every_hours: int | None
    retention_days: int
    valid_from: datetime
    valid_to: datetime


def faults(terms: Terms, kind: AgencyKind, now: datetime) -> list[str]:
    """The members that no agreement with such an agency may have; empty if there are none."""
    consent = terms.basis is Basis.CONSENT
    wrong = {
        "fields": not terms.fields
        or bool(terms.fields & BY_REQUEST_ONLY)
        or (bool(terms.fields & BY_CONSENT_ONLY) and not consent),
        "people": (terms.people is People.CONSENTED) != consent,
        "codes": bool(terms.codes) == (terms.people is People.CONSENTED) or len(terms.codes) > MOST_CODES,
        "steps": bool(terms.steps) != (Datum.STEPS_DONE in terms.fields) or len(terms.steps) > MOST_CODES,
        "purpose": terms.purpose not in PURPOSES[kind],
        "citation": not terms.citation.strip(),
        "ways": not terms.ways,
        "every_hours": (terms.every_hours is not None) != (Way.FEED in terms.ways)
        or not 1 <= (terms.every_hours or 1) <= MOST_HOURS,
        "retention_days": not 1 <= terms.retention_days <= MOST_RETENTION_DAYS,
        "valid_to": not max(now, terms.valid_from) < terms.valid_to <= terms.valid_from + LONGEST,
    }
    return [member for member, is_wrong in wrong.items() if is_wrong]
