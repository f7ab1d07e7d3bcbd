"""Wire types of companies, vacancies, cards, work profiles and requests."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.employers.companies import CompanyNumberKind, CompanyStatus
from app.domain.employers.profile import MOST_OCCUPATIONS, MOST_SAID, WorkProfile
from app.domain.employers.requests import CardStatus, Seen
from app.domain.employers.skills import CERTIFICATES, SKILLS
from app.domain.employers.vacancies import VacancyStatus
from app.domain.matching.terms import About, Band, Level, Match, Shift, Why, Worked
from app.models.employers import VacancyRow
from routers.employers.postings import JobPosting, LanguageTag, LevelName, OccupationCode, posting_out
from routers.schemas import In, Out
from services.employers.cells import is_chosen_cell
from services.employers.companies import CompanyView
from services.employers.lists import Candidate, Suited
from services.employers.postings import load_posting
from services.employers.profiles import OwnWork
from services.employers.requests import OwnRequest

_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_MOST_YEARS = 60


class ContactIn(In):
    """Whom the region's operator writes to."""

    name: Annotated[str, Field(min_length=1, max_length=150)]
    email: Annotated[str, Field(pattern=_EMAIL, max_length=200)]
    phone: Annotated[str, Field(max_length=20, examples=["+79001234567"])]


class CompanyIn(In):
    """`number`: INN of Russia, 10 or 12 digits; BIN of Kazakhstan, 12. Its check digits have to match."""

    number_kind: CompanyNumberKind
    number: Annotated[str, Field(min_length=10, max_length=20, examples=["7707083893"])]
    name_ru: Annotated[str, Field(min_length=1, max_length=200)]
    name_en: Annotated[str, Field(min_length=1, max_length=200)]
    contact: ContactIn


class CompanyMade(Out):
    id: UUID
    status: CompanyStatus


class CompanyOut(Out):
    """`name` by language. An approved company is an organisation of the same id, whose staff can be invited."""

    id: UUID
    number_kind: CompanyNumberKind
    number: str
    name: dict[str, str]
    contact: ContactIn
    status: CompanyStatus
    applied_at: datetime
    decided_at: datetime | None
    reason: str | None


class CompanyPage(Out):
    items: list[CompanyOut]
    next: str | None


class ReasonIn(In):
    reason: Annotated[str, Field(min_length=3, max_length=500)]


class OwnCompany(Out):
    id: UUID
    number_kind: CompanyNumberKind
    number: str
    name: dict[str, str]


def company_out(view: CompanyView) -> CompanyOut:
    company, contact = view.company, view.contact
    return CompanyOut(
        id=company.id,
        number_kind=CompanyNumberKind(company.number_kind),
        number=company.number,
        name=company.name,
        contact=ContactIn(name=contact.name, email=contact.email, phone=contact.phone),
        status=CompanyStatus(company.status),
        applied_at=company.applied_at,
        decided_at=company.decided_at,
        reason=company.reason,
    )


class VacancyChange(In):
    """`version` is the one that was seen."""

    version: Annotated[int, Field(ge=1)]
    posting: JobPosting


class VacancyOut(Out):
    id: UUID
    status: VacancyStatus
    version: int
    posting: JobPosting
    created_at: datetime
    date_posted: datetime | None
    closed_at: datetime | None


class VacancyPage(Out):
    items: list[VacancyOut]
    next: str | None


def vacancy_out(row: VacancyRow) -> VacancyOut:
    return VacancyOut(
        id=row.id,
        status=VacancyStatus(row.status),
        version=row.version,
        posting=posting_out(load_posting(row.posting)),
        created_at=row.created_at,
        date_posted=row.published_at,
        closed_at=row.closed_at,
    )


class PartOut(Out):
    """`points` of at most `most`, and why. `has` and `lacks`: of what the vacancy asks for."""

    about: About
    points: int
    most: int
    why: Why
    has: list[str]
    lacks: list[str]
    band: Band | None
    spare_weeks: int | None


