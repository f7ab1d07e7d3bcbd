"""Says in plain words why a step has its deadline: English here, the other languages in the catalogues."""

from collections.abc import Mapping
from typing import Final

from app.domain.pathways.calendar import Term, Unit
from app.domain.pathways.pathway import Step, StepStatus
from app.domain.pathways.rules import ENTRY
from app.domain.reminders.words import Phrase, Words, filled

CONTEXT: Final = "deadline"
_UNITS: Final = {
    Unit.DAYS: Phrase("{count} day", "{count} days", "count"),
    Unit.WORKING_DAYS: Phrase("{count} working day", "{count} working days", "count"),
    Unit.MONTHS: Phrase("{count} month", "{count} months", "count"),
}
_CHOICE: Final = Phrase("It is your choice: there is no deadline.")
_RENEWED: Final = Phrase("{term} after the last day: {day}.")
_FROM_ENTRY: Final = Phrase("{term} from your entry ({day}).")
_FROM_STEP: Final = Phrase("{term} from “{step}” ({day}).")
_NEEDED: Final = Phrase("Needed for “{step}”. By: {day}.")
_GOOD_UNTIL: Final = Phrase("The result is good until: {day}.")
_FIRST: Final = Phrase("First: {steps}.")
_NO_DEADLINE: Final = Phrase("The law names no deadline.")
_DONE: Final = Phrase("Done.")
_DONE_UNTIL: Final = Phrase("Done. Good until: {day}.")


def phrases() -> list[Phrase]:
    """Every text that is said here."""
    sentences = (_CHOICE, _RENEWED, _FROM_ENTRY, _FROM_STEP, _NEEDED, _GOOD_UNTIL, _FIRST, _NO_DEADLINE)
    return [*_UNITS.values(), *sentences, _DONE, _DONE_UNTIL]


def reason(step: Step, titles: Mapping[str, str], words: Words) -> str:
    """One sentence. `titles` of the pathway's steps by code, in that language."""
    phrase, facts = _reason(step, titles, words)
    return filled(words.say(CONTEXT, phrase), facts, words)


def term_in_words(term: Term, words: Words) -> str:
    """`7 рабочих дней`, `7 working days`."""
    return words.say(CONTEXT, _UNITS[term.unit], term.amount).format(count=term.amount)


def _reason(step: Step, titles: Mapping[str, str], words: Words) -> tuple[Phrase, dict[str, str]]:
    rule = step.rule
    if rule.offer:
        return _CHOICE, {}
    if step.status is StepStatus.DONE:
        return (_DONE_UNTIL, {"day": words.date(step.valid_until)}) if step.valid_until else (_DONE, {})
    if step.term and step.anchored_on and step.term.amount:
        facts = {"term": term_in_words(step.term, words), "day": words.date(step.anchored_on)}
        if step.done_on:
            return _RENEWED, facts
        if rule.anchor == ENTRY:
            return _FROM_ENTRY, facts
        return _FROM_STEP, facts | {"step": titles.get(rule.anchor or "", "")}
    if step.needed_by:
        return _NEEDED, {"step": titles.get(step.needed_for, ""), "day": words.date(step.needed_by)}
    if step.valid_until:
        return _GOOD_UNTIL, {"day": words.date(step.valid_until)}
    if step.blocked_by:
        return _FIRST, {"steps": words.comma.join(titles[code] for code in step.blocked_by)}
    return _NO_DEADLINE, {}
