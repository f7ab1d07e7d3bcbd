"""Links of the ledger: made from what the domain decided, read back as what it decides on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Writing
from app.domain.consents.consent import Consent, Expression, Notice, Reason
from app.domain.consents.purposes import ConsentPurpose
from app.domain.consents.status import ConsentStatus
from app.domain.identity.caller import Caller, Role
from app.models.consents import ConsentEvent
from services.audit.commands import record_change
from services.consents import repository
from services.outbox.commands import emit

CONSENTS_CHANGED = "consents.changed"
_PATIENCE = timedelta(days=365)
"""A withdrawal has to reach whoever holds the data, however long that takes."""
APP, SYSTEM = "app", "system"


@dataclass(frozen=True, slots=True)
class Said:
    """By whom, where and how a status came to be. `caller` None is the worker, or another feature."""

    caller: Caller | None
    at: datetime
    channel: str = APP
    reason: Reason | None = None
    expression: Expression | None = None
    witness_id: UUID | None = None

    @property
    def by_guardian(self) -> bool:
        return self.caller is not None and self.caller.role is Role.GUARDIAN


def read(event: ConsentEvent) -> Consent:
    """The record as it stands with this link. LookupError where a link from before this had no end."""
    if event.expires_at is None:
        raise LookupError("a consent without an end")
    return Consent(
        ConsentPurpose(event.purpose),
        event.scope,
        ConsentStatus(event.status),
        Notice(event.notice_id, event.notice_version, event.notice_language, event.notice_sha256),
        event.at,
        event.expires_at,
        Expression(event.expression),
    )


async def append(
    uow: Writing, person_id: UUID, consent_id: UUID, consent: Consent, said: Said, *, answered: bool = False
) -> None:
    """Writes the link of a new record or of one that was asked for, on the terms as they are today. `answered`: its
    answer follows at once, and is what everybody is told of.
    """
    law = uow.region.consents
    terms = law.terms[consent.purpose]
    await _add(
        uow,
        person_id,
        consent,
        said,
        {
            "consent_id": consent_id,
            "schema_version": law.schema_version,
            "controller": terms.controller["ru"],
            "controller_contact": terms.controller_contact,
            "recipients": list(terms.recipients),
            "purpose": consent.purpose.value,
            "scope": consent.scope,
            "data_categories": list(terms.data_categories),
            "operations": list(terms.operations),
            "legal_basis": terms.legal_basis,
            "jurisdiction": law.jurisdiction,
            "retention": terms.retention,
        },
        told=not answered,
    )


async def follow(uow: Writing, before: ConsentEvent, consent: Consent, said: Said) -> None:
    """Writes the next link of a record, on the terms that it was given on."""
    kept = {name: getattr(before, name) for name in repository.COLUMNS}
    await _add(uow, before.person_id, consent, said, kept)


async def _add(
    uow: Writing, person_id: UUID, consent: Consent, said: Said, kept: dict[str, Any], *, told: bool = True
) -> None:
    expression = said.expression or (Expression.GUARDIAN if said.by_guardian else Expression.TAP)
    values = kept | {
        "person_id": person_id,
        "at": consent.since,
        "status": consent.status.value,
        "notice_id": consent.notice.id,
        "notice_version": consent.notice.version,
        "notice_language": consent.notice.language,
        "notice_sha256": consent.notice.sha256,
        "channel": said.channel,
        "expression": expression.value,
        "delegate_id": said.caller.account_id if said.caller and expression is Expression.GUARDIAN else None,
        "witness_id": said.witness_id,
        "reason": said.reason.value if said.reason else None,
        "expires_at": consent.expires_at,
    }
    await repository.add_event(uow, values)
    if not told:
        return
    consent_id, scope = values["consent_id"], {"scope": consent.scope} if consent.scope else {}
    named = {"consent": consent_id, "for": consent.purpose.value, **scope}
    await record_change(uow, person_id, f"consent_{consent.status}", **named)
    payload = {
        "person_id": str(person_id),
        "consent_id": str(consent_id),
        "purpose": consent.purpose.value,
        "scope": consent.scope,
        "status": consent.status.value,
        "at": consent.since.isoformat(),
    }
    await emit(uow, CONSENTS_CHANGED, payload, expires_at=uow.now + _PATIENCE)
