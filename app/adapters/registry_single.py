"""What registries have in common that take one event in a message."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from uuid import UUID

from app.domain.registry.mirror import Answer
from app.ports import Handed


class OneByOne(ABC):
    at_once = 1

    @abstractmethod
    async def send(self, body: bytes, event_id: UUID) -> Answer: ...

    async def hand_over(self, events: Sequence[tuple[UUID, bytes]]) -> Handed:
        return Handed([await self.send(body, event_id) for event_id, body in events])
