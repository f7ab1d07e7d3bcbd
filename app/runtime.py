"""What one process works with. `app.assembly` builds it; endpoints are handed it."""

from dataclasses import dataclass

from app.db.unit_of_work import Database
from app.domain.region.policy import RegionPolicy
from app.ports import Objects, Rates, Travel
from services.identity.keyring import KeyRing
from services.queue.live import LiveQueues


@dataclass(frozen=True, slots=True)
class Runtime:
    """`regions` by code; the first one is meant when a caller names none."""

    database: Database
    keyring: KeyRing
    regions: dict[str, RegionPolicy]
    rates: Rates
    live: LiveQueues
    travel: Travel
    objects: Objects

    async def close(self) -> None:
        await self.live.close()
        await self.database.engines.dispose()
        await self.travel.close()
