"""What matching knows of a vacancy and of a person, and what it says of the two.

A person has here no name, sex, age, citizenship or birthplace: what is not known cannot count. Of their papers one
thing enters, from when and until when they may work here (domain.md, 6; the Labour Code of Russia, art. 3).
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from uuid import UUID

from app.domain.points.geo import Coordinates

MOST_SKILLS = 10
MOST_YEARS = 10
"""Of experience that a vacancy may ask for; more is not asked of anybody."""


class Shift(StrEnum):
    """When the work is done."""

    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"
    ROTATING = "rotating"
    """Days, evenings and nights by a roster."""
    FLY_IN = "fly_in"
    """Some weeks away at the place of work, then some weeks off (in Russian, vakhta)."""


class Level(IntEnum):
    """Of a language, by the Council of Europe's scale; NONE is the beginning."""

    NONE = 0
    A1 = 1
    A2 = 2
    B1 = 3
    B2 = 4
    C1 = 5
    C2 = 6


class Band(StrEnum):
    """Distance from home to work, the nearest first. An exact one, asked for from three places, would tell a home."""

    TO_5_KM = "to_5_km"
    TO_15_KM = "to_15_km"
    TO_40_KM = "to_40_km"
    TO_100_KM = "to_100_km"
    FAR = "far"
    UNKNOWN = "unknown"


CELLS_A_DEGREE = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """A place as exactly as matching knows it: fiftieths of a degree north and east, about 2.2 by 1.3 km at 55° N."""

    north: int
    east: int

    @classmethod
    def of(cls, place: Coordinates) -> "Cell":
        return cls(round(place[0] * CELLS_A_DEGREE), round(place[1] * CELLS_A_DEGREE))

    @property
    def place(self) -> Coordinates:
        return self.north / CELLS_A_DEGREE, self.east / CELLS_A_DEGREE


@dataclass(frozen=True, slots=True)
class LanguageNeed:
    """A language (BCP 47) that the work itself asks for, at least so well, and what for, as the vacancy says openly."""

    language: str
    level: Level
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a language is asked for with the reason why the work needs it")


@dataclass(frozen=True, slots=True)
class Vacancy:
    """`occupation`: an ISCO-08 unit group, four digits. `skills`: codes, certificates too, at most `MOST_SKILLS`.

    `years`: of experience in such work, at most `MOST_YEARS`; 0: none is asked for. `shifts`: the work is done in any
    one of these. What is not asked for counts as met by everybody.
    """

    id: UUID
    occupation: str
    start: date
    openings: int = 1
    skills: frozenset[str] = frozenset()
    years: int = 0
    cell: Cell | None = None
    shifts: frozenset[Shift] = frozenset()
    languages: tuple[LanguageNeed, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.years <= MOST_YEARS or len(self.skills) > MOST_SKILLS or self.openings < 1:
            raise ValueError(f"a vacancy with {self.years} years, {len(self.skills)} skills, {self.openings} openings")


@dataclass(frozen=True, slots=True)
class MayWork:
    """When somebody may work in this region: `since` (None: nothing says when) until `until` (None: no end is known).

    `only`: the ISCO-08 unit groups that the permission is for; None: any. `sure`: in per cent, how likely it is that
    they may by `since`; 100: they may by what their papers say. See `app.domain.matching.certainty`.
    """

    since: date | None = None
    until: date | None = None
    sure: int = 100
    only: frozenset[str] | None = None

    def from_start(self, start: date, occupation: str) -> bool:
        """Whether they may do such work when it begins: all that ever rules somebody out."""
        if self.since is None or self.since > start or (self.until is not None and self.until < start):
            return False
        return self.only is None or occupation in self.only


@dataclass(frozen=True, slots=True)
class Worked:
    """Work that somebody has learned or done: an ISCO-08 unit group, and whole years of it."""

    occupation: str
    years: int = 0


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who looks for work, as their work profile says. `id` is opaque.

    `wishes`: the occupations that they would like; none: any. `shifts`: those that they would work; none: any.
    `languages`: by BCP 47 tag, how well.
    """

    id: UUID
    may_work: MayWork
    worked: tuple[Worked, ...] = ()
    skills: frozenset[str] = frozenset()
    cell: Cell | None = None
    shifts: frozenset[Shift] = frozenset()
    wishes: frozenset[str] = frozenset()
    languages: tuple[tuple[str, Level], ...] = ()


class About(StrEnum):
    """What a part of a score is about."""

    OCCUPATION = "occupation"
    SKILLS = "skills"
    EXPERIENCE = "experience"
    DISTANCE = "distance"
    SHIFT = "shift"
    WISH = "wish"
    LANGUAGE = "language"
    ALLOWED = "allowed"


MOST = {
    About.OCCUPATION: 25,
    About.SKILLS: 20,
    About.EXPERIENCE: 15,
    About.DISTANCE: 12,
    About.SHIFT: 8,
    About.WISH: 5,
    About.LANGUAGE: 10,
    About.ALLOWED: 5,
}
"""Points that each part can give; 100 in all."""


class Why(StrEnum):
    """What a part's points are given for."""

    NOT_ASKED = "not_asked"
    """The vacancy does not ask for it, or the person has no wish against it: met in full."""
    SAME_UNIT = "same_unit"
    SAME_MINOR = "same_minor"
    SAME_SUB_MAJOR = "same_sub_major"
    SAME_MAJOR = "same_major"
    OTHER = "other"
    """Another major group of occupations; another shift."""
    ALL = "all"
    SOME = "some"
    NONE = "none"
    BAND = "band"
    KNOWN = "known"
    """They may work already, or by what their papers say."""
    PLANNED = "planned"
    """They are expected to be allowed in time."""


@dataclass(frozen=True, slots=True)
class Part:
    """`points` of at most `most`. `has` and `lacks`: what of that which is asked for the person has, and what not:
    skills; years that are there, and that are missing; languages as "tg B1". `band`: of distance. `spare`: whole weeks
    between being allowed and the start, where that is only expected (4 stands for more).
    """

    about: About
    points: int
    most: int
    why: Why
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    band: Band | None = None
    spare: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How somebody fits: `score` is the sum of the parts' points, 0 to 100. All parts are there, in their order."""

    vacancy_id: UUID
    worker_id: UUID
    parts: tuple[Part, ...]

    @property
    def score(self) -> int:
        return sum(part.points for part in self.parts)
