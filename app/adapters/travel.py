"""Travel times without a router: the great circle and two speeds."""

from collections.abc import Sequence

from app.domain.points.geo import Coordinates
from app.domain.routing.travel import table


class GreatCircle:
    async def table(self, starts: Sequence[Coordinates], ends: Sequence[Coordinates]) -> Sequence[Sequence[int]]:
        return table(starts, ends)
