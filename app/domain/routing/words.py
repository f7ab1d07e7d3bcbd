"""Says in plain words why an itinerary is offered, what stands in the way, and what is assumed. Russian and English."""

from collections.abc import Mapping
from datetime import date

from app.domain.pathways.calendar import Term, Unit
from app.domain.pathways.reasons import day_in_words, term_in_words
from app.domain.routing.itinerary import Cost, Obstacle, Obstructed, Reason, Why
from app.domain.routing.standing import Cause

Titles = Mapping[str, str]
"""Titles of steps by the code of their task, in the language that is asked for."""

_OBSTACLES: dict[Obstacle, tuple[str, str]] = {
    Obstacle.PAST: ("The deadline has passed.", "Срок уже прошёл."),
    Obstacle.NOT_ALLOWED_YET: (
        "It may not be done before {day}.",
        "Раньше {day} это сделать нельзя.",
    ),
    Obstacle.PREREQUISITE_UNPLACED: (
        "{by} has to be done first, and there is no day for it yet.",
        "Сначала нужно: {by}, а дня для этого пока нет.",
    ),
    Obstacle.RESULT_TOO_LATE: (
        "{by} has to be done first, and its result comes too late.",
        "Сначала нужно: {by}, а результат будет слишком поздно.",
    ),
    Obstacle.RESULT_ENDS: (
        "No place is free before the result of {by} ends.",
        "До окончания результата ({by}) нет свободных мест.",
    ),
    Obstacle.NO_PLACE: ("No point has a place free in time.", "Ни в одном пункте нет свободного места в срок."),
    Obstacle.TOO_FAR: (
        "Places are free only farther than you would go.",
        "Свободные места есть только дальше, чем вы готовы ехать.",
    ),
    Obstacle.FREE_HOURS: ("Places are free, but not in your free hours.", "Места есть, но не в ваше свободное время."),
    Obstacle.CLASH: (
        "There is no time for it on one day with {by}.",
        "На это не хватает времени в один день с другим визитом: {by}.",
    ),
}
_CAUSES: dict[Cause, tuple[str, str]] = {
    Cause.MISSED: ("{step}: the visit was missed.", "{step}: визит пропущен."),
    Cause.CANCELLED: ("{step}: the visit was cancelled.", "{step}: визит отменён."),
    Cause.COME_AGAIN: ("{step}: you were asked to come again.", "{step}: вас попросили прийти снова."),
    Cause.INCOMPLETE: ("{step}: the visit did not finish the step.", "{step}: визит не завершил шаг."),
    Cause.NOT_READY: (
        "{step}: what has to be done first will not be ready by then.",
        "{step}: к этому дню не будет готово то, что нужно сначала.",
    ),
    Cause.RESULT_ENDS: (
        "{step}: a result that it needs will have ended by then.",
        "{step}: к этому дню закончится нужный результат.",
    ),
    Cause.CLASH: ("{step}: there is no time between two visits.", "{step}: между двумя визитами не хватает времени."),
    Cause.SOONER: (
        "{step}: what had to be done first is done, so all can be done sooner.",
        "{step}: то, что нужно было сначала, готово, поэтому всё можно успеть раньше.",
    ),
    Cause.NOT_BOOKED: ("{step}: it is needed now and not booked.", "{step}: шаг теперь нужен, а записи на него нет."),
}


def reason(why: Why, cost: Cost, language: str) -> str:
    """One or two sentences on why an itinerary is among those that are offered."""
    end = day_in_words(cost.completion, language)
    trips = _counted(cost.outings, ("day out", "days out"), ("выезд", "выезда", "выездов"), language)
    way = _counted(cost.minutes, ("minute", "minutes"), ("минута", "минуты", "минут"), language)
    later = term_in_words(Term(abs(why.days_later), Unit.DAYS), language)
    russian = language == "ru"
    if why.reason is Reason.BEST:
        late = cost.missed > 0
        if russian:
            first = "Опаздывает меньше всего" if late else "Все сроки соблюдены, и всё готово раньше всего"
            return f"{first}: {end}. {trips}, в пути {way}."
        first = "The least late there is" if late else "Meets every deadline and is done soonest"
        return f"{first}: {end}. {trips}, {way} on the way."
    if russian:
        told = {
            Reason.FEWER_OUTINGS: f"Меньше выездов: {trips}",
            Reason.LESS_TRAVEL: f"Меньше дороги: {way}",
            Reason.OTHER_DAYS: "Другие дни",
        }[why.reason]
        return f"{told}. Готово {end}" + (f", на {later} позже." if why.days_later > 0 else ".")
    told = {
        Reason.FEWER_OUTINGS: f"Fewer days out: {trips}",
        Reason.LESS_TRAVEL: f"Less on the way: {way}",
        Reason.OTHER_DAYS: "Other days",
    }[why.reason]
    return f"{told}. Done on {end}" + (f", {later} later." if why.days_later > 0 else ".")


def obstacle(found: Obstructed, titles: Titles, language: str) -> str:
    """Why a step is late, or has no place."""
    english, russian = _OBSTACLES[found.obstacle]
    by = titles.get(found.by or "", "другой шаг" if language == "ru" else "another step")
    day = day_in_words(found.from_day, language) if found.from_day else ""
    if found.obstacle is Obstacle.NOT_ALLOWED_YET and not day:
        english, russian = "It may not be done yet.", "Пока это сделать нельзя."
    text = (russian if language == "ru" else english).format(by=_quoted(by, language), day=day)
    if found.from_day and found.obstacle not in {Obstacle.NOT_ALLOWED_YET, Obstacle.PREREQUISITE_UNPLACED}:
        text += f" Искали с {day}." if language == "ru" else f" Looked for from {day} on."
    return text


def assumption(title: str, on: date | None, *, by_host: bool, language: str) -> str:
    """What the itinerary counts on that no visit of it brings about."""
    day = day_in_words(on, language) if on else ""
    if language == "ru":
        who = "принимающая сторона сделает" if by_host else "вы сделаете"
        return f"Считаем, что {who}: «{title}»" + (f" — не позже {day}." if day else ".")
    who = "your host" if by_host else "you"
    return f"It is assumed that {who} will have done “{title}”" + (f" by {day}." if day else ".")


def cause(found: Cause, title: str, language: str) -> str:
    """What became of a visit, so that the rest is planned anew."""
    english, russian = _CAUSES[found]
    return (russian if language == "ru" else english).format(step=_quoted(title, language))


def _quoted(title: str, language: str) -> str:
    if not title:
        return ""
    return f"«{title}»" if language == "ru" else f"“{title}”"


def _counted(count: int, english: tuple[str, str], russian: tuple[str, str, str], language: str) -> str:
    """`2 выезда`, `2 days out`."""
    if language != "ru":
        return f"{count} {english[count != 1]}"
    tens, ones = count % 100, count % 10
    if ones == 1 and tens != 11:  # noqa: PLR2004 — CLDR's one, few and many
        return f"{count} {russian[0]}"
    return f"{count} {russian[1 if ones in {2, 3, 4} and tens not in {12, 13, 14} else 2]}"
