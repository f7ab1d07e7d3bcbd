"""Two accounts gave one document. Its holder, or a clerk with the document in hand, says whose it is.

Either the two are one person, and everything becomes that of the older profile; or the document moves to whoever
showed it. A first claim never locks the owner out, and nobody is told anything about the other side.
"""

import hmac
import secrets
from enum import StrEnum
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.consent import Reason
from app.domain.identity.caller import Caller
from app.domain.profiles.documents import DocumentKind, Paper
from app.domain.profiles.merging import CASE_LIVES, CODE_TRIES, OPEN_CASES, MergeStatus, make_code, read_code
from app.errors import NotFound
from app.models.identity import Account
from app.models.merges import MergeCase
from services.audit.access import account_for
from services.audit.commands import record_change
from services.bookings.upkeep import move_bookings
from services.consents.upkeep import end_all
from services.family.commands import move_links
from services.identity import wards
from services.identity.accounts import lock_person_accounts
from services.identity.devices import trusted_device
from services.merges import repository
from services.merges.errors import (
    CaseClosed,
    DocumentFree,
    OtherDocument,
    TooManyCases,
    VisitsClash,
    WrongCaseCode,
)
from services.numbers.commands import drop_waiting
from services.pathways.commands import move_events
from services.profiles.commands import absorb
from services.profiles.documents import count_guess, disown, index_of, put_document, read_zone, take_document
from services.profiles.queries import owner_of_document
from services.profiles.standing import keep_consents_true


class Decision(StrEnum):
    """What a clerk finds out: whether the visitor made the other profile as well."""

    SAME_PERSON = "same_person"
    OTHER_PERSON = "other_person"


async def open_case(uow: Writing, caller: Caller, kind: DocumentKind, mrz: str) -> MergeCase:
    """Asks for a document that another profile has. Asked again it is the same case, even when it was rejected.

    DocumentFree when no other has it, TooManyCases beyond a few: both tell whether somebody has it, so that they are
    counted with the other answers that do. TooManyGuesses.
    """
    claimant, index = caller.person, _index(uow, kind, mrz)
    asked = await repository.cases(uow, claimant, Purpose.OWN_ACCESS)
    if not any(one.claimant_id == claimant and one.number_index == index for one in asked):
        await count_guess(uow, caller, told=True)
    holder = await owner_of_document(uow, index)
    if holder is None or holder == claimant:
        raise DocumentFree
    await _lock(uow, claimant, holder)
    if await owner_of_document(uow, index) != holder:
        raise DocumentFree  # it moved while we waited: look again
    mine = [case for case in await repository.cases(uow, claimant, Purpose.OWN_ACCESS) if case.claimant_id == claimant]
    for case in mine:
        if case.number_index == index and case.status in {MergeStatus.PENDING, MergeStatus.REJECTED}:
            if case.expires_at > uow.now:
                return case
            case.status, case.decided_at = MergeStatus.PENDING, None
            case.code, case.tries, case.holder_id = make_code(secrets.token_bytes(5)), 0, holder
            case.opened_at, case.expires_at = uow.now, uow.now + CASE_LIVES
            break
    else:
        if sum(one.status == MergeStatus.PENDING and one.expires_at > uow.now for one in mine) >= OPEN_CASES:
            raise TooManyCases(limit=OPEN_CASES)
        code = make_code(secrets.token_bytes(5))
        case = repository.add(uow, claimant, holder, index, code, uow.now + CASE_LIVES)
    await uow.session.flush()
    for person_id, action in sorted(((claimant, "merge_asked"), (holder, "document_claimed"))):
        await record_change(uow, person_id, action, case=case.id)
    return case


async def accept(uow: Writing, caller: Caller, case_id: UUID, code: str) -> None:
    """The holder says: it is me, on another phone; `code` is what that phone shows. Both phones serve one person.

    DeviceTooNew: whoever holds only the SIM gives nobody's profile away.
    """
    holder = caller.person
    case = await _asked(uow, holder, case_id)
    await trusted_device(uow, caller)
    if case.tries >= CODE_TRIES or not hmac.compare_digest(read_code(code).encode(), case.code.encode()):
        case.tries = min(case.tries + 1, CODE_TRIES)
        await uow.session.flush()
        raise WrongCaseCode
    await _look_at(uow, holder, case.claimant_id)
    await _join(uow, holder, case.claimant_id, case)


