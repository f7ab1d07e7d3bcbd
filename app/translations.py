"""Brings the catalogues up to date with the code: `python -m app.translations` (`make translations`).

What is new stands there without a translation, what was reworded or is gone is taken out; a test fails until each
text has been translated.
"""

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib import import_module
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import services
from app.adapters.rulebooks import jurisdictions, load_rulebook
from app.demo.region import load_region
from app.domain.audit import grounds
from app.domain.consents import notices
from app.domain.documents.refusals import WORDS as REFUSALS
from app.domain.languages.traits import TRAITS
from app.domain.pathways import reasons
from app.domain.pathways.rules import Text
from app.domain.profiles.languages import Language
from app.domain.reminders.names import PAPERS, READERS, SOMEBODY
from app.domain.reminders.templates import CONSENT, DIGEST, LABELS, PUBLIC, TEMPLATES, WARNINGS
from app.domain.reminders.words import Phrase
from app.domain.routing import words as plans
from app.errors import AppError
from app.locales.catalogue import FILE, LOCALES, REVIEW_HEADER, Review, review_state
from services.identity.messages import CODES
from services.numbers.notices import TEXTS

TRANSLATED: tuple[Language, ...] = tuple(language for language in Language if language is not Language.ENGLISH)


@dataclass(frozen=True, slots=True)
class Entry:
    """A text to translate. With `russian` it stands in the code in both languages, and needs no Russian catalogue."""

    context: str
    phrase: Phrase
    russian: str | None = None


def entries() -> list[Entry]:
    """Every text that people are told, once."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in (*_errors(), *_messages(), *_texts_by_sms(), *_refusals(), *_rule_texts(), *_services()):
        found.setdefault((entry.context, entry.phrase.english), entry)
    return list(found.values())


def entries_in(language: Language) -> list[Entry]:
    """What the catalogue of `language` has to hold."""
    return [each for each in entries() if language is not Language.RUSSIAN or each.russian is None]


def all_errors() -> list[type[AppError]]:
    """Every error that a caller can be told of, by code."""
    for feature in pkgutil.iter_modules(services.__path__, "services."):
        package = import_module(feature.name)
        for module in pkgutil.iter_modules(package.__path__, f"{feature.name}."):
            if module.name.endswith(".errors"):
                import_module(module.name)
    ours = [
        each for each in _below(AppError) if "code" in vars(each) and each.__module__.startswith(("app.", "services."))
    ]
    return sorted(ours, key=lambda error: error.code)


def update(language: Language) -> None:
    """Writes the catalogue anew, with the translations that still hold."""
    path = Path(str(LOCALES / language.value / FILE))
    old = read_po(BytesIO(path.read_bytes())) if path.exists() else Catalog()
    review = review_state(language) if path.exists() else Review.MACHINE
    new = Catalog()
    new.mime_headers = [("Plural-Forms", plural_forms(language))]
    for entry in entries_in(language):
        kept = old.get(entry.phrase.english, entry.context)
        forms = entry.phrase.forms if entry.phrase.other else entry.phrase.english
        new.add(forms, kept.string if kept else None, context=entry.context)
    out = BytesIO()
    write_po(out, new, width=0, omit_header=True)
    path.parent.mkdir(exist_ok=True)
    path.write_text(_header(language, review) + out.getvalue().decode(), encoding="utf-8")


def plural_forms(language: Language) -> str:
    categories, expression = TRAITS[language].plurals
    return f"nplurals={len(categories)}; plural={expression};"


def _header(language: Language, review: Review) -> str:
    fields = {
        "Project-Id-Version": "Manzil",
        "Language": language.value.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_forms(language),
        REVIEW_HEADER: review.value,
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f'# {TRAITS[language].own_name}\nmsgid ""\nmsgstr ""\n{lines}\n'


def _below(error: type[AppError]) -> Iterator[type[AppError]]:
    for child in error.__subclasses__():
        yield child
        yield from _below(child)


def _errors() -> Iterator[Entry]:
    for error in all_errors():
        yield Entry(f"error.{error.code}", Phrase(error.title["en"]), error.title["ru"])


def _messages() -> Iterator[Entry]:
    for kind, template in TEMPLATES.items():
        for phrase in (*template.titles, *template.briefs, *template.more):
            yield Entry(kind, phrase)
    for context, phrases in (
        ("public", PUBLIC.values()),
        ("consent", CONSENT.values()),
        ("kind", LABELS.values()),
        ("warning", WARNINGS.values()),
        ("digest", (DIGEST,)),
        ("paper", PAPERS.values()),
        ("reader", (*READERS.values(), SOMEBODY)),
        (notices.CONTEXT, notices.phrases()),
        (reasons.CONTEXT, reasons.phrases()),
        (plans.CONTEXT, plans.phrases()),
        (grounds.CONTEXT, grounds.phrases()),
    ):
        for phrase in phrases:
            yield Entry(context, phrase)


def _texts_by_sms() -> Iterator[Entry]:
    for texts in (*CODES.values(), *TEXTS.values()):
        yield Entry("sms", Phrase(texts["en"]), texts["ru"])


def _refusals() -> Iterator[Entry]:
    for texts in REFUSALS.values():
        yield Entry("refusal", Phrase(texts["en"]), texts["ru"])


def _rule_texts() -> Iterator[Entry]:
    for jurisdiction in jurisdictions():
        book = load_rulebook(jurisdiction)
        for law in (*book.kinds, *book.rules, *book.exemptions, *book.stays, *book.notes):
            for each in fields(law):
                told = getattr(law, each.name)
                for text in told if isinstance(told, tuple) else (told,):
                    if isinstance(text, Text):
                        yield Entry("rule", Phrase(text.read("en")), text.read("ru"))


def _services() -> Iterator[Entry]:
    """Of the demonstration region; a region that names and describes one in the same words has these texts too."""
    for service in load_region().services:
        for text in (service.name, service.purpose):
            yield Entry("service", Phrase(text["en"]), text["ru"])


if __name__ == "__main__":
    for each in TRANSLATED:
        update(each)
