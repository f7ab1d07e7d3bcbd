from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.registry import Sender, Standing, standing_registry


@pytest_asyncio.fixture(scope="session")
async def shared_registry(worker: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Standing]:
    async with standing_registry(f"registry_{worker}", tmp_path_factory.mktemp("registry")) as standing:
        yield standing


@pytest.fixture
def registry(shared_registry: Standing) -> Standing:
    shared_registry.clock.move(seconds=60)
    return shared_registry


@pytest.fixture
def sender(registry: Standing) -> Sender:
    return registry.sender


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    return tmp_path