async def reject(uow: Writing, holder: UUID, case_id: UUID) -> None:
    """The holder says: it is not me. Both logs keep it; with the document in hand a clerk can still decide."""
    case = await _asked(uow, holder, case_id)
    case.status, case.decided_at = MergeStatus.REJECTED, uow.now
    await uow.session.flush()
    for person_id in sorted((case.claimant_id, holder)):
        await record_change(uow, person_id, "merge_rejected", case=case.id)


async def decide(uow: Writing, clerk: Caller, code: str, kind: DocumentKind, mrz: str, decision: Decision) -> MergeCase:
    """A clerk's word, with the document in hand: `mrz` is read from it there.

    The same person: the profile is the visitor's from now on, and whoever signed in to it before is not any more.
    Another person: the document leaves the profile that had it. OtherDocument when it is not the one asked for.
    """
    found = await repository.parties(uow, read_code(code))
    if found is None:
        raise NotFound
    claimant, holder = found
    index = _index(uow, kind, mrz)
    await take_document(uow, index)
    await _lock(uow, claimant, holder)
    held = await _look_at(uow, claimant, holder)
    cases = await repository.cases(uow, claimant, Purpose.IDENTITY_CHECK)
    case = next((one for one in cases if one.code == read_code(code)), None)
    if case is None or (case.claimant_id, case.holder_id) != (claimant, holder):
        raise CaseClosed
    if case.status not in {MergeStatus.PENDING, MergeStatus.REJECTED} or case.expires_at <= uow.now:
        raise CaseClosed
    if index != case.number_index:
        raise OtherDocument
    if decision is Decision.SAME_PERSON:
        await drop_waiting(uow, [account for account in held if account.person_id == holder])
        await wards.cut_off(uow, holder)
        await _join(uow, holder, claimant, case)
    else:
        case.status, case.decided_at = MergeStatus.MOVED, uow.now
        await uow.session.flush()
        await disown(uow, holder, index)
        await put_document(uow, claimant, kind, Paper(), mrz, Purpose.IDENTITY_CHECK)
        await record_change(uow, claimant, "document_moved", actor=clerk, case=case.id)
    return case


async def _join(uow: Writing, first: UUID, second: UUID, case: MergeCase) -> None:
    """Both are locked. All of the second becomes the first's but the log, which is chained to the second for good."""
    case.status, case.decided_at = MergeStatus.JOINED, uow.now
    await uow.session.flush()
    if not await move_bookings(uow, second, first):
        raise VisitsClash
    await end_all(uow, second, Reason.MERGED)
    await absorb(uow, first, second)
    await keep_consents_true(uow, first, Purpose.IDENTITY_CHECK)
    await move_links(uow, second, first)
    await move_events(uow, second, first)
    await repository.move(uow, second, first)
    await drop_waiting(uow, await lock_person_accounts(uow, second))
    await wards.move_accounts(uow, second, first)
    await wards.mark_merged(uow, second, first)
    for person_id, other in sorted(((first, second), (second, first))):
        await record_change(uow, person_id, "joined", case=case.id, other=other)


async def _asked(uow: Writing, holder: UUID, case_id: UUID) -> MergeCase:
    """A case that waits for this holder, with both its persons locked."""
    case = await _held(uow, holder, case_id)
    await _lock(uow, case.claimant_id, holder)
    case = await _held(uow, holder, case_id)
    if case.status != MergeStatus.PENDING or case.expires_at <= uow.now:
        raise CaseClosed
    return case


async def _held(uow: Writing, holder: UUID, case_id: UUID) -> MergeCase:
    for case in await repository.cases(uow, holder, Purpose.OWN_ACCESS):
        if case.id == case_id and case.holder_id == holder:
            return case
    raise NotFound


async def _lock(uow: Writing, *persons: UUID) -> None:
    for person_id in sorted(persons):
        await lock_person(uow, person_id)


async def _look_at(uow: Writing, *persons: UUID) -> list[Account]:
    """Before these locked persons are read: locks their accounts, then their logs, each in one order."""
    accounts = await lock_person_accounts(uow, *persons)
    for person_id in sorted(persons):
        await account_for(uow, person_id, Purpose.IDENTITY_CHECK)
    return accounts


def _index(uow: Writing, kind: DocumentKind, mrz: str) -> bytes:
    index = index_of(uow, kind, Paper(zone=read_zone(mrz, kind)))
    if index is None:
        raise LookupError("a zone has a number")
    return index
