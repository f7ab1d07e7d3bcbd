"""Somebody who is signed in as an operator, in years of which no other test tells."""

from datetime import timedelta
from typing import Any

import httpx

from app.domain.identity.caller import Role
from tests.api.tokens import token_of
from tests.support.people import World

YEARS_ON = timedelta(days=1200)
"""So that what is told here is of other years than other tests'."""


class Operator:
    def __init__(self, world: World, token: str) -> None:
        self.world, self._headers = world, {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, **params: Any) -> httpx.Response:
        headers = {**self._headers, "Accept-Language": "ru"}
        return await self.world.client.get(path, headers=headers, params=params)

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self.world.client.post(path, headers=self._headers, json=body)

    async def delete(self, path: str) -> httpx.Response:
        return await self.world.client.delete(path, headers=self._headers)


async def operator_of(world: World) -> Operator:
    """Signed in for ten minutes by the world's clock."""
    return Operator(world, await token_of(world, Role.REGION_OPERATOR))
