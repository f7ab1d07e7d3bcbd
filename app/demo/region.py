"""The demonstration region: invented points, so that a fresh copy has something to show.

Names say that they are a demonstration. Nothing here describes a real institution.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.points.calendar import Hours, Week, ticks_of
from app.domain.points.features import Feature

KINDS = frozenset({"medical", "fingerprints", "exam", "police", "airport", "adaptation"})
LANGUAGES = frozenset({"ru", "tt", "uz-Latn", "tg", "ky", "kk", "hy", "az", "en"})
SATURDAY = 5

Words = Mapping[str, str]
"""A text by language tag; `ru` and `en` are always there."""


@dataclass(frozen=True)
class DemoService:
    """`minutes` a visit takes; `every` how many minutes apart visits may start. Both multiples of 5."""

    code: str
    minutes: int
    every: int

    def __post_init__(self) -> None:
        ticks_of(self.minutes)
        ticks_of(self.every)


@dataclass(frozen=True)
class DemoCatalogued:
    """A service as the region's catalogue tells of it. `settling_in`: no step asks for it."""

    code: str
    name: Words
    purpose: Words
    settling_in: bool


@dataclass(frozen=True)
class DemoPool:
    """Counters that each give all of `services`: the capacity is the pool's, not a service's."""

    code: str
    counters: int
    services: tuple[DemoService, ...]

    def __post_init__(self) -> None:
        if self.counters < 1 or not self.services:
            raise ValueError(f"pool {self.code} has no counters or no services")


@dataclass(frozen=True)
class DemoPoint:
    """`code` is unique in the region; `lat` and `lon` in degrees (WGS 84); `languages` as BCP 47 tags.

    `holidays`: whether it opens on public holidays as on other days.
    """

    code: str
    kind: str
    name: Words
    municipality: Words
    lat: float
    lon: float
    zone: ZoneInfo
    languages: tuple[str, ...]
    step_free: bool
    weekday: tuple[Hours, ...]
    saturday: tuple[Hours, ...]
    sunday: tuple[Hours, ...]
    holidays: bool
    pools: tuple[DemoPool, ...]
    features: tuple[Feature, ...] = ()
    interpreters: Mapping[str, list[str]] = field(default_factory=dict)
    to_know: Words | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.code}: unknown kind {self.kind}")
        if unknown := set(self.languages) - LANGUAGES:
            raise ValueError(f"{self.code}: unknown languages {unknown}")
        if not (abs(self.lat) <= 90 and abs(self.lon) <= 180):  # noqa: PLR2004 - degrees of the globe
            raise ValueError(f"{self.code}: no such place {self.lat}, {self.lon}")
        _refuse_doubles(f"pools of {self.code}", [pool.code for pool in self.pools])

    @property
    def week(self) -> Week:
        """Hours by weekday (0 = Monday)."""
        weekend = {SATURDAY: self.saturday, SATURDAY + 1: self.sunday}
        return dict.fromkeys(range(SATURDAY), self.weekday) | weekend


@dataclass(frozen=True)
class DemoRegion:
    code: str
    name: Words
    zone: ZoneInfo
    points: tuple[DemoPoint, ...]
    services: tuple[DemoCatalogued, ...] = ()

    def __post_init__(self) -> None:
        _refuse_doubles("points", [point.code for point in self.points])


def load_region() -> DemoRegion:
    """Read the region shipped with the package. Raises `ValueError` or `KeyError` if the file is wrong."""
    data = tomllib.loads(files("app.demo").joinpath("tatarstan.toml").read_text(encoding="utf-8"))
    zone = ZoneInfo(data["zone"])
    points = tuple(_point(data, zone, code, row) for code, row in data["points"].items())
    services = tuple(
        DemoCatalogued(code, row["name"], row["purpose"], row.get("settling_in", False))
        for code, row in data["services"].items()
    )
    return DemoRegion(data["code"], data["name"], zone, points, services)


def _point(data: dict[str, Any], zone: ZoneInfo, code: str, row: dict[str, Any]) -> DemoPoint:
    kind, _, number = code.rpartition("-")
    about, town, hours = data["kinds"][kind], data["towns"][row["town"]], data["hours"][row["hours"]]
    words = about["name"]
    lat, lon = row["at"]
    return DemoPoint(
        code=code,
        kind=kind,
        name={
            "ru": f"{words['ru']} № {number} (демо), {town['name']['ru']}",
            "en": f"{words['en']} No. {number} (demo), {town['name']['en']}",
        },
        municipality=town["municipality"],
        lat=lat,
        lon=lon,
        zone=zone,
        languages=tuple(data["languages"][town["languages"]]),
        step_free=row["step_free"],
        weekday=tuple(Hours(*span) for span in hours["weekday"]),
        saturday=tuple(Hours(*span) for span in hours["saturday"]),
        sunday=tuple(Hours(*span) for span in hours.get("sunday", [])),
        holidays=hours.get("holidays", False),
        pools=tuple(_pool(data["services"], pool) for pool in row["pools"]),
        features=tuple(Feature(feature) for feature in about["features"]),
        interpreters=about.get("interpreters", {}),
        to_know=about["to_know"],
    )


def _pool(catalogue: dict[str, dict[str, Any]], row: dict[str, Any]) -> DemoPool:
    services = tuple(
        DemoService(code, catalogue[code]["minutes"], catalogue[code]["every"]) for code in row["services"]
    )
    return DemoPool(row["code"], row["counters"], services)


def _refuse_doubles(what: str, codes: list[str]) -> None:
    if len(set(codes)) < len(codes):
        raise ValueError(f"{what}: codes are not unique")
