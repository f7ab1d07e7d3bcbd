"""Of whom nothing is exchanged by default, in any direction: who seeks asylum, and refugees."""

from dataclasses import dataclass

from app.domain.pathways.rules import Mirror, RuleBook
from app.domain.profiles.documents import DocumentKind

REFUGEE_CODES = frozenset({"XXB", "XXC"})
"""ICAO 9303 part 3 §5: refugees by the Convention, and others."""
PAPERS = frozenset({DocumentKind.REFUGEE_CERTIFICATE.value, DocumentKind.ASYLUM_CERTIFICATE.value})


@dataclass(frozen=True, slots=True)
class Sheltered:
    """By the citizenship in their document, by what they said they came for, or by a paper that they hold."""

    citizenships: frozenset[str]
    purposes: frozenset[str]
    papers: frozenset[str] = PAPERS


def sheltered(book: RuleBook) -> Sheltered:
    """Whoever may be on a pathway of which nothing leaves by default, drafts too: rather one too many."""
    kinds = [kind.audience for kind in book.kinds if kind.mirror is Mirror.NEVER_BY_DEFAULT]
    return Sheltered(
        citizenships=REFUGEE_CODES.union(*(kind.citizenships for kind in kinds)),
        purposes=frozenset({"asylum"}).union(*({one.value for one in kind.purposes} for kind in kinds)),
    )
