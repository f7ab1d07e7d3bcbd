"""The person's documents. One that says who they are is nobody else's, and the newest of these is the current one."""

from dataclasses import replace
from uuid import UUID

from app.db.locks import lock_person, take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.domain.profiles.documents import GUESSES_A_DAY, MOST_IDENTIFYING, NEEDS, DocumentKind, DocumentStatus, Paper
from app.domain.profiles.mrz import Zone, parse
from app.domain.profiles.mrz_layout import MrzError
from app.errors import InvalidInput, NotFound
from services.audit.commands import record_change
from services.identity.codes import count_by_account
from services.profiles import repository
from services.profiles.commands import ensure_profile
from services.profiles.errors import DocumentIncomplete, DocumentKnown, InvalidZone, TooManyDocuments, TooManyGuesses
from services.profiles.standing import keep_consents_true


def read_zone(mrz: str, kind: DocumentKind) -> Zone:
    """InvalidZone names the part that does not hold."""
    try:
        zone = parse(mrz)
    except MrzError as error:
        raise InvalidZone(field=error.field, line=error.line, position=error.column) from None
    if zone.document_type[0] not in NEEDS[kind].letters:
        raise InvalidZone(field="document_type", line=1, position=1)
    return zone


def index_of(uow: Reading, kind: DocumentKind, paper: Paper) -> bytes | None:
    """The blind index by which the same document is found again."""
    return None if paper.key is None else uow.vault.blind_index(kind.value, paper.key)


async def put_passport(uow: Writing, person_id: UUID, mrz: str) -> None:
    """Makes this passport the person's current document; the same one again changes nothing."""
    await put_document(uow, person_id, DocumentKind.PASSPORT, Paper(), mrz)


async def put_document(
    uow: Writing,
    person_id: UUID,
    kind: DocumentKind,
    told: Paper,
    mrz: str | None,
    purpose: Purpose = Purpose.OWN_ACCESS,
) -> UUID:
    """Adds a document, or a new version of one that was given before. `told` is its printed page, `mrz` its zone.

    DocumentIncomplete lists what is missing; DocumentKnown when it says who somebody else is, TooManyGuesses after a
    few of these; TooManyDocuments when so many say who this person is.
    """
    if mrz is not None and not NEEDS[kind].letters:
        raise InvalidInput(field="mrz")
    paper = told if mrz is None else replace(told, zone=read_zone(mrz, kind))
    if missing := paper.missing(kind):
        raise DocumentIncomplete(missing=missing)
    await refuse_known(uow, person_id, kind, paper, purpose)
    await ensure_profile(uow, person_id)
    document_id, news = await _put(uow, person_id, kind, paper, purpose, zone_only=told == Paper())
    if NEEDS[kind].identifies:
        await _identify(uow, person_id, document_id, paper)
        await keep_consents_true(uow, person_id, purpose)
    action = "passport_given" if kind is DocumentKind.PASSPORT else "document_given"
    await record_change(uow, person_id, action, document=document_id, kind=kind.value, news=news)
    return document_id


async def refuse_known(
    uow: Writing, person_id: UUID | None, kind: DocumentKind, paper: Paper, purpose: Purpose = Purpose.OWN_ACCESS
) -> None:
    """DocumentKnown, which is counted: otherwise any account could try which numbers are known here. After a few in a
    day TooManyGuesses, whatever is given then. Before anything is written, and before anybody is locked: those who
    give one document take turns. `person_id`: whose it may be already, None for somebody who is new.
    """
    index = index_of(uow, kind, paper)
    if index is None or not NEEDS[kind].identifies:
        return
    await take_document(uow, index)
    owner = await repository.owner_of_document(uow, index)
    if owner is not None and owner == person_id:
        return
    if purpose is not Purpose.OWN_ACCESS or uow.caller is None:
        if owner is not None:
            raise DocumentKnown
        return
    if person_id is not None and await repository.identifying(uow, person_id, purpose) >= MOST_IDENTIFYING:
        raise TooManyDocuments(limit=MOST_IDENTIFYING)
    await count_guess(uow, uow.caller, told=owner is not None)
    if owner is not None:
        raise DocumentKnown


async def count_guess(uow: Writing, caller: Caller, *, told: bool) -> None:
    """An answer that tells whether a document is known, if it `told`. TooManyGuesses after a few in a day."""
    guesses = await count_by_account(uow, "documents-known", caller.account_id.bytes, by=int(told))
    if guesses.count - told >= GUESSES_A_DAY:
        raise TooManyGuesses(retry_after=max(1, round((guesses.until - uow.now).total_seconds())))


async def take_document(uow: Writing, index: bytes) -> None:
    """Commands about who has one document take turns, before anybody is locked."""
    await take_turn(uow, "document", int.from_bytes(index[:8], signed=True))


async def _put(
    uow: Writing, person_id: UUID, kind: DocumentKind, paper: Paper, purpose: Purpose, *, zone_only: bool
) -> tuple[UUID, str]:
    index = index_of(uow, kind, paper)
    row = await repository.document_row(uow, person_id, purpose, index=index) if index else None
    if row is None:
        return await repository.add_document(uow, person_id, kind, paper, index), "new"
    before = await repository.paper_of(uow, row)
    if before != paper and not (zone_only and before and before.zone == paper.zone):
        await repository.set_paper(uow, row, paper)
    if row.status != DocumentStatus.VALID:
        await repository.set_status(uow, row.id, DocumentStatus.VALID)
    return row.id, "again"


async def _identify(uow: Writing, person_id: UUID, document_id: UUID, paper: Paper) -> None:
    await repository.make_current(uow, person_id, document_id)
    if paper.citizenship is not None:
        await repository.update_profile(uow, person_id, citizenship=paper.citizenship)


async def end_document(uow: Writing, person_id: UUID, document_id: UUID, reason: str) -> None:
    """The document is lost, returned, replaced or run out: it stays in the list, and is current no more."""
    await lock_person(uow, person_id)
    row = await repository.document_row(uow, person_id, Purpose.OWN_ACCESS, document_id=document_id)
    if row is None:
        raise NotFound
    if row.status == DocumentStatus.ENDED:
        return
    await repository.set_status(uow, document_id, DocumentStatus.ENDED)
    await record_change(uow, person_id, "document_ended", document=document_id, reason=reason)


async def disown(uow: Writing, person_id: UUID, index: bytes) -> None:
    """The document is somebody else's, as a clerk saw: it stays as what was told here, and counts for nothing.

    With it goes the citizenship it stated, unless another document says who the person is.
    """
    row = await repository.document_row(uow, person_id, Purpose.IDENTITY_CHECK, index=index)
    if row is None:
        return
    was_current = row.current
    await repository.set_status(uow, row.id, DocumentStatus.DISOWNED)
    if was_current:
        held = await repository.documents(uow, person_id, Purpose.IDENTITY_CHECK)
        rest = [one for one in held if NEEDS[one.kind].identifies and one.status is DocumentStatus.VALID]
        newest = max(rest, key=lambda one: one.given_at, default=None)
        citizenship = newest.paper.citizenship if newest and newest.paper else None
        await repository.update_profile(uow, person_id, citizenship=citizenship)
        if newest:
            await repository.make_current(uow, person_id, newest.id)
        await keep_consents_true(uow, person_id, Purpose.IDENTITY_CHECK)
    await record_change(uow, person_id, "document_disowned", document=row.id)
