"""The person's documents, names, numbers and contacts."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from app.domain.audit.purpose import Purpose
from app.domain.profiles.birth import BirthDate
from app.domain.profiles.documents import DocumentKind, DocumentStatus, Paper
from app.domain.profiles.names import NameSource
from app.domain.profiles.numbers import NumberKind
from app.errors import NotFound
from routers.deps import Migrant, ReadingUow, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.profiles.schemas import BirthIn, BirthOut, ZoneOut, zone_out
from routers.schemas import In, Out
from services.identity.errors import InvalidPhone
from services.profiles import details, documents, queries
from services.profiles.errors import (
    BirthNotPlausible,
    DocumentIncomplete,
    DocumentKnown,
    InvalidZone,
    NameRefused,
    NumberRefused,
    TooManyDocuments,
    TooManyGuesses,
)
from services.profiles.sealing import Document

router = APIRouter(prefix="/v1/me", tags=["profile"], route_class=KeepingRoute)
State = Field(None, pattern="^[A-Z]{1,3}$", description="a code of ICAO 9303-3 section 5")


class DocumentIn(In):
    """What a document says. `mrz`: its machine-readable lines; the rest is what the printed page says beside them.

    `issuer` is a state's code, `authority` the office in words. Differences of the two are flagged and not refused.
    """

    kind: DocumentKind
    mrz: str | None = Field(None, max_length=200)
    issuer: str | None = State
    series: str | None = Field(None, min_length=1, max_length=20)
    number: str | None = Field(None, min_length=1, max_length=40, pattern=r"\w")
    authority: str | None = Field(None, min_length=1, max_length=200)
    nationality: str | None = State
    birth: BirthIn | None = None
    issued_on: date | None = None
    expires_on: date | None = None


class EndIn(In):
    reason: Literal["lost", "stolen", "returned", "replaced", "expired"]


class DocumentOut(Out):
    """`status`: *valid*, or *ended* by the person. `flags` are those of the profile, for this document."""

    id: UUID
    kind: DocumentKind
    status: DocumentStatus
    current: bool
    given_at: datetime
    zone: ZoneOut | None
    issuer: str | None
    series: str | None
    number: str | None
    authority: str | None
    nationality: str | None
    birth: BirthOut | None
    issued_on: date | None
    expires_on: date | None
    flags: list[str]


class DocumentList(Out):
    items: list[DocumentOut]


class NameIn(In):
    """Only the names there are, as the source writes them. `document_id`: the own document that shows it."""

    surname: str | None = Field(None, min_length=1, max_length=100)
    given_names: str | None = Field(None, min_length=1, max_length=100)
    patronymic: str | None = Field(None, min_length=1, max_length=100)
    document_id: UUID | None = None


class NameOut(Out):
    source: NameSource
    surname: str | None
    given_names: str | None
    patronymic: str | None
    document_id: UUID | None


class NameList(Out):
    items: list[NameOut]


class NumberIn(In):
    number: str = Field(min_length=11, max_length=20)


class NumberOut(Out):
    """`flags`: `number_elsewhere` when another profile has it too: one of the two was told wrong."""

    kind: NumberKind
    number: str
    flags: list[str]


class NumberList(Out):
    items: list[NumberOut]


class Contacts(In):
    """How to reach the person; what is left out is told no more. `emergency_phone` with its country code."""

    address: str | None = Field(None, min_length=1, max_length=300)
    email: str | None = Field(None, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    messenger: str | None = Field(None, min_length=1, max_length=100)
    emergency_name: str | None = Field(None, min_length=1, max_length=200)
    emergency_phone: str | None = Field(None, min_length=1, max_length=30)


@router.get("/documents", responses=problems())
async def own_documents(uow: ReadingUow, caller: Migrant) -> DocumentList:
    """The person's documents, the current identity document first."""
    found = await queries.own_documents(uow, caller.person)
    return DocumentList(items=[_document_out(held, flags) for held, flags in found])


