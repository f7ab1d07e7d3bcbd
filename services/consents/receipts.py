"""Receipts: a consent's record as JSON-LD in the terms of DPV (W3C Data Privacy Vocabulary 2), signed by the region.

The members are those of ISO/IEC TS 27560:2023. The payload of the signature is the receipt itself, so whoever has the
public keys (`GET /.well-known/jwks.json`) checks it without us: docs/receipts.md.
"""

import json
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.consents.status import ConsentStatus
from app.models.consents import ConsentEvent
from services.consents import repository
from services.consents.queries import own_record
from services.identity.keyring import KeyRing

Receipt = dict[str, Any]
CONTEXT = {"dpv": "https://w3id.org/dpv#", "dct": "http://purl.org/dc/terms/", "manzil": "urn:manzil:"}
STATUSES = {
    ConsentStatus.REQUESTED: "dpv:ConsentRequested",
    ConsentStatus.GIVEN: "dpv:ConsentGiven",
    ConsentStatus.REFUSED: "dpv:ConsentRefused",
    ConsentStatus.INVALIDATED: "dpv:ConsentInvalidated",
    ConsentStatus.RENEWED: "dpv:RenewedConsentGiven",
    ConsentStatus.WITHDRAWN: "dpv:ConsentWithdrawn",
    ConsentStatus.REVOKED: "dpv:ConsentRevoked",
    ConsentStatus.EXPIRED: "dpv:ConsentExpired",
}


async def receipt_of(uow: Reading, keyring: KeyRing, person_id: UUID, consent_id: UUID) -> tuple[Receipt, str]:
    """The receipt as it stands now, and the compact JWS over it. NotFound if the consent is not the person's."""
    events = await own_record(uow, person_id, consent_id)
    said = next((event for event in events if event.status in {"given", "refused"}), events[0])
    shown = await repository.notice_text(uow, said.notice_sha256)
    subject = uow.vault.blind_index("receipt-subject", str(person_id)).hex()[:32]
    receipt = _receipt(events, said, shown, subject) | {"dct:issued": uow.now.isoformat()}
    payload = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return receipt, await keyring.sign_receipt(uow.region, payload)


async def read_receipt(uow: Reading, keyring: KeyRing, signed: str) -> Receipt | None:
    """What the region signed; None if it did not. It tells nothing that is not in the receipt."""
    payload = await keyring.verify_receipt(uow.region, signed)
    if payload is None:
        return None
    receipt: Receipt = json.loads(payload)
    return receipt


def _receipt(events: Any, said: ConsentEvent, shown: str | None, subject: str) -> Receipt:
    now = events[-1]
    return {
        "@context": CONTEXT,
        "@id": f"urn:uuid:{said.consent_id}",
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": said.schema_version,
        "dpv:hasDataSubject": {"@id": f"urn:manzil:subject:{subject}"},
        "dpv:hasDataController": {
            "@type": "dpv:DataController",
            "dpv:hasName": said.controller,
            "dpv:hasContact": said.controller_contact,
        },
        "dpv:hasRecipient": said.recipients,
        "dpv:hasPurpose": {"@id": f"urn:manzil:purpose:{said.purpose}", "manzil:scope": said.scope},
        "dpv:hasPersonalData": said.data_categories,
        "dpv:hasProcessing": said.operations,
        "dpv:hasLegalBasis": {"@type": "dpv:Consent", "dct:references": said.legal_basis},
        "dpv:hasNotice": {
            "@type": "dpv:ConsentNotice",
            "dct:identifier": said.notice_id,
            "dct:hasVersion": said.notice_version,
            "dct:language": said.notice_language,
            "dct:description": shown,
            "manzil:sha256": said.notice_sha256.hex(),
        },
        "dpv:hasJurisdiction": said.jurisdiction,
        "dpv:hasStorageCondition": said.retention,
        "dpv:hasExpiry": now.expires_at.isoformat() if now.expires_at else None,
        "dpv:hasConsentStatus": STATUSES[ConsentStatus(now.status)],
        "manzil:withdrawal": f"POST /v1/me/consents/{said.consent_id}/withdraw",
        "manzil:history": [_link(event) for event in events],
    }


def _link(event: ConsentEvent) -> Receipt:
    """One status, with its place in the person's chain: the hash of the record before it, and its own."""
    return {
        "dpv:hasConsentStatus": STATUSES[ConsentStatus(event.status)],
        "dct:date": event.at.isoformat(),
        "manzil:channel": event.channel,
        "manzil:expression": event.expression,
        "manzil:delegate": str(event.delegate_id) if event.delegate_id else None,
        "manzil:witness": str(event.witness_id) if event.witness_id else None,
        "manzil:reason": event.reason,
        "manzil:previous": event.previous.hex(),
        "manzil:digest": event.digest.hex(),
    }
