"""Why a step has its deadline, in words."""

from datetime import date

import pytest

from app.adapters.rulebooks import load_rulebook
from app.domain.pathways.calendar import Term, Unit
from app.domain.pathways.engine import EntryPurpose, EventKind, Facts, Source, StepEvent, plan
from app.domain.pathways.reasons import reason, term_in_words

WORKER = Facts("VNM", EntryPurpose.WORK, date(2026, 11, 12))


def reasons(language: str, *events: StepEvent, today: date = WORKER.entered_on) -> dict[str, str]:
    pathway = plan(load_rulebook("ru"), WORKER, events, today)
    titles = {step.code: step.rule.title.read(language) for step in pathway.steps}
    return {step.code: reason(step, titles, language) for step in pathway.steps}


def test_on_the_first_day() -> None:
    russian, english = reasons("ru"), reasons("en")
    assert russian["registration"] == "7 рабочих дней со дня вашего въезда, 12 ноября 2026."
    assert english["medical"] == "30 days from your entry on 12 November 2026."
    assert russian["exam"] == "Нужно для шага «Заявление на патент», до 12 декабря 2026."
    assert english["collection"] == "First: “Application for the work patent”, “Fingerprints and photograph”."
    assert russian["course"] == "Это по желанию: срока нет."
    assert reasons("tg") == english


def test_of_results() -> None:
    done = StepEvent("medical", EventKind.DONE, date(2026, 11, 20), Source.POINT)
    assert reasons("en", done, today=date(2026, 12, 1))["medical"] == "Done, good until 20 November 2027."
    assert reasons("en", done, today=date(2027, 12, 1))["medical"] == "30 days after 20 November 2027, the last day."
    assert reasons("ru", done, today=date(2027, 12, 1))["medical"] == "30 дней после 20 ноября 2027, последнего дня."


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
    assert (term_in_words(term, "ru"), term_in_words(term, "en")) == (russian, english)