@router.post(
    "/documents",
    status_code=status.HTTP_201_CREATED,
    responses=problems(
        InvalidZone, DocumentIncomplete, DocumentKnown, TooManyGuesses, TooManyDocuments, BirthNotPlausible
    ),
)
async def give_document(body: DocumentIn, uow: WritingUow, caller: Migrant) -> DocumentList:
    """Adds a document, or a new version of it. One that says who a person is becomes the current one."""
    paper = Paper(**body.model_dump(exclude={"kind", "mrz", "birth"}), birth=_birth(body.birth))
    await documents.put_document(uow, caller.person, body.kind, paper, body.mrz)
    found = await queries.own_documents(uow, caller.person)
    return DocumentList(items=[_document_out(held, flags) for held, flags in found])


@router.post("/documents/{document_id}/end", responses=problems(NotFound))
async def end_document(document_id: UUID, body: EndIn, uow: WritingUow, caller: Migrant) -> DocumentList:
    """Says that a document is good no more. It stays the person's, and nobody else can give it."""
    await documents.end_document(uow, caller.person, document_id, body.reason)
    found = await queries.own_documents(uow, caller.person)
    return DocumentList(items=[_document_out(held, flags) for held, flags in found])


@router.get("/names", responses=problems())
async def own_names(uow: ReadingUow, caller: Migrant) -> NameList:
    """The person's name as each source writes it; none is made from another."""
    return await _names(uow, caller.person)


@router.put("/names/{source}", responses=problems(NotFound, NameRefused))
async def give_name(source: NameSource, body: NameIn, uow: WritingUow, caller: Migrant) -> NameList:
    """The name as printed in Latin letters, or translated into Cyrillic. The zone's comes with the document."""
    parts = body.model_dump(exclude={"document_id"})
    await details.put_name(uow, caller.person, source, parts, body.document_id)
    return await _names(uow, caller.person)


@router.get("/numbers", responses=problems())
async def own_numbers(uow: ReadingUow, caller: Migrant) -> NumberList:
    """The numbers that offices gave the person."""
    return await _numbers(uow, caller.person)


@router.put("/numbers/{kind}", responses=problems(NumberRefused))
async def give_number(kind: NumberKind, body: NumberIn, uow: WritingUow, caller: Migrant) -> NumberList:
    """Takes a number and checks its digits."""
    await details.put_number(uow, caller.person, kind, body.number)
    return await _numbers(uow, caller.person)


@router.get("/contacts", responses=problems())
async def own_contacts(uow: ReadingUow, caller: Migrant) -> Contacts:
    """How the person said they can be reached."""
    return Contacts(**await queries.own_contacts(uow, caller.person))


@router.put("/contacts", responses=problems(InvalidPhone))
async def give_contacts(body: Contacts, uow: WritingUow, caller: Migrant) -> Contacts:
    """Takes all contacts at once."""
    await details.put_contacts(uow, caller.person, body.model_dump())
    return Contacts(**await queries.own_contacts(uow, caller.person))


def _birth(body: BirthIn | None) -> BirthDate | None:
    try:
        return BirthDate(**dict(body)) if body else None
    except ValueError:
        raise BirthNotPlausible from None


def _document_out(held: Document, flags: list[str]) -> DocumentOut:
    paper = held.paper or Paper()
    return DocumentOut(
        id=held.id,
        kind=held.kind,
        status=held.status,
        current=held.current,
        given_at=held.given_at,
        zone=zone_out(paper.zone) if paper.zone else None,
        issuer=paper.issuer,
        series=paper.series,
        number=paper.number,
        authority=paper.authority,
        nationality=paper.nationality,
        birth=BirthOut.model_validate(paper.birth) if paper.birth else None,
        issued_on=paper.issued_on,
        expires_on=paper.expires_on,
        flags=flags,
    )


async def _names(uow: ReadingUow, person_id: UUID) -> NameList:
    found = await queries.names_of(uow, person_id, Purpose.OWN_ACCESS)
    items = [
        NameOut(
            source=source,
            surname=view.name.surname,
            given_names=view.name.given_names,
            patronymic=view.name.patronymic,
            document_id=view.document_id,
        )
        for source, view in found.items()
    ]
    return NameList(items=items)


async def _numbers(uow: ReadingUow, person_id: UUID) -> NumberList:
    found = await queries.own_numbers(uow, person_id)
    return NumberList(items=[NumberOut(kind=kind, number=v.number, flags=v.flags) for kind, v in found.items()])