class MatchOut(Out):
    """`score`, 0 to 100, is the sum of the parts' points."""

    score: int
    parts: list[PartOut]


def match_out(match: Match) -> MatchOut:
    parts = [
        PartOut(
            about=part.about,
            points=part.points,
            most=part.most,
            why=part.why,
            has=list(part.has),
            lacks=list(part.lacks),
            band=part.band,
            spare_weeks=part.spare,
        )
        for part in match.parts
    ]
    return MatchOut(score=match.score, parts=parts)


class WorkedBody(In):
    """Work that was learned or done: ISCO-08 unit group, and whole years of it."""

    occupation: OccupationCode
    years: Annotated[int, Field(ge=0, le=_MOST_YEARS, strict=True)] = 0


class AllowedOut(Out):
    """From when they may work: now, or as expected on `since`, so many per cent sure."""

    now: bool
    since: date | None
    sure: int


class CardOut(Out):
    """Somebody who fits, and agrees to be found. Nothing here names them; `id` is for this vacancy alone. `years` stop
    at ten. `request`: None until their contacts are asked for.
    """

    id: UUID
    worked: list[WorkedBody]
    skills: list[str]
    certificates: list[str]
    shifts: list[Shift]
    allowed: AllowedOut
    match: MatchOut
    suggested: bool
    request: Seen | None


class CardList(Out):
    items: list[CardOut]


def card_out(one: Candidate, today: date) -> CardOut:
    worker, may = one.worker, one.worker.may_work
    now = may.since is not None and may.since <= today
    return CardOut(
        id=one.card_id,
        worked=[WorkedBody(occupation=each.occupation, years=each.years) for each in worker.worked],
        skills=sorted(worker.skills & SKILLS.keys()),
        certificates=sorted(worker.skills & CERTIFICATES.keys()),
        shifts=sorted(worker.shifts),
        allowed=AllowedOut(now=now, since=None if now else may.since, sure=may.sure),
        match=match_out(one.match),
        suggested=one.suggested,
        request=one.state,
    )


class ContactRequestOut(Out):
    """`state`: `waiting` until there is a yes, or its time is over. Nothing tells a no from no answer."""

    card_id: UUID
    vacancy_id: UUID
    title: str
    asked_at: datetime
    expires_at: datetime
    state: Seen


class ContactRequestPage(Out):
    items: list[ContactRequestOut]
    next: str | None


class ContactOut(Out):
    """For this vacancy, while the person agrees to it."""

    name: str | None
    cyrillic_name: str | None
    phone: str | None
    email: str | None


def _cell(name: str | None) -> str | None:
    if name is not None and not is_chosen_cell(name):
        raise ValueError("an H3 cell of resolution 4 to 7")
    return name


def _skill(code: str) -> str:
    if code not in SKILLS:
        raise ValueError("a skill of GET /v1/work-terms")
    return code


def _certificate(code: str) -> str:
    if code not in CERTIFICATES:
        raise ValueError("a certificate of GET /v1/work-terms")
    return code


_Skill = Annotated[str, AfterValidator(_skill), Field(max_length=40)]
_Certificate = Annotated[str, AfterValidator(_certificate), Field(max_length=40)]


class SpokenBody(In):
    language: LanguageTag
    level: LevelName


