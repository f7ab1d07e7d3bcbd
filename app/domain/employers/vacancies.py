"""A vacancy's states and terms: those of schema.org JobPosting, and what matching makes of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.matching.terms import Cell, LanguageNeed, Level, Shift, Vacancy
from app.domain.points.geo import Coordinates

LONGEST = timedelta(days=180)
"""No vacancy stands longer without being published anew."""


class VacancyStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class Employment(StrEnum):
    """schema.org employmentType, as job boards write it."""

    FULL_TIME = "FULL_TIME"
    PART_TIME = "PART_TIME"
    TEMPORARY = "TEMPORARY"
    INTERN = "INTERN"


class PayUnit(StrEnum):
    """schema.org unitText of a salary."""

    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


@dataclass(frozen=True, slots=True)
class Pay:
    """baseSalary: `least` and `most` in whole `currency` (ISO 4217) for each `unit`."""

    currency: str
    least: int
    most: int | None
    unit: PayUnit


@dataclass(frozen=True, slots=True)
class AskedLanguage:
    """`language`: BCP 47. `reason`: why the work needs it; a draft may lack it, what is published may not."""

    language: str
    level: Level
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """What an employer writes. `occupation`: ISCO-08 unit group; `skills`: codes of `app.domain.employers.skills`."""

    title: str
    description: str
    occupation: str
    place: Coordinates
    locality: str
    employment: Employment
    shifts: tuple[Shift, ...]
    pay: Pay
    start: date
    valid_through: date
    openings: int = 1
    skills: tuple[str, ...] = ()
    years: int = 0
    languages: tuple[AskedLanguage, ...] = ()

    def texts(self) -> dict[str, str]:
        """What an employer has written freely, by where it stands: all of it is read before it is published."""
        said = {"title": self.title, "description": self.description, "jobLocation": self.locality}
        reasons = {f"languages.{number}.reason": each.reason for number, each in enumerate(self.languages)}
        return said | {where: text for where, text in reasons.items() if text}

    def without_reason(self) -> list[str]:
        """Languages that are asked for, and nobody says what for."""
        return [each.language for each in self.languages if not each.reason.strip()]

    def asked(self, vacancy_id: UUID) -> Vacancy:
        """What matching knows of it. ValueError while a language has no reason."""
        return Vacancy(
            id=vacancy_id,
            occupation=self.occupation,
            start=self.start,
            openings=self.openings,
            skills=frozenset(self.skills),
            years=self.years,
            cell=Cell.of(self.place),
            shifts=frozenset(self.shifts),
            languages=tuple(LanguageNeed(each.language, each.level, each.reason) for each in self.languages),
        )


def dates_wrong(posting: Posting, today: date) -> str | None:
    """Which date cannot be: one that is over, or too far ahead."""
    if not today <= posting.valid_through <= today + LONGEST:
        return "validThrough"
    return None if today <= posting.start <= today + 2 * LONGEST else "jobStartDate"
