"""What each kind of message says, in English; catalogues say it in the other languages."""

from dataclasses import dataclass
from typing import Final

from app.domain.consents.status import ConsentStatus
from app.domain.reminders.kinds import Kind, Urgency
from app.domain.reminders.words import Phrase


@dataclass(frozen=True, slots=True)
class Template:
    """Of several titles or briefs, the first is said for which all facts are known.

    `brief` is all that a detailed push shows; the inbox shows `more` under it.
    """

    titles: tuple[Phrase, ...]
    briefs: tuple[Phrase, ...]
    more: tuple[Phrase, ...]


def _template(
    title: str | tuple[Phrase, ...], brief: str | tuple[Phrase, ...], more: str | tuple[str, ...]
) -> Template:
    return Template(
        (Phrase(title),) if isinstance(title, str) else title,
        (Phrase(brief),) if isinstance(brief, str) else brief,
        (Phrase(more),) if isinstance(more, str) else tuple(map(Phrase, more)),
    )


TEMPLATES: Final = {
    Kind.VISIT_TOMORROW: _template(
        "Visit tomorrow at {time}",
        "{step}. {day}, {time}. {point}.",
        "Bring your passport and the papers listed in the app. If you cannot come, move or cancel the visit there, so "
        "that somebody else can have the place.",
    ),
    Kind.VISIT_IN_TWO_HOURS: _template(
        "Visit today at {time}",
        "{step}. {point}.",
        "Your pass is in the app and works without the internet.",
    ),
    Kind.LEAVE_NOW: _template(
        "Time to leave",
        (
            Phrase(
                "The way takes about {minutes} minute. Visit at {time}: {point}.",
                "The way takes about {minutes} minutes. Visit at {time}: {point}.",
                "minutes",
            ),
        ),
        "If you may be late, come all the same and tell the staff.",
    ),
    Kind.TURN_NEAR: _template(
        "Your turn is near",
        (
            Phrase(
                "Ticket {ticket}: {ahead} person ahead of you. {point}.",
                "Ticket {ticket}: {ahead} people ahead of you. {point}.",
                "ahead",
            ),
        ),
        "Please stay near the counters.",
    ),
    Kind.CALLED: _template(
        "It is your turn: {ticket}",
        "Please go there now: {counter}. {point}.",
        "If nobody comes, the next visitor is called.",
    ),
    Kind.VISIT_MOVED: _template(
        "Your visit was moved",
        "{step}. New time: {day}, {time}. {point}.",
        (
            "It was {was_day}, {was_time}. That time is no longer yours. You can choose another one in the app.",
            "If the new time does not suit you, choose another one in the app.",
        ),
    ),
    Kind.POINT_CLOSED: _template(
        "Your visit cannot take place",
        (
            Phrase("{step}. The point is closed ({day}). We offer: {offer_day}, {offer_time}. {offer_point}."),
            Phrase("{step}. The point is closed ({day}). Please choose another time."),
        ),
        "{point} cannot receive you at {time}. We are sorry. In the app you can choose another time or another point.",
    ),
    Kind.DOCUMENTS_TO_BRING: _template(
        "What to bring to your visit",
        "{step}. {day}, {time}. Bring: {documents}.",
        "Bring the originals. If something is missing, you can move the visit in the app.",
    ),
    Kind.STEP_DONE: _template(
        "Step done",
        (
            Phrase("{step}. Next: {next_step}, by {next_day}."),
            Phrase("{step}. Next: {next_step}."),
            Phrase("{step}. Nothing else has to be done now."),
        ),
        "All your steps and their deadlines are in the app.",
    ),
    Kind.DEADLINE_NEAR: _template(
        (Phrase("{days} day left", "{days} days left", "days"), Phrase("Today is the last day")),
        "{step}. The last day is {day}.",
        "Being late can have consequences under the law. You can book a visit in the app. If you cannot be in time, "
        "ask for legal help: it is free.",
    ),
    Kind.PAPER_EXPIRING: _template(
        (Phrase("Expires in {days} day", "Expires in {days} days", "days"), Phrase("Expires today")),
        "{paper}. Valid until {day}.",
        "The app says how to renew it and what to bring.",
    ),
    Kind.TAX_DUE: _template(
        "Tax payment for the patent",
        "Pay the income-tax advance by {day}. Without it the patent lapses the next day.",
        "Keep the receipt. If you have paid already, note it in the app.",
    ),
    Kind.PATENT_RENEWAL: _template(
        "Time to renew your patent",
        "Your patent is valid until {day}.",
        "The app says what to do before that day and what to bring.",
    ),
    Kind.WAITLIST_OFFER: _template(
        "An earlier time is free",
        "{step}. {day}, {time}. Answer by {answer_by}. {point}.",
        "If you do not answer, this time goes to the next person. The visit that you have stays as it is.",
    ),
    Kind.EMPLOYER_REQUEST: _template(
        "An employer is asking about you",
        "{employer}: {vacancy}.",
        "The employer sees your contacts only if you agree. You may refuse, and nothing else changes. You pay nobody "
        "for a job here.",
    ),
    Kind.CONSENT_CHANGED: _template(
        "A change to your consent",
        "{purpose}: {change}.",
        "You can give or withdraw consent in the app at any time. If this was not you, change it there and tell a "
        "service point.",
    ),
    Kind.DATA_USED: _template(
        "Your data was used",
        "{reader}: {day}, {time}.",
        "The app shows why and on what ground. If it seems wrong to you, ask at a service point.",
    ),
    Kind.COMPLAINT_ANSWERED: _template(
        "Your complaint is answered",
        "Complaint {number}.",
        "The answer is in the app. If you do not agree with it, you can complain again or turn to the prosecutor's "
        "office: it is free.",
    ),
    Kind.COMPLAINT_LATE: _template(
        "The answer to your complaint is late",
        "Complaint {number}. The last day was {day}.",
        "It is marked as late, and will be answered all the same. You can also turn to the prosecutor's office: it is "
        "free.",
    ),
}

