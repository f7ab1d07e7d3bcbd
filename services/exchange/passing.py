"""Passes on what is agreed of one person: ground, entry in their log and read in one transaction."""

from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.purposes import ConsentPurpose
from app.domain.exchange.sheltered import Sheltered, sheltered
from app.domain.exchange.terms import AgencyKind, Basis
from services.audit.access import account_as
from services.audit.commands import OURS, Transfer
from services.consents.errors import NoConsent
from services.consents.ground import require_ground
from services.exchange import content, repository
from services.exchange.agreements import Held
from services.exchange.content import Content
from services.exchange.repository import About

CONSENTS = {AgencyKind.ADAPTATION.value: ConsentPurpose.SHARE_WITH_ADAPTATION}
"""Which consent an agreement of each kind of agency may stand on."""


def kept(uow: Reading) -> Sheltered:
    """Of whom nothing leaves here, by the region's law."""
    return sheltered(uow.region.book)


async def pass_on(uow: Writing, held: Held, person_id: UUID, *, system: str = OURS) -> Content | None:
    """What the agreement gives of that person; None when nothing may be given, whatever the reason.

    The person is locked first, then their consent, then their log, as a withdrawal locks them: what they change at the
    same time comes before or after it.
    """
    await lock_person(uow, person_id, gone_too=True)
    if not await still_covered(uow, held, person_id):
        return None
    transfer = Transfer(person_id, held.terms.purpose.value, held.terms.citation, held.name, system)
    await account_as(uow, transfer, Purpose.AGENCY)
    return await content.read(uow, person_id, held.terms.fields, held.terms.steps)


async def still_covered(uow: Writing, held: Held, person_id: UUID) -> bool:
    """Whether the locked person is one of whom the agreement is, and their consent stands where it is the ground."""
    found = await repository.covered(uow, about(held), kept(uow), person_id=person_id)
    return bool(found) and await _grounded(uow, held, person_id)


def about(held: Held) -> About:
    """Of whom the agreement is."""
    return About(held.terms, held.agency.points, CONSENTS.get(held.agency.kind))


async def _grounded(uow: Writing, held: Held, person_id: UUID) -> bool:
    if held.terms.basis is Basis.LAW:
        return True
    consent = about(held).consent
    if consent is None:
        return False
    try:
        await require_ground(uow, person_id, consent)
    except NoConsent:
        return False
    return True
