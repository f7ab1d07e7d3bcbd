"""A vacancy on the wire: schema.org JobPosting, by the names that it has there."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.domain.employers.skills import KNOWN
from app.domain.employers.vacancies import AskedLanguage, Employment, Pay, PayUnit, Posting
from app.domain.matching.occupations import OCCUPATIONS
from app.domain.matching.terms import MOST_SKILLS, MOST_YEARS, Level, Shift


def _occupation(code: str) -> str:
    if code not in OCCUPATIONS:
        raise ValueError("a unit group of ISCO-08: four digits")
    return code


def _skill(code: str) -> str:
    if code not in KNOWN:
        raise ValueError("a code of GET /v1/work-terms")
    return code


OccupationCode = Annotated[str, AfterValidator(_occupation), Field(examples=["7212"], max_length=4)]
SkillCode = Annotated[str, AfterValidator(_skill), Field(examples=["arc_welding"], max_length=40)]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$", examples=["ru"])]
LevelName = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
_MONTHS = 12


class Term(BaseModel):
    """Members are written as schema.org has them; unknown ones are refused."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        alias_generator=to_camel,
        validate_by_name=True,
        serialize_by_alias=True,
    )


class GeoCoordinates(Term):
    """Degrees (WGS 84)."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class PostalAddress(Term):
    address_locality: Annotated[str, Field(min_length=1, max_length=120, examples=["Казань"])]


class Place(Term):
    geo: GeoCoordinates
    address: PostalAddress


class QuantitativeValue(Term):
    min_value: Annotated[int, Field(ge=1, le=100_000_000)]
    max_value: Annotated[int | None, Field(ge=1, le=100_000_000)] = None
    unit_text: PayUnit = PayUnit.MONTH


class MonetaryAmount(Term):
    """`currency`: ISO 4217."""

    currency: Literal["RUB", "KZT"]
    value: QuantitativeValue


class Experience(Term):
    """Experience in such work; years are counted whole."""

    months_of_experience: Annotated[int, Field(ge=0, le=MOST_YEARS * _MONTHS)]


class LanguageRequirement(Term):
    """A language that the work needs, at least so well (Council of Europe's scale), and what for. Without a `reason`
    the vacancy is not published.
    """

    language: LanguageTag
    level: LevelName
    reason: Annotated[str, Field(max_length=500)] = ""


class JobPosting(Term):
    """`occupationalCategory`: ISCO-08 unit group. `workHours`: the shifts in any one of which the work is done.
    `languageRequirements` is ours: schema.org has no term for it.
    """

    title: Annotated[str, Field(min_length=3, max_length=150)]
    description: Annotated[str, Field(min_length=10, max_length=8000)]
    occupational_category: OccupationCode
    skills: Annotated[list[SkillCode], Field(max_length=MOST_SKILLS, default_factory=list)]
    job_location: Place
    employment_type: Employment = Employment.FULL_TIME
    work_hours: Annotated[list[Shift], Field(min_length=1, max_length=5)]
    base_salary: MonetaryAmount
    valid_through: date
    job_start_date: date
    total_job_openings: Annotated[int, Field(ge=1, le=1000)] = 1
    experience_requirements: Experience = Experience(months_of_experience=0)
    language_requirements: Annotated[list[LanguageRequirement], Field(max_length=5, default_factory=list)]

    def told(self) -> Posting:
        """As the domain has it."""
        place, pay = self.job_location, self.base_salary
        return Posting(
            title=self.title,
            description=self.description,
            occupation=self.occupational_category,
            place=(place.geo.latitude, place.geo.longitude),
            locality=place.address.address_locality,
            employment=self.employment_type,
            shifts=tuple(dict.fromkeys(self.work_hours)),
            pay=Pay(pay.currency, pay.value.min_value, pay.value.max_value, pay.value.unit_text),
            start=self.job_start_date,
            valid_through=self.valid_through,
            openings=self.total_job_openings,
            skills=tuple(dict.fromkeys(self.skills)),
            years=self.experience_requirements.months_of_experience // _MONTHS,
            languages=tuple(AskedLanguage(n.language, Level[n.level], n.reason) for n in self.language_requirements),
        )


def posting_out(posting: Posting) -> JobPosting:
    lat, lon = posting.place
    pay = posting.pay
    return JobPosting(
        title=posting.title,
        description=posting.description,
        occupational_category=posting.occupation,
        skills=list(posting.skills),
        job_location=Place(
            geo=GeoCoordinates(latitude=lat, longitude=lon), address=PostalAddress(address_locality=posting.locality)
        ),
        employment_type=posting.employment,
        work_hours=list(posting.shifts),
        base_salary=MonetaryAmount.model_validate(
            {
                "currency": pay.currency,
                "value": {"min_value": pay.least, "max_value": pay.most, "unit_text": pay.unit},
            }
        ),
        valid_through=posting.valid_through,
        job_start_date=posting.start,
        total_job_openings=posting.openings,
        experience_requirements=Experience(months_of_experience=posting.years * _MONTHS),
        language_requirements=[
            LanguageRequirement.model_validate(
                {"language": each.language, "level": each.level.name, "reason": each.reason}
            )
            for each in posting.languages
        ],
    )
