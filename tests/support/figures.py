"""Figures of a region as if they had been told, for tests."""

from benchmarks.told import tell
from tests.support.people import World


async def told(world: World) -> None:
    """Twenty weeks and months of plausible figures before the world's clock."""
    await tell(world.runtime, world.region, world.today)