class WorkProfileBody(In):
    """Codes and numbers only: `skills` and `certificates` of `GET /v1/work-terms`, occupations of ISCO-08. `place`: an
    H3 cell of resolution 4 to 7, made on the phone: a part of a town to a district. `permitted`: the occupations that
    the work permit names, if it names any.
    """

    worked: Annotated[list[WorkedBody], Field(max_length=MOST_OCCUPATIONS, default_factory=list)]
    skills: Annotated[list[_Skill], Field(max_length=MOST_SAID, default_factory=list)]
    certificates: Annotated[list[_Certificate], Field(max_length=MOST_SAID, default_factory=list)]
    place: Annotated[str | None, AfterValidator(_cell), Field(max_length=16, examples=["8711aa7adffffff"])] = None
    shifts: Annotated[list[Shift], Field(max_length=5, default_factory=list)]
    wishes: Annotated[list[OccupationCode], Field(max_length=MOST_OCCUPATIONS, default_factory=list)]
    languages: Annotated[list[SpokenBody], Field(max_length=10, default_factory=list)]
    permitted: Annotated[list[OccupationCode], Field(max_length=MOST_OCCUPATIONS, default_factory=list)]

    def told(self) -> WorkProfile:
        return WorkProfile(
            worked=tuple(Worked(each.occupation, each.years) for each in self.worked),
            skills=tuple(dict.fromkeys(self.skills)),
            certificates=tuple(dict.fromkeys(self.certificates)),
            place=self.place,
            shifts=tuple(dict.fromkeys(self.shifts)),
            wishes=tuple(dict.fromkeys(self.wishes)),
            languages=tuple({each.language: Level[each.level] for each in self.languages}.items()),
            permitted=tuple(dict.fromkeys(self.permitted)),
        )


class WorkProfileOut(Out):
    """`visible`: whether employers find it. `allowed`: None where nothing says that they may work for a company."""

    profile: WorkProfileBody
    visible: bool
    allowed: AllowedOut | None
    allowed_until: date | None


def work_out(work: OwnWork, today: date) -> WorkProfileOut:
    profile, right = work.profile, work.allowed
    now = right.since is not None and right.since <= today
    body = WorkProfileBody(
        worked=[WorkedBody(occupation=each.occupation, years=each.years) for each in profile.worked],
        skills=list(profile.skills),
        certificates=list(profile.certificates),
        place=profile.place,
        shifts=list(profile.shifts),
        wishes=list(profile.wishes),
        languages=[
            SpokenBody.model_validate({"language": tag, "level": level.name}) for tag, level in profile.languages
        ],
        permitted=list(profile.permitted),
    )
    told = None if right.since is None else AllowedOut(now=now, since=right.since, sure=right.sure)
    return WorkProfileOut(profile=body, visible=work.visible, allowed=told, allowed_until=right.until)


class SuitedOut(Out):
    """`company` by language."""

    id: UUID
    company: dict[str, str]
    posting: JobPosting
    match: MatchOut


class SuitedList(Out):
    items: list[SuitedOut]


def suited_out(one: Suited) -> SuitedOut:
    return SuitedOut(id=one.row.id, company=one.company, posting=posting_out(one.posting), match=match_out(one.match))


class OwnRequestOut(Out):
    """`open`: a yes or a no still counts. A yes answers the notice whose scope is `vacancy_id` (`GET
    /v1/me/consents/notices`), and can be withdrawn like any consent.
    """

    id: UUID
    vacancy_id: UUID
    company: dict[str, str]
    posting: JobPosting
    status: CardStatus
    asked_at: datetime
    expires_at: datetime
    open: bool


class OwnRequestList(Out):
    items: list[OwnRequestOut]


def own_request_out(one: OwnRequest) -> OwnRequestOut:
    card = one.card
    return OwnRequestOut(
        id=card.id,
        vacancy_id=card.vacancy_id,
        company=one.company,
        posting=posting_out(load_posting(one.row.posting)),
        status=CardStatus(card.status),
        asked_at=card.asked_at or card.shown_at,
        expires_at=card.expires_at or card.shown_at,
        open=one.open,
    )


class YesOut(Out):
    """The consent, whose receipt is at `GET /v1/me/consents/{id}/receipt`."""

    consent_id: UUID


class Named(Out):
    """`name` by language."""

    code: str
    name: dict[str, str]


class WorkTerms(Out):
    """What work profiles and vacancies are made of."""

    occupations: list[Named]
    skills: list[Named]
    certificates: list[Named]
    shifts: list[Shift]
    levels: list[str]
