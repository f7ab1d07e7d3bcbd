"""The texts of the pages: every key in every language, the same values in it, all plural forms."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.domain.languages.traits import TRAITS
from app.domain.profiles.languages import Language
from app.pages import AREAS
from tests.locales.test_catalogues import OTHER_DIGITS, PLACEHOLDER
from web import FOLDER

LOCALES = FOLDER / "locales"
# What a person sees whom nobody chose by the language they speak. Staff of a region read Russian or English.
FOR_EVERYBODY = {"shared", "migrant", "board"}
AT_LEAST = {Language.RUSSIAN, Language.ENGLISH, Language.DARI}
AREAS_WITH_TEXTS = sorted(folder.name for folder in LOCALES.iterdir() if folder.is_dir())
USED = re.compile(r"""\bt\(["'](\w+)["']""")


def texts(area: str, tag: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((LOCALES / area / f"{tag}.json").read_text(encoding="utf-8"))
    return found


def forms(text: Any) -> list[str]:
    return list(text.values()) if isinstance(text, dict) else [text]


@pytest.mark.parametrize("area", AREAS_WITH_TEXTS)
def test_every_text_stands_in_every_language_of_its_page(area: str) -> None:
    there = {file.stem for file in (LOCALES / area).iterdir()}
    wanted = set(Language) if area in FOR_EVERYBODY else AT_LEAST
    assert {language.value for language in wanted} <= there
    assert there <= {language.value for language in Language}
    english = texts(area, "en")
    for tag in sorted(there):
        found = texts(area, tag)
        assert set(found) == set(english), f"{area}/{tag}: other keys"
        for key, text in found.items():
            wrong = faults(text, english[key], Language(tag))
            assert wrong == [], f"{area}/{tag} {key}"


def faults(text: Any, english: Any, language: Language) -> list[str]:
    found = []
    if isinstance(english, dict) != isinstance(text, dict):
        return ["a plural in one of them only"]
    if isinstance(text, dict) and tuple(text) != TRAITS[language].plurals[0]:
        found.append(f"forms {tuple(text)}")
    wanted = set(PLACEHOLDER.findall(" ".join(forms(english))))
    for each in forms(text):
        if not each.strip() or each != each.strip() or "  " in each or OTHER_DIGITS.search(each):
            found.append(f"empty, stray space or digit: {each!r}")
        # «one day» need not say its number.
        if (set(PLACEHOLDER.findall(each)) ^ wanted) - ({"{n}"} if isinstance(text, dict) else set()):
            found.append(f"other values: {each!r}")
    return found


def test_what_is_wrong_would_be_found() -> None:
    russian = Language.RUSSIAN
    plural = {"one": "{n} day", "other": "{n} days"}
    right = {"one": "{n} день", "few": "{n} дня", "many": "{n} дней"}
    assert faults(right, plural, russian) == []
    assert faults({"one": "{n} день", "other": "{n} дней"}, plural, russian)
    assert faults("{n} дней", plural, russian)
    assert faults("До {date}", "Until {day}", russian)
    assert faults(" ", "Until", russian)
    assert faults("۵", "5", Language.DARI)


@pytest.mark.parametrize("area", AREAS)
def test_every_text_that_a_page_asks_for_is_there(area: str) -> None:
    known = set(texts("shared", "en")) | (set(texts(area, "en")) if area in AREAS_WITH_TEXTS else set())
    asked = {(file.name, key) for folder in (area, "shared") for file, key in asked_in(FOLDER / folder)}
    assert {(file, key) for file, key in asked if key not in known} == set()


def asked_in(folder: Path) -> list[tuple[Path, str]]:
    return [(file, key) for file in folder.rglob("*.js") for key in USED.findall(file.read_text(encoding="utf-8"))]
