"""The host confirms a step: the person gives them a code, and they see a first name and the step, nothing else."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.pathways.events import EventKind, Evidence, EvidenceKind, Source, StepEvent
from app.domain.pathways.invitations import ALPHABET, LENGTH, LIVES, read, short_name, written
from app.domain.pathways.pathway import Step, StepStatus
from app.errors import NotFound
from app.models.pathways import StepInvitation
from services.audit.commands import record_change
from services.identity.queries import is_own_account
from services.pathways import repository
from services.pathways.commands import check_days, record_result
from services.pathways.errors import InvitationGone, NotForHosts, OwnHost, ProfileIncomplete, StepDone, StepUnknown
from services.pathways.queries import pathway_of, step_in
from services.profiles.queries import visitor_card

_PURPOSE = Purpose.HOST_CONFIRMATION


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation: its code is known to the person alone, and told this once."""

    id: UUID
    step: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OwnInvitation:
    """An invitation as its person sees it. `status`: open, answered, withdrawn or expired."""

    id: UUID
    step: str
    status: str
    created_at: datetime
    expires_at: datetime
    number: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a host sees: `name` is a first name and an initial, None without a document."""

    name: str | None
    step: Step
    expires_at: datetime


async def invite(uow: Writing, person_id: UUID, code: str) -> Invited:
    """A code for the host of whoever asks. It takes the place of an earlier one for the step.

    NotForHosts where the rule knows no host; StepDone when a host has confirmed it already.
    """
    await lock_person(uow, person_id)
    step = step_in(await pathway_of(uow, person_id), code)
    if not step.rule.by_host:
        raise NotForHosts
    if step.status is StepStatus.DONE and step.source is not Source.SELF_DECLARED:
        raise StepDone
    secret = written([secrets.randbelow(len(ALPHABET)) for _ in range(LENGTH)])
    expires_at = uow.now + LIVES
    invitation_id = await repository.add_invitation(uow, person_id, code, _index(uow, secret), expires_at)
    await record_change(uow, person_id, "host_invited", step=code)
    return Invited(invitation_id, code, secret, expires_at)


async def own_invitations(uow: Reading, person_id: UUID) -> list[OwnInvitation]:
    """Newest first."""
    found: Sequence[StepInvitation] = await repository.invitations(uow, person_id, Purpose.OWN_ACCESS)
    return [
        OwnInvitation(
            id=row.id,
            step=row.step,
            status="expired" if row.status == "open" and row.expires_at <= uow.now else row.status,
            created_at=row.created_at,
            expires_at=row.expires_at,
            number=await repository.number_of(uow, row),
        )
        for row in found
    ]


async def withdraw(uow: Writing, person_id: UUID, invitation_id: UUID) -> None:
    """Ends an open invitation of the person's. NotFound for any other."""
    await lock_person(uow, person_id)
    step = await repository.end_invitation(uow, person_id, invitation_id, "withdrawn")
    if step is None:
        raise NotFound
    await record_change(uow, person_id, "host_uninvited", step=step)


async def look(uow: Writing, code: str) -> Asked:
    """Whom and what a code is about. The person's log tells that it was read. InvitationGone for a wrong code."""
    person_id, invitation = await _open(uow, code)
    return await _asked(uow, person_id, invitation)


async def confirm(uow: Writing, code: str, on: date, number: str | None) -> Asked:
    """The host's word that they filed the registration on that day. InvitationGone when the code was used, OwnHost
    for the person's own number.
    """
    person_id, invitation = await _open(uow, code)
    if uow.caller is None or await is_own_account(uow, uow.caller.account_id, person_id):
        raise OwnHost
    check_days(uow, on, None)
    asked = await _asked(uow, person_id, invitation)
    event = StepEvent(invitation.step, EventKind.DONE, on, Source.HOST)
    evidence = Evidence(EvidenceKind.INVITATION, invitation.id)
    await record_result(uow, person_id, event, _PURPOSE, evidence=evidence)
    await repository.end_invitation(uow, person_id, invitation.id, "answered", number)
    return asked


async def _open(uow: Writing, code: str) -> tuple[UUID, StepInvitation]:
    """The invitation behind a code, with its person locked."""
    text = read(code)
    index = uow.vault.blind_index("step-invitation", text) if text else b""
    person_id = await repository.invited_by(uow, index)
    if person_id is None:
        raise InvitationGone
    await lock_person(uow, person_id)
    invitation = await repository.open_invitation(uow, person_id, index, _PURPOSE)
    if invitation is None:
        raise InvitationGone
    return person_id, invitation


async def _asked(uow: Writing, person_id: UUID, invitation: StepInvitation) -> Asked:
    try:
        step = step_in(await pathway_of(uow, person_id, _PURPOSE), invitation.step)
    except (StepUnknown, ProfileIncomplete):
        raise InvitationGone from None  # what has changed for the person is no business of the host's
    card = await visitor_card(uow, person_id, _PURPOSE)
    name = short_name(card.name) if card and card.name else None
    return Asked(name, step, invitation.expires_at)


def _index(uow: Writing, code: str) -> bytes:
    return uow.vault.blind_index("step-invitation", read(code) or "")
