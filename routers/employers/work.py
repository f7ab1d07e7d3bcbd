"""Wire types of a person's work: what they say of it, what fits them, and what employers ask."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.employers.profile import MOST_OCCUPATIONS, MOST_SAID, WorkProfile
from app.domain.employers.requests import CardStatus
from app.domain.employers.skills import CERTIFICATES, SKILLS
from app.domain.matching.terms import Level, Shift, Worked
from routers.employers.cards import AllowedOut, MatchOut, WorkedBody, match_out
from routers.employers.postings import JobPosting, LanguageTag, LevelName, OccupationCode, posting_out
from routers.schemas import In, Out
from services.employers.cells import is_chosen_cell
from services.employers.lists import Suited
from services.employers.postings import load_posting
from services.employers.profiles import OwnWork
from services.employers.requests import OwnRequest


def _cell(name: str) -> str:
    if not is_chosen_cell(name):
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
_Cell = Annotated[str, Field(max_length=16, examples=["8711aa7adffffff"]), AfterValidator(_cell)]
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
    place: _Cell | None = None
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
