"""How somebody fits a vacancy: 0 to 100 points, each part with what it is given for.

This is the reference, one person at a time; `ranking` gives many the same points at once. Only one thing rules a person
out: that they may not do this work here when it begins. Everything else is a part of the score.
"""

from app.domain.matching.bands import band_between
from app.domain.matching.occupations import alike
from app.domain.matching.terms import MOST, About, Band, Level, Match, Part, Shift, Vacancy, Why, Worker

SAME = (Why.OTHER, Why.SAME_MAJOR, Why.SAME_SUB_MAJOR, Why.SAME_MINOR, Why.SAME_UNIT)
OCCUPATION_POINTS = (0, 4, 10, 18, MOST[About.OCCUPATION])
"""By how many digits of the codes are the same."""
WISH_POINTS = (0, 1, 3, 4, MOST[About.WISH])
RELATED = 3
"""Years count that were worked in the same minor group."""
DISTANCE_POINTS = {
    Band.TO_5_KM: MOST[About.DISTANCE],
    Band.TO_15_KM: 10,
    Band.TO_40_KM: 6,
    Band.TO_100_KM: 2,
    Band.FAR: 0,
    Band.UNKNOWN: 6,  # to say where one lives is nobody's duty: it counts as somewhere in between
}
ONE_LEVEL_BELOW = MOST[About.LANGUAGE] // 2
MOST_SPARE = 4
"""Weeks; more is not told apart, so that a day on which somebody will be allowed is not told either."""


def explained(vacancy: Vacancy, worker: Worker) -> Match | None:
    """None: they may not do this work here when it begins."""
    if not worker.may_work.from_start(vacancy.start, vacancy.occupation):
        return None
    parts = (
        _occupation(vacancy, worker),
        _skills(vacancy, worker),
        _experience(vacancy, worker),
        _distance(vacancy, worker),
        _shift(vacancy, worker),
        _wish(vacancy, worker),
        _language(vacancy, worker),
        _allowed(vacancy, worker),
    )
    return Match(vacancy.id, worker.id, parts)


def _full(about: About, why: Why = Why.NOT_ASKED) -> Part:
    return Part(about, MOST[about], MOST[about], why)


def _occupation(vacancy: Vacancy, worker: Worker) -> Part:
    same = max((alike(vacancy.occupation, worked.occupation) for worked in worker.worked), default=0)
    return Part(About.OCCUPATION, OCCUPATION_POINTS[same], MOST[About.OCCUPATION], SAME[same])


def _skills(vacancy: Vacancy, worker: Worker) -> Part:
    if not vacancy.skills:
        return _full(About.SKILLS)
    has, most = sorted(vacancy.skills & worker.skills), MOST[About.SKILLS]
    lacks = tuple(sorted(vacancy.skills - worker.skills))
    return Part(About.SKILLS, most * len(has) // len(vacancy.skills), most, _how_much(has, lacks), tuple(has), lacks)


def _experience(vacancy: Vacancy, worker: Worker) -> Part:
    if not vacancy.years:
        return _full(About.EXPERIENCE)
    related = (worked.years for worked in worker.worked if alike(vacancy.occupation, worked.occupation) >= RELATED)
    years = min(vacancy.years, max(related, default=0))
    has, lacks = (str(years),) if years else (), (str(vacancy.years - years),) if years < vacancy.years else ()
    most = MOST[About.EXPERIENCE]
    return Part(About.EXPERIENCE, most * years // vacancy.years, most, _how_much(has, lacks), has, lacks)


def _distance(vacancy: Vacancy, worker: Worker) -> Part:
    if vacancy.cell is None:
        return _full(About.DISTANCE)
    band = band_between(worker.cell, vacancy.cell)
    return Part(About.DISTANCE, DISTANCE_POINTS[band], MOST[About.DISTANCE], Why.BAND, band=band)


def _shift(vacancy: Vacancy, worker: Worker) -> Part:
    if not vacancy.shifts or not worker.shifts:
        return _full(About.SHIFT)
    both = tuple(shift.value for shift in Shift if shift in vacancy.shifts & worker.shifts)
    return Part(
        About.SHIFT, MOST[About.SHIFT] if both else 0, MOST[About.SHIFT], Why.ALL if both else Why.OTHER, has=both
    )


def _wish(vacancy: Vacancy, worker: Worker) -> Part:
    if not worker.wishes:
        return _full(About.WISH)
    same = max(alike(vacancy.occupation, wish) for wish in worker.wishes)
    return Part(About.WISH, WISH_POINTS[same], MOST[About.WISH], SAME[same])


def _language(vacancy: Vacancy, worker: Worker) -> Part:
    """The language that is the farthest below what is needed decides: the work needs all of them."""
    if not vacancy.languages:
        return _full(About.LANGUAGE)
    levels, least = dict(worker.languages), MOST[About.LANGUAGE]
    has: list[str] = []
    lacks: list[str] = []
    for need in vacancy.languages:
        level = levels.get(need.language, Level.NONE)
        (has if level >= need.level else lacks).append(f"{need.language} {need.level.name}")
        least = min(least, language_points(need.level - level))
    return Part(About.LANGUAGE, least, MOST[About.LANGUAGE], _how_much(has, lacks), tuple(has), tuple(lacks))


def language_points(below: int) -> int:
    """`below`: so many levels below what is needed."""
    if below <= 0:
        return MOST[About.LANGUAGE]
    return ONE_LEVEL_BELOW if below == 1 else 0


def _allowed(vacancy: Vacancy, worker: Worker) -> Part:
    since = worker.may_work.since
    if worker.may_work.sure == ALL_OF_100 or since is None:
        return _full(About.ALLOWED, Why.KNOWN)
    spare = min((vacancy.start - since).days // 7, MOST_SPARE)
    points = min(1 + spare, MOST[About.ALLOWED] - 1)
    return Part(About.ALLOWED, points, MOST[About.ALLOWED], Why.PLANNED, spare=spare)


ALL_OF_100 = 100


def _how_much(has: object, lacks: object) -> Why:
    if not lacks:
        return Why.ALL
    return Why.SOME if has else Why.NONE
