"""Wire types of ratings and complaints."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.domain.feedback.complaints import LONGEST_TEXT, ComplaintKind, ComplaintStatus, Matter
from app.domain.feedback.law import Helper
from app.domain.feedback.ratings import BEST, LONGEST_COMMENT, WORST
from app.domain.profiles.languages import Language
from app.locales.reading import written
from routers.schemas import In, Out
from services.feedback.complaints import Examined, Listed, Opened

Words = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=r"^[^\x00]*$")]


class RatingIn(In):
    """`language`: that of the comment; without it, the one that the request asks for."""

    stars: int = Field(ge=WORST, le=BEST, strict=True)
    comment: Annotated[str, StringConstraints(max_length=LONGEST_COMMENT, pattern=r"^[^\x00]*$")] | None = None
    language: Language | None = None


class RatingOut(Out):
    """Until `open_until` it can be changed."""

    booking_id: UUID
    stars: int
    comment: str | None
    language: Language | None
    given_at: datetime
    open_until: datetime


class MonthOut(Out):
    """`month` is its first day. `mean` of the stars, over people."""

    month: date
    people: int
    mean: float


class MonthList(Out):
    """Newest first. Of a month that fewer than `fewest` people rated there is no figure."""

    fewest: int
    items: list[MonthOut]


class CommentOut(Out):
    """What was written of the point by somebody, in which language, and in which month."""

    month: date
    text: str
    language: Language


class CommentPage(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[CommentOut]
    next: str | None


class HelperOut(Out):
    """Somebody to turn to. `phone` is dialled as it stands."""

    code: str
    name: str
    what: str
    phone: str | None
    url: str | None


class HelperList(Out):
    items: list[HelperOut]


class ComplaintIn(In):
    """`booking_id` or `point_id` where it is about a visit or a point. `language`: that of the text; without it, the
    one that the request asks for.
    """

    kind: ComplaintKind
    matter: Matter = Matter.OTHER
    text: Words
    language: Language | None = None
    booking_id: UUID | None = None
    point_id: UUID | None = None


class AnswerIn(In):
    """`language`: that of the text."""

    text: Words
    language: Language


class ComplaintOut(Out):
    """`answer_by`: the last day on which it has to be answered, by `law`. `text` and `answer` are None where they were
    erased, and the answer until there is one. `turn_to`: who else can help, in the order to try.

    Of a `register_entry` nothing is held here: it is what the ministry reports, and the ministry puts it right.
    """

    id: UUID
    number: str
    kind: ComplaintKind
    matter: Matter
    status: ComplaintStatus
    point_id: UUID | None
    booking_id: UUID | None
    text: str | None
    language: Language
    received_at: datetime
    answer_by: date
    law: str
    taken_at: datetime | None
    escalated_at: datetime | None
    answered_at: datetime | None
    answer: str | None
    answer_language: Language | None
    turn_to: list[HelperOut]


class ComplaintList(Out):
    items: list[ComplaintOut]


class ListedOut(Out):
    id: UUID
    number: str
    kind: ComplaintKind
    matter: Matter
    status: ComplaintStatus
    point_id: UUID | None
    received_at: datetime
    answer_by: date


class ListedPage(Out):
    """What has to be answered first stands first. `next` goes into `cursor` for the page after; None on the last."""

    items: list[ListedOut]
    next: str | None


class ExaminedOut(Out):
    """As the operator sees it: not who complains. `migrant_id` only where a register's entry is disputed."""

    id: UUID
    number: str
    kind: ComplaintKind
    matter: Matter
    status: ComplaintStatus
    point_id: UUID | None
    service: str | None
    visit_day: date | None
    migrant_id: str | None
    text: str | None
    language: Language
    received_at: datetime
    answer_by: date
    law: str
    answered_at: datetime | None
    answer: str | None
    answer_language: Language | None


def helper_out(helper: Helper, language: Language) -> HelperOut:
    return HelperOut(
        code=helper.code,
        name=written(helper.name, "feedback", language),
        what=written(helper.what, "feedback", language),
        phone=helper.phone,
        url=helper.url,
    )


def complaint_out(opened: Opened, helpers: tuple[Helper, ...], language: Language) -> ComplaintOut:
    row = opened.row
    own = {name: getattr(row, name) for name in ComplaintOut.model_fields if hasattr(row, name)}
    turn_to = [helper_out(helper, language) for helper in helpers]
    return ComplaintOut.model_validate(own | {"text": opened.text, "answer": opened.answer, "turn_to": turn_to})


def listed_out(listed: Listed) -> ListedOut:
    return ListedOut.model_validate(listed)


def examined_out(examined: Examined) -> ExaminedOut:
    row, opened = examined.complaint.row, examined.complaint
    own = {name: getattr(row, name) for name in ExaminedOut.model_fields if hasattr(row, name)}
    seen = {"service": examined.service, "visit_day": examined.visit_day, "migrant_id": examined.migrant_id}
    return ExaminedOut.model_validate(own | seen | {"text": opened.text, "answer": opened.answer})
