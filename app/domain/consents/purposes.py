"""What consent is asked for: one purpose each, and what a consent to it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.pathways.tables import Table
from app.domain.profiles.documents import DocumentKind


class ConsentPurpose(StrEnum):
    """Each is asked for alone. Anonymous statistics need none."""

    MIRROR_LOCATION = "mirror_location"
    MIRROR_DOCUMENT = "mirror_document"
    VISIBLE_TO_EMPLOYERS = "visible_to_employers"
    REVEAL_CONTACTS = "reveal_contacts"
    NOTICES_PUSH = "notices_push"
    NOTICES_SMS = "notices_sms"
    SHARE_WITH_ADAPTATION = "share_with_adaptation"

    @property
    def mirrors(self) -> bool:
        """Whether data leaves for the regional registry."""
        return self in {ConsentPurpose.MIRROR_LOCATION, ConsentPurpose.MIRROR_DOCUMENT}

    @property
    def leaves(self) -> bool:
        """Whether data leave for a registry or an agency: of refugees nothing does, so they are not asked."""
        return self.mirrors or self is ConsentPurpose.SHARE_WITH_ADAPTATION


class ScopeKind(StrEnum):
    """What one consent of a purpose is for. Its scope is then a document's kind, or a vacancy's identifier."""

    DOCUMENT_KIND = "document_kind"
    VACANCY = "vacancy"


SCOPES = {
    ConsentPurpose.MIRROR_DOCUMENT: ScopeKind.DOCUMENT_KIND,
    ConsentPurpose.REVEAL_CONTACTS: ScopeKind.VACANCY,
}


class Duty(StrEnum):
    """Processing that the law itself demands or allows, whatever the person wants: no consent is asked for it, and
    the person is told the article instead.
    """

    PROOF_OF_CONSENT = "proof_of_consent"
    DESTRUCTION_ACT = "destruction_act"
    LAWFUL_REQUEST = "lawful_request"


class ScopeError(ValueError):
    """The scope is not one that the purpose has."""


def check_scope(purpose: ConsentPurpose, scope: str | None) -> str | None:
    """The scope as it is written in the ledger; None for a purpose that has none. ScopeError for anything else."""
    kind = SCOPES.get(purpose)
    if kind is None:
        if scope is not None:
            raise ScopeError
        return None
    try:
        if scope is None:
            raise ScopeError
        return DocumentKind(scope).value if kind is ScopeKind.DOCUMENT_KIND else str(UUID(scope))
    except ValueError:
        raise ScopeError from None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a consent to one purpose says (ISO/IEC TS 27560:2023), by the law of one jurisdiction. Names by language.

    `months`: for how long it is given. `retention`: an ISO 8601 duration, how long after its end it is kept as proof.
    """

    controller: Mapping[str, str]
    controller_contact: str
    recipients: tuple[str, ...]
    data_categories: tuple[str, ...]
    operations: tuple[str, ...]
    legal_basis: str
    retention: str
    months: int
    effective_from: date


@dataclass(frozen=True, slots=True)
class ConsentLaw:
    """What is asked for in a jurisdiction, on which terms; and the articles of the duties that need no consent."""

    jurisdiction: str
    schema_version: str
    terms: Mapping[ConsentPurpose, Terms]
    duties: Mapping[Duty, str]


def parse_consent_law(jurisdiction: str, data: Mapping[str, object]) -> ConsentLaw:
    """Reads `consents.toml` of a rule book. Raises `RulebookError`, which names the table and the key."""
    table = Table(dict(data), "consents")
    schema_version, common = table.need("schema_version", str), table.need("common", dict)
    purposes, duties = table.need("purposes", dict), table.need("duties", dict)
    table.close()
    if set(purposes) != set(ConsentPurpose) or set(duties) != set(Duty):
        raise table.error("purposes", "every purpose and every duty is needed, and no other")
    terms = {ConsentPurpose(code): _terms(Table(common | item, code)) for code, item in purposes.items()}
    articles = {Duty(code): str(article) for code, article in duties.items()}
    return ConsentLaw(jurisdiction, schema_version, terms, articles)


def _terms(table: Table) -> Terms:
    controller = table.need("controller", dict)
    if not all(isinstance(controller.get(language), str) and controller[language] for language in ("ru", "en")):
        raise table.error("controller", "is needed in Russian and in English")
    terms = Terms(
        controller=controller,
        controller_contact=table.need("controller_contact", str),
        recipients=tuple(table.names("recipients")),
        data_categories=tuple(table.names("data_categories")),
        operations=tuple(table.names("operations")),
        legal_basis=table.need("legal_basis", str),
        retention=table.need("retention", str),
        months=table.need("months", int),
        effective_from=table.need("effective_from", date),
    )
    if terms.months < 1:
        raise table.error("months", "expected one or more")
    table.close()
    return terms
