"""Says in plain words why a step has its deadline, in Russian and English (any other language reads English)."""

from collections.abc import Mapping
from datetime import date

from app.domain.pathways.calendar import Term, Unit
from app.domain.pathways.pathway import Step, StepStatus
from app.domain.pathways.rules import ENTRY

_MONTHS = {
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_UNITS = {
    Unit.DAYS: (("день", "дня", "дней"), ("day", "days")),
    Unit.WORKING_DAYS: (("рабочий день", "рабочих дня", "рабочих дней"), ("working day", "working days")),
    Unit.MONTHS: (("месяц", "месяца", "месяцев"), ("month", "months")),
}


def reason(step: Step, titles: Mapping[str, str], language: str) -> str:
    """One sentence. `titles` of the pathway's steps by code, in that language."""
    russian = language == "ru"
    rule = step.rule
    if rule.offer:
        return "Это по желанию: срока нет." if russian else "It is your choice: there is no deadline."
    if step.status is StepStatus.DONE:
        return _done(step, russian=russian)
    if step.term and step.anchored_on and step.term.amount:
        term, day = term_in_words(step.term, language), day_in_words(step.anchored_on, language)
        if step.done_on:
            return f"{term} после {day}, последнего дня." if russian else f"{term} after {day}, the last day."
        if rule.anchor == ENTRY:
            return f"{term} со дня вашего въезда, {day}." if russian else f"{term} from your entry on {day}."
        title = titles.get(rule.anchor or "", "")
        return f"{term} со дня шага «{title}», {day}." if russian else f"{term} from “{title}” on {day}."
    if step.needed_by:
        title, day = titles.get(step.needed_for, ""), day_in_words(step.needed_by, language)
        return f"Нужно для шага «{title}», до {day}." if russian else f"Needed for “{title}”, by {day}."
    if step.valid_until:
        ends = day_in_words(step.valid_until, language)
        return f"Результат действует до {ends}." if russian else f"The result is good until {ends}."
    if step.blocked_by:
        listed = ", ".join(f"«{titles[code]}»" if russian else f"“{titles[code]}”" for code in step.blocked_by)
        return f"Сначала: {listed}." if russian else f"First: {listed}."
    return "Закон не называет срока." if russian else "The law names no deadline."


def day_in_words(day: date, language: str) -> str:
    """`12 ноября 2026`, `12 November 2026`."""
    return f"{day.day} {_MONTHS['ru' if language == 'ru' else 'en'][day.month - 1]} {day.year}"


def term_in_words(term: Term, language: str) -> str:
    """`7 рабочих дней`, `7 working days`."""
    russian, english = _UNITS[term.unit]
    if language == "ru":
        return f"{term.amount} {russian[_russian_form(term.amount)]}"
    return f"{term.amount} {english[term.amount != 1]}"


def _done(step: Step, *, russian: bool) -> str:
    language = "ru" if russian else "en"
    if step.valid_until:
        until = day_in_words(step.valid_until, language)
        return f"Сделано, действует до {until}." if russian else f"Done, good until {until}."
    return "Сделано." if russian else "Done."


def _russian_form(count: int) -> int:
    """CLDR's one, few and many."""
    tens, ones = count % 100, count % 10
    if ones == 1 and tens != 11:  # noqa: PLR2004 — 1, 21, 31, not 11
        return 0
    return 1 if ones in {2, 3, 4} and tens not in {12, 13, 14} else 2
