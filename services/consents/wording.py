"""The notices as a person reads them."""

from dataclasses import dataclass

from app.domain.consents import notices
from app.domain.consents.consent import Notice
from app.domain.consents.purposes import ConsentPurpose
from app.domain.profiles.documents import DocumentKind
from app.domain.profiles.languages import Language
from app.domain.reminders.names import paper_name
from app.locales.reading import Reader


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice in one language, and what the record keeps of it."""

    title: str
    text: str
    notice: Notice


def shown(purpose: ConsentPurpose, scope: str | None, language: Language) -> Shown:
    """The text as it is now."""
    paper = _paper(purpose, scope, language)
    told = notices.text(purpose, paper, Reader(language))
    english = notices.text(purpose, _paper(purpose, scope, Language.ENGLISH), Reader(Language.ENGLISH))
    return Shown(
        notice_title(purpose, scope, language), told, notices.notice(purpose, scope, language.value, told, english)
    )


def notice_title(purpose: ConsentPurpose, scope: str | None, language: Language) -> str:
    """What the consent is called, alone."""
    return notices.title(purpose, _paper(purpose, scope, language), Reader(language))


def _paper(purpose: ConsentPurpose, scope: str | None, language: Language) -> str | None:
    if purpose is not ConsentPurpose.MIRROR_DOCUMENT or scope is None:
        return None
    return paper_name(DocumentKind(scope), Reader(language))