DIGEST: Final = Phrase("{count} new message", "{count} new messages", "count")

PUBLIC: Final = {
    Urgency.NOW: Phrase("Please open the app now."),
    Urgency.TODAY: Phrase("Something needs your attention today."),
    Urgency.SOON: Phrase("Something needs your attention soon."),
    Urgency.NEWS: Phrase("You have a new message."),
}
"""All that a stranger may read."""

_ENDED: Final = Phrase("no longer valid")
CONSENT: Final = {
    ConsentStatus.REQUESTED: Phrase("your consent is asked for"),
    ConsentStatus.GIVEN: Phrase("consent given"),
    ConsentStatus.REFUSED: Phrase("consent refused"),
    ConsentStatus.RENEWED: Phrase("consent renewed"),
    ConsentStatus.WITHDRAWN: Phrase("consent withdrawn"),
    ConsentStatus.EXPIRED: Phrase("consent has expired"),
    ConsentStatus.INVALIDATED: _ENDED,
    ConsentStatus.REVOKED: _ENDED,
}

LABELS: Final = {
    Kind.VISIT_TOMORROW: Phrase("A visit: the day before"),
    Kind.VISIT_IN_TWO_HOURS: Phrase("A visit: two hours before"),
    Kind.LEAVE_NOW: Phrase("Time to leave"),
    Kind.TURN_NEAR: Phrase("Your turn is near"),
    Kind.CALLED: Phrase("You are called"),
    Kind.VISIT_MOVED: Phrase("A visit was moved"),
    Kind.POINT_CLOSED: Phrase("A point is closed"),
    Kind.DOCUMENTS_TO_BRING: Phrase("What to bring"),
    Kind.STEP_DONE: Phrase("A step is done"),
    Kind.DEADLINE_NEAR: Phrase("Deadlines"),
    Kind.PAPER_EXPIRING: Phrase("Papers that expire"),
    Kind.TAX_DUE: Phrase("Tax payments"),
    Kind.PATENT_RENEWAL: Phrase("Patent renewal"),
    Kind.WAITLIST_OFFER: Phrase("Earlier times"),
    Kind.EMPLOYER_REQUEST: Phrase("Employers' requests"),
    Kind.CONSENT_CHANGED: Phrase("Changes to consents"),
    Kind.DATA_USED: Phrase("Use of your data"),
    Kind.COMPLAINT_ANSWERED: Phrase("Answers to complaints"),
    Kind.COMPLAINT_LATE: Phrase("Complaints without an answer"),
}
"""What the kinds are called where one chooses what to receive."""

WARNINGS: Final = {
    Kind.POINT_CLOSED: Phrase("Without these messages you may come to a point that is closed."),
    Kind.DEADLINE_NEAR: Phrase(
        "Without these messages you may miss a deadline set by law. That can mean a fine or the loss of the right to "
        "stay."
    ),
    Kind.PAPER_EXPIRING: Phrase(
        "Without these messages you may not notice that a paper has expired. Without it you may lose the right to work "
        "or to stay."
    ),
    Kind.TAX_DUE: Phrase("Without these messages you may miss a payment. Unpaid, the patent lapses the next day."),
    Kind.PATENT_RENEWAL: Phrase(
        "Without these messages you may be left without a valid patent, and without one you may not work."
    ),
    Kind.CONSENT_CHANGED: Phrase("Without these messages you may not learn that a consent of yours has changed."),
}
"""What is said before an essential kind is muted."""
