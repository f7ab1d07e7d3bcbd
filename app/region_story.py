"""The region's operator looks where people are stuck, and takes the region's report; of nobody is anything told."""

from typing import Any

from app.phone import Staff

DASHBOARDS = ("funnel", "deadlines", "places", "bottlenecks", "labour-supply", "kpis")
LEAST = 10
Result = dict[str, Any]


class RegionStory:
    """The operator is signed in already."""

    def __init__(self, office: Staff) -> None:
        self._office = office

    def report(self) -> Result:
        """LookupError when a row tells of fewer than ten people, or the figures say nothing of their ground."""
        rows = {name: self._office.get(f"/v1/region/{name}")["items"] for name in DASHBOARDS}
        counted = [row["people"] for name in ("funnel", "deadlines") for row in rows[name]]
        counted += [row["visits"] for row in rows["places"]]
        if any(count < LEAST for count in counted):
            raise LookupError(f"told of fewer than {LEAST}: {sorted(counted)[:3]}")
        releases = self._office.get("/v1/figures/releases")["items"]
        reports = self._office.get("/v1/reports")["items"]
        report = self._office.get(f"/v1/reports/{reports[0]['key']}")
        return {
            "dashboards": {name: len(found) for name, found in rows.items()},
            "periods_told": len(releases),
            "report": report.get("title", reports[0]["title"]),
            "of_people": f"ten or more: {len(counted)} rows told",
        }
