"""The region's operator takes a report along: as data, as pages, as a workbook. A single person is in none of them."""

import time
from typing import Any

from app.phone import Json, Office

_KINDS = {"pdf": b"%PDF-", "xlsx": b"PK\x03\x04"}
Result = dict[str, Any]


class ReportStory:
    """The operator is signed in already."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def report(self) -> Result:
        """LookupError when a file is none of its kind, or a count is of fewer than ten people."""
        names = [one["key"] for one in self._office.get("/v1/reports")["items"]]
        made: Json = self._office.get("/v1/reports/overview")
        for section in made["sections"]:
            _told_of_ten(section)
        told: Result = {"reports": names, "title": made["title"], "sections": len(made["sections"])}
        for kind, begins in _KINDS.items():
            begun = time.perf_counter()
            file = self._office.send("GET", f"/v1/reports/overview/file?format={kind}&language=ru", {}).content
            if not file.startswith(begins):
                raise LookupError(f"the report is no {kind}")
            told[kind] = f"{len(file)} bytes, {1000 * (time.perf_counter() - begun):.0f} ms"
        return told


def _told_of_ten(section: Json) -> None:
    kinds = [column["kind"] for column in section["columns"]]
    for row in section["rows"]:
        for value, kind in zip(row, kinds, strict=True):
            if kind == "count" and value is not None and 0 < value < 5:  # noqa: PLR2004 — told counts are in fives
                raise LookupError(f"{section['key']} tells of {value}")
