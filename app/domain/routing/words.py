"""Says in plain words why an itinerary is offered, what stands in the way, and what is assumed: English here, the other
languages in the catalogues.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.domain.pathways.calendar import Term, Unit
from app.domain.pathways.reasons import term_in_words
from app.domain.reminders.words import Phrase, Words, filled
from app.domain.routing.itinerary import Cost, Obstacle, Obstructed, Reason, Why
from app.domain.routing.standing import Cause

Titles = Mapping[str, str]
"""Titles of steps by the code of their task, in the language that is asked for."""

CONTEXT: Final = "plan"
_OUTINGS: Final = Phrase("{count} day out", "{count} days out", "count")
_MINUTES: Final = Phrase("{count} minute on the way", "{count} minutes on the way", "count")
_BEST: Final = Phrase("Meets every deadline and is done soonest: {day}. {outings}, {way}.")
_LEAST_LATE: Final = Phrase("The least late there is: {day}. {outings}, {way}.")
_REASONS: Final = {
    Reason.FEWER_OUTINGS: Phrase("Fewer days out: {outings}."),
    Reason.LESS_TRAVEL: Phrase("A shorter way: {way}."),
    Reason.OTHER_DAYS: Phrase("Other days."),
}
_READY: Final = Phrase("All done: {day}.")
_READY_LATER: Final = Phrase("All done: {day} (later by {term}).")
_OBSTACLES: Final = {
    Obstacle.PAST: Phrase("The deadline has passed."),
    Obstacle.NOT_ALLOWED_YET: Phrase("The first day on which it may be done: {day}."),
    Obstacle.PREREQUISITE_UNPLACED: Phrase("“{by}” has to be done first, and there is no day for it yet."),
    Obstacle.RESULT_TOO_LATE: Phrase("“{by}” has to be done first, and its result comes too late."),
    Obstacle.RESULT_ENDS: Phrase("No place is free before the result of “{by}” ends."),
    Obstacle.NO_PLACE: Phrase("No point has a place free in time."),
    Obstacle.TOO_FAR: Phrase("Places are free only farther than you would go."),
    Obstacle.FREE_HOURS: Phrase("Places are free, but not in your free hours."),
    Obstacle.CLASH: Phrase("There is no time for it on one day with “{by}”."),
}
_NOT_YET: Final = Phrase("It may not be done yet.")
_LOOKED_FROM: Final = Phrase("Looked for from this day on: {day}.")
_ANOTHER_STEP: Final = Phrase("Another step")
_BY_HOST: Final = Phrase("It is assumed that your host will have done “{step}”.")
_BY_YOU: Final = Phrase("It is assumed that you will have done “{step}”.")
_LAST_DAY: Final = Phrase("The last day for it: {day}.")
_CAUSES: Final = {
    Cause.MISSED: Phrase("“{step}”: the visit was missed."),
    Cause.CANCELLED: Phrase("“{step}”: the visit was cancelled."),
    Cause.COME_AGAIN: Phrase("“{step}”: you were asked to come again."),
    Cause.INCOMPLETE: Phrase("“{step}”: the visit did not finish the step."),
    Cause.NOT_READY: Phrase("“{step}”: what has to be done first will not be ready by then."),
    Cause.RESULT_ENDS: Phrase("“{step}”: a result that it needs will have ended by then."),
    Cause.CLASH: Phrase("“{step}”: there is no time between two visits."),
    Cause.SOONER: Phrase("“{step}”: what had to be done first is done, so all can be done sooner."),
    Cause.NOT_BOOKED: Phrase("“{step}”: it is needed now and not booked."),
}


def phrases() -> list[Phrase]:
    """Every text that is said here."""
    told = (*_REASONS.values(), *_OBSTACLES.values(), *_CAUSES.values())
    single = (_OUTINGS, _MINUTES, _BEST, _LEAST_LATE, _READY, _READY_LATER, _NOT_YET, _LOOKED_FROM, _ANOTHER_STEP)
    return [*single, _BY_HOST, _BY_YOU, _LAST_DAY, *told]


def reason(why: Why, cost: Cost, words: Words) -> str:
    """One or two sentences on why an itinerary is among those that are offered."""
    facts = {
        "day": words.date(cost.completion),
        "outings": words.say(CONTEXT, _OUTINGS, cost.outings).format(count=cost.outings),
        "way": words.say(CONTEXT, _MINUTES, cost.minutes).format(count=cost.minutes),
        "term": term_in_words(Term(abs(why.days_later), Unit.DAYS), words),
    }
    if why.reason is Reason.BEST:
        return _said(_LEAST_LATE if cost.missed else _BEST, facts, words)
    ready = _READY_LATER if why.days_later > 0 else _READY
    return f"{_said(_REASONS[why.reason], facts, words)} {_said(ready, facts, words)}"


def obstacle(found: Obstructed, titles: Titles, words: Words) -> str:
    """Why a step is late, or has no place."""
    facts = {"by": titles.get(found.by or "") or words.say(CONTEXT, _ANOTHER_STEP)}
    if found.from_day:
        facts["day"] = words.date(found.from_day)
    if found.obstacle is Obstacle.NOT_ALLOWED_YET:
        return _said(_OBSTACLES[found.obstacle] if found.from_day else _NOT_YET, facts, words)
    text = _said(_OBSTACLES[found.obstacle], facts, words)
    if found.from_day and found.obstacle is not Obstacle.PREREQUISITE_UNPLACED:
        text += f" {_said(_LOOKED_FROM, facts, words)}"
    return text


def assumption(title: str, on: date | None, *, by_host: bool, words: Words) -> str:
    """What the itinerary counts on that no visit of it brings about."""
    text = _said(_BY_HOST if by_host else _BY_YOU, {"step": title}, words)
    return f"{text} {_said(_LAST_DAY, {'day': words.date(on)}, words)}" if on else text


def cause(found: Cause, title: str, words: Words) -> str:
    """What became of a visit, so that the rest is planned anew."""
    return _said(_CAUSES[found], {"step": title}, words)


def _said(phrase: Phrase, facts: Mapping[str, str], words: Words) -> str:
    return filled(words.say(CONTEXT, phrase), facts, words)
