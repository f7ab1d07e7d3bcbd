"""Wire types of reports, of reports by e-mail, and of questions to the simulator."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from app.domain.points.change import check_change
from app.domain.reports.report import Form, Kind, Report, Section
from app.domain.reports.schedule import CODE_DIGITS, ReportFormat, Rhythm, Schedule
from routers.schemas import In, Out
from services.reports.commands import Wanted
from services.reports.what_ifs import Question

Address = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,24}$")]
Key = Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")]


class ColumnOut(Out):
    key: str
    title: str
    kind: Kind


class ChartOut(Out):
    """Keys of columns."""

    form: Form
    across: str
    value: str
    series: str | None
    low: str | None
    high: str | None


class SectionOut(Out):
    """`rows` in the order of `columns`; null: withheld, since too few people are behind it."""

    key: str
    title: str
    note: str
    columns: list[ColumnOut]
    rows: list[list[str | int | float | date | None]]
    chart: ChartOut | None


class ReportOut(Out):
    key: str
    title: str
    made_at: datetime
    sections: list[SectionOut]


class ReportName(Out):
    key: str
    title: str


class ReportNames(Out):
    items: list[ReportName]


def report_out(key: str, report: Report, language: str) -> ReportOut:
    sections = [_section_out(section, language) for section in report.sections]
    return ReportOut(key=key, title=report.title[language], made_at=report.made_at, sections=sections)


def _section_out(section: Section, language: str) -> SectionOut:
    return SectionOut(
        key=section.key,
        title=section.title[language],
        note=section.note[language],
        columns=[ColumnOut(key=c.key, title=c.title[language], kind=c.kind) for c in section.columns],
        rows=[list(row) for row in section.rows],
        chart=None if section.chart is None else ChartOut.model_validate(section.chart),
    )


class SubscribeIn(In):
    """`hour`: 0 to 23, by the region's clocks. A weekly report comes on Mondays, a monthly one on the first."""

    report: Key
    format: ReportFormat
    language: Literal["ru", "en"] = "ru"
    rhythm: Rhythm
    hour: int = Field(8, ge=0, le=23)
    address: Address

    def wanted(self) -> Wanted:
        return Wanted(self.report, self.format, self.language, Schedule(self.rhythm, self.hour), self.address)


class Subscribed(Out):
    """A code was sent to the address: nothing else is before it is given."""

    id: UUID


class ConfirmIn(In):
    code: str = Field(pattern=f"^[0-9]{{{CODE_DIGITS}}}$")


class StopIn(In):
    """`token` stands in each e-mail."""

    token: str = Field(pattern=r"^[0-9a-f]{32}\.[0-9a-f]{32}$")


class SubscriptionOut(Out):
    """`address` is not shown in full."""

    id: UUID
    report: str
    format: ReportFormat
    language: str
    rhythm: Rhythm
    hour: int
    address: str
    confirmed: bool
    next_due: datetime | None
    last_sent: datetime | None


class Subscriptions(Out):
    items: list[SubscriptionOut]


class WhatIfIn(In):
    """At a point: so many `counters` more (below zero: fewer), or another `weekday` (0 is Monday) with its hours."""

    point_id: UUID
    counters: int = Field(0, ge=-20, le=20)
    weekday: int | None = Field(None, ge=0, le=6)
    opens: time | None = None
    closes: time | None = None

    @model_validator(mode="after")
    def _changes_one_thing(self) -> Self:
        check_change(self.counters, self.weekday, self.opens, self.closes)
        return self

    def question(self) -> Question:
        return Question(self.point_id, self.counters, self.weekday, self.opens, self.closes)


class WhatIfAsked(Out):
    id: UUID


class EffectOut(Out):
    """`now` and `then`: as it is and as it would be; `effect`: the mean of what the change makes, between the least and
    the greatest of the seeds.
    """

    name: str
    now: float
    then: float
    effect: float
    low: float
    high: float


class WhatIfAnswer(Out):
    """Played with so many invented `people` who come in so many `days`, so many times (`seeds`)."""

    people: int
    days: int
    seeds: int
    figures: list[EffectOut]


class WhatIfOut(Out):
    """`progress` of 100."""

    id: UUID
    asked_at: datetime
    question: dict[str, Any]
    status: Literal["waiting", "running", "done", "failed"]
    progress: int
    answer: WhatIfAnswer | None


class WhatIfs(Out):
    items: list[WhatIfOut]
