"""Puts a message together: in full for the person, and as little as there may be for whoever carries it."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from app.domain.consents.status import ConsentStatus
from app.domain.reminders.kinds import KINDS, Kind, Urgency
from app.domain.reminders.templates import CONSENT, DIGEST, LABELS, PUBLIC, TEMPLATES, WARNINGS
from app.domain.reminders.words import Phrase, Words, clock, filled

APP = "Manzil"
TITLE_LIMIT = 50
"""Characters of a push's title: about what a phone shows on one line."""
BODY_LIMIT = 178
"""Characters of a push's body: what an iPhone's lock screen shows of it; Android shows more."""
_FSI, _PDI = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a message tells of; a kind needs only what its template names.

    Titles, names and `documents` are texts in the reader's language as far as there are such. Instants are in the
    local time of the point (or of the region), days are local days; `on` is the day on which the text is read
    made. `day` is the last day on which something can be done, or on which a paper is still valid.
    """

    on: date
    step: str | None = None
    point: str | None = None
    at: datetime | None = None
    was_at: datetime | None = None
    offer_at: datetime | None = None
    offer_point: str | None = None
    day: date | None = None
    next_step: str | None = None
    next_day: date | None = None
    answer_by: datetime | None = None
    minutes: int | None = None
    ahead: int | None = None
    ticket: str | None = None
    counter: str | None = None
    documents: tuple[str, ...] = ()
    paper: str | None = None
    employer: str | None = None
    vacancy: str | None = None
    purpose: str | None = None
    consent: ConsentStatus | None = None
    reader: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """`link` is a path in the app. `brief` is told outside it only to who chose detail, `more` never."""

    title: str
    brief: str
    more: str
    link: str

    @property
    def body(self) -> str:
        return f"{self.brief}\n{self.more}"


@dataclass(frozen=True, slots=True)
class Push:
    """What the carrier of a push sees, and the phone's screen."""

    title: str
    body: str
    link: str


def message(kind: Kind, subject_id: str, facts: Facts, words: Words) -> Message:
    """The message in full. Raises `ValueError` when the facts are not those that the kind tells of."""
    template, said = TEMPLATES[kind], _said(facts, words)
    return Message(
        title=_first(template.titles, kind, said, facts, words),
        brief=_first(template.briefs, kind, said, facts, words),
        more=_first(template.more, kind, said, facts, words),
        link=KINDS[kind].link.format(id=subject_id),
    )


def discreet_push(kind: Kind, message_id: str, words: Words, days_left: int | None = None) -> Push:
    """Tells how soon to look, and leads to the inbox: not even the link says what it is about."""
    return Push(APP, public_text(kind, words, days_left), f"/inbox/{message_id}")


def detailed_push(told: Message) -> Push:
    """For who chose detail. What is too long is cut; the inbox has all of it."""
    return Push(cut(told.title, TITLE_LIMIT), cut(told.brief, BODY_LIMIT), told.link)


def discreet_sms(kind: Kind, words: Words, days_left: int | None = None) -> str:
    return f"{APP}: {public_text(kind, words, days_left)}"


def detailed_sms(told: Message) -> str:
    return f"{APP}: {told.title}. {told.brief}"


def public_text(kind: Kind, words: Words, days_left: int | None = None) -> str:
    """One sentence that names nobody and nothing. `days_left` until a deadline make it more urgent at the end."""
    urgency = KINDS[kind].urgency
    if urgency is Urgency.SOON and days_left is not None and days_left <= 1:
        urgency = Urgency.TODAY
    return words.say("public", PUBLIC[urgency])


def digest_title(count: int, words: Words) -> str:
    """`3 new messages`: of several at once only the number is told."""
    return filled(words.say("digest", DIGEST, count), {"count": str(count)}, words)


def label(kind: Kind, words: Words) -> str:
    return words.say("kind", LABELS[kind])


def warning(kind: Kind, words: Words) -> str | None:
    """What to say before the kind is muted; None when nothing is lost by law."""
    said = WARNINGS.get(kind)
    return None if said is None else words.say("warning", said)


def cut(text: str, limit: int) -> str:
    """`text`, or its beginning up to a whole word and an ellipsis, in `limit` characters at most."""
    if len(text) <= limit:
        return text
    # Two characters are kept back: for the ellipsis, and to close an isolate that the cut leaves open.
    head = text[: limit - 2]
    whole, space, _ = head.rpartition(" ")
    head = (whole if space and len(whole) > limit // 2 else head).rstrip(" ,.:;—-")
    return head + ("…" + _PDI if head.count(_FSI) > head.count(_PDI) else "…")


def _first(phrases: tuple[Phrase, ...], kind: Kind, said: dict[str, str], facts: Facts, words: Words) -> str:
    for phrase in phrases:
        number = _number(phrase, facts)
        try:
            phrase.english.format_map(said)
        except KeyError:
            continue
        return filled(words.say(kind, phrase, number), said, words)
    raise ValueError(f"{kind}: facts are missing")


def _number(phrase: Phrase, facts: Facts) -> int | None:
    match phrase.counts:
        case None:
            return None
        case "days":
            return _days(facts)
        case name:
            number: int | None = getattr(facts, name)
            return number


def _days(facts: Facts) -> int | None:
    """Days left until the last one; None on it and after."""
    left = (facts.day - facts.on).days if facts.day else 0
    return left if left > 0 else None


def _said(facts: Facts, words: Words) -> dict[str, str]:
    """The facts that there are, as they are said, by the names that templates have for them."""
    said: dict[str, str] = {}
    for each in fields(facts):
        value = getattr(facts, each.name)
        match value:
            case str() | int():
                said[each.name] = str(value)
            case datetime() if each.name != "answer_by":
                prefix = each.name.removesuffix("at")
                said[f"{prefix}day"], said[f"{prefix}time"] = words.day(value.date()), clock(value)
            case date() if each.name not in {"on", "answer_by"}:
                said[each.name] = words.day(value)
    if facts.answer_by:
        by, same_day = facts.answer_by, facts.answer_by.date() == facts.on
        said["answer_by"] = clock(by) if same_day else f"{words.day(by.date())} {clock(by)}"
    if facts.documents:
        said["documents"] = words.comma.join(facts.documents)
    if facts.consent:
        said["change"] = words.say("consent", CONSENT[facts.consent])
    if left := _days(facts):
        said["days"] = str(left)
    return said
