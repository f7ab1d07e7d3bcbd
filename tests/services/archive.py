"""All that an operator can have of the region's reports at a date: dashboards, reports as data, tables, workbooks, and
the workbook that comes by e-mail. Each table in it is read back to numbers of people by what its rows are called.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_string, policy
from typing import Any
from uuid import uuid4

import openpyxl

from app.adapters.smtp import SmtpEmail
from app.domain.identity.caller import Caller, Role
from app.rendering.files import file_of
from services.identity.repository import add_session
from services.reports.making import make
from services.reports.names import OCCUPATIONS, RIGHTS, Names, names_of
from services.reports.sending import ReportMail, plan_reports, send_next
from services.staff.commands import add_enrolled
from tests.adapters.test_smtp import Server
from tests.services.crowd import first_region
from tests.services.seasons import Json, Region

REPORTS = ("overview", "points", "labour")
Key = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The same numbers on a dashboard and in a section: which rows, and what they are called there and here."""

    dashboard: str
    spans: tuple[int, ...]
    report: str
    section: str
    weeks: int
    number: str
    columns: tuple[str, ...]
    named: Callable[[Names, Json], Key]
    counted: Callable[[Json], bool] = field(default=lambda _: True)
    monthly: bool = False


def _hours(names: Names, row: Json) -> Key:
    hours = row["hours"]
    return names.of(names.points, row["points"]), hours[0] if len(hours) == 1 else f"{hours[0]}-{hours[-1]}"


TABLES: Mapping[str, Table] = {
    "places": Table(
        "places",
        (1, 3, 5),
        "points",
        "places",
        4,
        "visits",
        ("point",),
        lambda names, row: (names.of(names.points, row["points"]),),
    ),
    "hours": Table(
        "load",
        (3, 4),
        "points",
        "hours",
        4,
        "visits",
        ("point", "hour"),
        _hours,
        counted=lambda row: bool(row["hours"]),
    ),
    "funnel": Table(
        "funnel",
        (8, 13, 14),
        "overview",
        "funnel",
        13,
        "people",
        ("kind", "step"),
        lambda names, row: (names.of(names.kinds, row["kinds"]), names.of(names.steps, row["stages"])),
        counted=lambda row: row["weeks"] == 5,
    ),
    "deadlines": Table(
        "deadlines",
        (6, 13),
        "overview",
        "deadlines",
        13,
        "people",
        ("kind", "entered"),
        lambda names, row: (names.of(names.kinds, row["kinds"]), row["entered_on"]),
    ),
    "supply": Table(
        "labour-supply",
        (3, 26),
        "labour",
        "supply",
        26,
        "began",
        ("right", "occupation", "week"),
        lambda names, row: (
            names.of(RIGHTS, row["rights"]),
            names.of(OCCUPATIONS, row["occupations"]),
            row["week"],
        ),
    ),
    "flows": Table(
        "flows",
        (1, 6),
        "points",
        "flows",
        6,
        "people",
        ("month", "origin", "destination"),
        lambda names, row: (
            row["month"],
            names.of(names.municipalities, row["origins"]),
            names.of(names.municipalities, row["destinations"]),
        ),
        monthly=True,
    ),
}


@dataclass(frozen=True)
class Document:
    """One table as it was had from somewhere, of the days from `since` to `until`."""

    table: str
    source: str
    since: date
    until: date
    rows: Mapping[Key, int]

    def holds(self, other: "Document") -> bool:
        """Whether it is of all of the other's time."""
        return self.table == other.table and self.since <= other.since and other.until <= self.until


