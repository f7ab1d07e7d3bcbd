"""Travel times without a router: the great circle and two speeds."""

from collections.abc import Sequence

from app.domain.points.geo import Coordinates
from app.domain.routing.travel import SPEEDS, Speeds, table


class GreatCircle:
    def __init__(self, speeds: Speeds = SPEEDS) -> None:
        self._speeds = speeds

    async def table(self, starts: Sequence[Coordinates], ends: Sequence[Coordinates]) -> Sequence[Sequence[int]]:
        return table(starts, ends, self._speeds)

    async def close(self) -> None:
        """Holds nothing."""
