"""Every text stands in every language: whole, with the same placeholders and all plural forms."""

import re
from io import BytesIO

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from app.domain.languages.traits import TRAITS
from app.domain.profiles.languages import Language
from app.locales.catalogue import FILE, LOCALES, Review, catalogue, review_state
from app.locales.reading import Reader, written
from app.translations import TRANSLATED, Entry, all_errors, entries, entries_in, plural_forms

PLACEHOLDER = re.compile(r"\{\w*\}")
OTHER_DIGITS = re.compile(r"[٠-٩۰-۹]")
MENDED = {Language.TAJIK, Language.VIETNAMESE}
"""Whose plurals are ours: CLDR has long had none for Tajik, and later took both to count 0 as one."""

ENTRIES: dict[Language, list[Entry]] = {language: entries_in(language) for language in TRANSLATED}
CATALOGUES: dict[Language, Catalog] = {
    language: read_po(BytesIO((LOCALES / language.value / FILE).read_bytes())) for language in TRANSLATED
}

in_each = pytest.mark.parametrize("language", TRANSLATED)


def faults(entry: Entry, message: Message | None, forms: int) -> list[str]:
    """What is wrong with a translation."""
    if message is None or message.fuzzy:
        return ["missing"]
    translated = message.string if isinstance(message.string, list | tuple) else (message.string or "",)
    found = []
    if len(translated) != (1 if entry.phrase.other is None else forms):
        found.append("plural form missing")
    for text in translated:
        if not text.strip():
            found.append("empty")
        elif set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.phrase.english)):
            found.append("other placeholders")
        elif text != text.strip() or "  " in text or OTHER_DIGITS.search(text):
            found.append("stray space or digit")
    return found


@in_each
def test_every_text_is_there_whole(language: Language) -> None:
    forms = len(TRAITS[language].plurals[0])
    found = CATALOGUES[language]
    wrong = {
        (entry.context, entry.phrase.english): why
        for entry in ENTRIES[language]
        if (why := faults(entry, found.get(entry.phrase.english, entry.context), forms))
    }
    assert wrong == {}, "run `make translations` and fill in what is empty"


@in_each
def test_nothing_is_left_over(language: Language) -> None:
    """But for errors, whose texts may come before the code that tells them."""
    wanted = {(entry.context, entry.phrase.english) for entry in ENTRIES[language]}
    there = {
        (each.context, each.id if isinstance(each.id, str) else each.id[0]) for each in CATALOGUES[language] if each.id
    }
    assert {(context, english) for context, english in there - wanted if not str(context).startswith("error.")} == set()


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        (None, "missing"),
        (Message("x", ""), "empty"),
        (Message("x", "{hours} qoldi"), "other placeholders"),
        (Message("x", "{days} qoldi", flags=["fuzzy"]), "missing"),
        (Message("x", "{days} qoldi ۳"), "stray space or digit"),
        (Message(("x", "y"), ("{days} qoldi",)), "plural form missing"),
    ],
)
def test_a_faulty_translation_would_be_found(translation: Message | None, fault: str) -> None:
    [entry] = [each for each in entries() if each.phrase.english == "{days} day left"]
    assert fault in faults(entry, translation, forms=2)


@in_each
def test_plurals_are_those_of_cldr_where_it_has_them(language: Language) -> None:
    categories, _ = TRAITS[language].plurals
    form, cldr = catalogue(language).form, Locale.parse(language.value, sep="-").plural_form
    assert plural_forms(language) in (LOCALES / language.value / FILE).read_text(encoding="utf-8")
    chosen = {number: categories[form(number)] for number in range(200)}
    if language not in MENDED:
        assert chosen == {number: cldr(number) for number in range(200)}
    assert set(chosen.values()) == set(categories)


def test_the_gaps_of_cldr_are_mended() -> None:
    forms = {language: [catalogue(language).form(number) for number in (0, 1, 2, 5, 21)] for language in Language}
    assert forms[Language.RUSSIAN] == [2, 0, 1, 2, 0]
    assert forms[Language.TAJIK] == forms[Language.UZBEK_LATIN] == [1, 0, 1, 1, 1]
    assert forms[Language.ARMENIAN] == forms[Language.DARI] == [0, 0, 1, 1, 1]
    assert forms[Language.CHINESE] == forms[Language.VIETNAMESE] == [0, 0, 0, 0, 0]


SCRIPTS = {
    Language.UZBEK_LATIN: "A-Za-zʻʼ",
    Language.UZBEK_CYRILLIC: "А-Яа-яЁёЎўҚқҒғҲҳ",
    Language.TAJIK: "А-Яа-яЁёҒғӢӣҚқӮӯҲҳҶҷ",
    Language.KYRGYZ: "А-Яа-яЁёҢңӨөҮү",
    Language.KAZAKH: "А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі",
    Language.ARMENIAN: "Ա-Ֆա-և՝՞՛",
    Language.AZERBAIJANI: "A-Za-zÇçƏəĞğIıİÖöŞşÜü",
    Language.CHINESE: "一-龥",
    Language.DARI: "ء-غف-يپچژکگیۀٔـ-ْ\u200c",
    Language.TURKISH: "A-Za-zÇçĞğIıİÖöŞşÜüÂâ",
    Language.RUSSIAN: "А-Яа-яЁё",
}
# Names that stay as they are everywhere: of standards, of an app, and what stands on Russian papers.
NAMES = re.compile(
    r"\{\w+\}|`[^`]+`|JPEG|PNG|WebP|PDF|HEIC|Manzil|Google|Migrant ID|Idempotency-Key|EC P-256|JWK|If-Match"
    r"|ruID|ДМС|НДФЛ|ИИН|РВП|ЕАЭС|КоАП|патент|кандас"
)


@pytest.mark.parametrize("language", SCRIPTS)
def test_each_language_is_written_in_its_own_letters(language: Language) -> None:
    strange = re.compile(r"[^\W\d_]+")
    own = re.compile(rf"[{SCRIPTS[language]}]+")
    words = {
        word
        for forms in catalogue(language).texts.values()
        for text in forms
        for word in strange.findall(NAMES.sub(" ", text))
        if not own.fullmatch(word)
    }
    assert words == set()


def test_every_error_is_told_in_every_language() -> None:
    errors = all_errors()
    assert len(errors) > 80
    assert len({error.code for error in errors}) == len(errors)
    for error in errors:
        assert set(error.title) == {"en", "ru"}, error.code
        told = {written(error.title, f"error.{error.code}", language) for language in Language}
        assert len(told) == len(Language), error.code


def test_russian_stands_once_in_the_code_or_in_its_catalogue() -> None:
    in_code = {(entry.context, entry.phrase.english) for entry in entries() if entry.russian}
    assert in_code
    assert not in_code & catalogue(Language.RUSSIAN).texts.keys()


@pytest.mark.parametrize("language", Language)
def test_a_text_that_is_not_translated_is_told_all_the_same(language: Language) -> None:
    told = written({"en": "New.", "ru": "Ново."}, "error.new", language)
    assert told == ("Ново." if TRAITS[language].besides is Language.RUSSIAN else "New.")
    assert Reader(language).right_to_left is (language is Language.DARI)


def test_it_is_said_openly_who_has_read_which_texts() -> None:
    states = {language: review_state(language) for language in Language}
    team = {language for language, state in states.items() if state is Review.TEAM}
    assert team == {Language.ENGLISH, Language.RUSSIAN}
    table = (LOCALES / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([\w-]+)` \| [^|]+ \| ([^|]+) \|", table, re.MULTILINE))
    assert rows == {language.value: state.value for language, state in states.items()}
