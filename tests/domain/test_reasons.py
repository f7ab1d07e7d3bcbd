"""Why a step has its deadline, in words."""

from datetime import date

import pytest

from app.adapters.rulebooks import load_rulebook
from app.domain.pathways.calendar import Term, Unit
from app.domain.pathways.engine import EntryPurpose, EventKind, Facts, Source, StepEvent, plan
from app.domain.pathways.reasons import reason, term_in_words
from app.domain.profiles.languages import Language
from app.locales.reading import Reader, rule_text

WORKER = Facts("VNM", EntryPurpose.WORK, date(2026, 11, 12))


def reasons(language: Language, *events: StepEvent, today: date = WORKER.entered_on) -> dict[str, str]:
    pathway = plan(load_rulebook("ru"), WORKER, events, today)
    titles = {step.code: rule_text(step.rule.title, language) for step in pathway.steps}
    return {step.code: reason(step, titles, Reader(language)) for step in pathway.steps}


def test_on_the_first_day() -> None:
    russian, english = reasons(Language.RUSSIAN), reasons(Language.ENGLISH)
    assert russian["registration"] == "7 рабочих дней со дня вашего въезда (12 ноября 2026)."
    assert english["medical"] == "30 days from your entry (12 November 2026)."
    assert russian["exam"] == "Нужно для шага «Заявление на патент». Срок: 12 декабря 2026."
    assert english["collection"] == "First: Application for the work patent, Fingerprints and photograph."
    assert russian["course"] == "Это по желанию: срока нет."
    dari = reasons(Language.DARI)
    assert dari["medical"] != english["medical"]
    # Numbers and days keep to themselves between words that are written from the right.
    assert dari["medical"].count("\u2068") == dari["medical"].count("\u2069") == 2


def test_of_results() -> None:
    done = StepEvent("medical", EventKind.DONE, date(2026, 11, 20), Source.POINT)
    assert reasons(Language.ENGLISH, done, today=date(2026, 12, 1))["medical"] == "Done. Good until: 20 November 2027."
    late = date(2027, 12, 1)
    assert reasons(Language.ENGLISH, done, today=late)["medical"] == "30 days after the last day: 20 November 2027."
    assert reasons(Language.RUSSIAN, done, today=late)["medical"] == "30 дней после последнего дня: 20 ноября 2027."


@pytest.mark.parametrize(
    ("amount", "russian", "english"),
    [
        (1, "1 день", "1 day"),
        (2, "2 дня", "2 days"),
        (5, "5 дней", "5 days"),
        (11, "11 дней", "11 days"),
        (12, "12 дней", "12 days"),
        (21, "21 день", "21 days"),
        (104, "104 дня", "104 days"),
    ],
)
def test_plurals(amount: int, russian: str, english: str) -> None:
    term = Term(amount, Unit.DAYS)
    assert tuple(term_in_words(term, Reader(each)) for each in (Language.RUSSIAN, Language.ENGLISH)) == (
        russian,
        english,
    )