class Archive:
    """What one operator, who is signed in, has fetched so far."""

    def __init__(self, region: Region, caller: Caller) -> None:
        self.region, self.caller = region, caller
        self.documents: list[Document] = []
        self.worlds: list[Json] = []

    async def headers(self) -> dict[str, str]:
        runtime = self.region.runtime
        token = await runtime.keyring.issue(first_region(runtime), self.caller, self.region.clock.now())
        return {"Authorization": f"Bearer {token}", "Accept-Language": "en"}

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.region.client.get(path, params=params, headers=await self.headers())
        assert answer.status_code == 200, answer.text
        return answer

    async def post(self, path: str, body: Json) -> Json:
        answer = await self.region.client.post(path, json=body, headers=await self.headers())
        assert answer.status_code < 300, answer.text
        found: Json = answer.json() if answer.content else {}
        return found

    async def fetch(self, letters: Server) -> None:
        """Everything, as it is told today."""
        database, here = self.region.runtime.database, first_region(self.region.runtime)
        async with database.reading(here) as uow:
            names, today = await names_of(uow, "en"), here.day_of(uow.now)
        made = {key: (await self.get(f"/v1/reports/{key}")).json() for key in REPORTS}
        books = {key: (await self.get(f"/v1/reports/{key}/file", format="xlsx")).content for key in REPORTS}
        mailed = workbook(await self._letter(letters))
        for name, table in TABLES.items():
            for weeks in table.spans:
                [span] = ["months"] if table.monthly else ["weeks"]
                rows = [row for row in await self.region.get(table.dashboard, **{span: weeks}) if table.counted(row)]
                told = [(table.named(names, row), row[table.number] or 0) for row in rows]
                self._keep(name, "dashboard", table, today, weeks, told)
            section = next(one for one in made[table.report]["sections"] if one["key"] == table.section)
            keys = [column["key"] for column in section["columns"]]
            picked = [keys.index(key) for key in (*table.columns, table.number)]
            title = section["title"].replace(":", " ")[:31]  # as sheets may be called
            csv_of = await self.get(f"/v1/reports/{table.report}/sections/{table.section}/table.csv")
            read = list(csv.reader(io.StringIO(csv_of.content.decode("utf-8-sig"), newline="")))[1:]
            found = {"data": section["rows"], "csv": read, "xlsx": workbook(books[table.report])[title]}
            if title in mailed:
                found["letter"] = mailed[title]
            for source, rows in found.items():
                told = [_read([row[place] for place in picked]) for row in rows]
                self._keep(name, source, table, today, table.weeks, told)

    def _keep(self, name: str, source: str, table: Table, today: date, spans: int, told: list[tuple[Key, int]]) -> None:
        until = today.replace(day=1) if table.monthly else today - timedelta(days=today.weekday())
        since = until - timedelta(weeks=spans)
        if table.monthly:
            since = until
            for _ in range(spans):
                since = (since - timedelta(days=1)).replace(day=1)
        rows: Counter[Key] = Counter()
        for key, number in told:
            rows[key] += number
        self.documents.append(Document(name, source, since, until, rows))

    async def subscribe(self, letters: Server) -> None:
        """The report of points, each day, to an address that was shown to be one's own."""
        body = {"report": "points", "format": "xlsx", "language": "en", "rhythm": "daily", "hour": 8}
        made = (await self.post("/v1/report-subscriptions", body | {"address": "op@example.org"}))["id"]
        await self._work(letters)
        code = re.search(r"[0-9]{8}", _letter_of(letters).get_body().get_content())
        assert code is not None
        await self.post(f"/v1/report-subscriptions/{made}/confirm", {"code": code[0]})

    async def _letter(self, letters: Server) -> bytes:
        """The workbook of the day after."""
        await self._work(letters)
        letters.letters.clear()
        self.region.clock.move(days=1)
        await self._work(letters)
        [file] = list(_letter_of(letters).iter_attachments())
        content: bytes = file.get_content()
        return content

    async def _work(self, letters: Server) -> None:
        database, here = self.region.runtime.database, first_region(self.region.runtime)
        mail = ReportMail(SmtpEmail(f"smtp://127.0.0.1:{letters.port}", "noreply@manzil.example"), make, file_of)
        while await plan_reports(database, here) + await send_next(database, here, mail):
            pass


async def archive_of(region: Region) -> Archive:
    async with region.runtime.database.writing(first_region(region.runtime)) as uow:
        account = await add_enrolled(uow, Role.REGION_OPERATOR, f"{uuid4()}@test", "x", "A" * 32)
        session = await add_session(uow, account, None, uow.now.replace(year=2100))
    return Archive(region, Caller(account, Role.REGION_OPERATOR, session.id))


def workbook(content: bytes) -> dict[str, list[list[Any]]]:
    """The rows of each sheet's table."""
    book: Any = openpyxl.load_workbook(io.BytesIO(content))
    found = {}
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(min_row=5, values_only=True))
        ends = next((place for place, row in enumerate(rows) if row[0] is None), len(rows))
        found[sheet.title] = rows[:ends]
    return found


def _letter_of(letters: Server) -> Any:
    return message_from_string(letters.letters[-1], policy=policy.default)


def _read(row: list[Any]) -> tuple[Key, int]:
    """A row's name and its number; nothing where it is withheld."""
    *name, number = row
    said = (each.date().isoformat() if hasattr(each, "date") else str(each) for each in name)
    return tuple(said), 0 if number in (None, "", "–") else int(number)
