"""What is known of the region to everybody: the directory of its points. No person is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.disclosure.opening import Where, same_for


@dataclass(frozen=True, slots=True)
class Site:
    """A point: where, what it gives, and at which hours (of 24, as two digits) it is ever open."""

    code: str
    municipality: str
    services: tuple[str, ...]
    hours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """All points by code, those without counters too."""

    sites: Mapping[str, Site]

    @property
    def municipalities(self) -> tuple[str, ...]:
        return tuple(sorted({site.municipality for site in self.sites.values()}))

    def points(self, where: Where) -> tuple[str, ...]:
        """Those that a cell may be of, municipality by municipality."""
        allowed = where.get("municipality", self.municipalities)
        found = [site for site in self.sites.values() if site.municipality in allowed]
        return tuple(site.code for site in sorted(found, key=lambda site: (site.municipality, site.code)))

    def _sites(self, where: Where) -> Sequence[Site]:
        return [self.sites[code] for code in where.get("point", self.points(where))]

    def services(self, where: Where) -> Sequence[str] | None:
        return same_for(site.services for site in self._sites(where))

    def hours(self, where: Where) -> Sequence[str] | None:
        return same_for(site.hours for site in self._sites(where))


HOURS = tuple(f"{hour:02}" for hour in range(24))
