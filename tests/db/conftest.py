from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.db.ground import Ground, open_ground
from tests.support.server import fresh_region


@pytest.fixture(scope="module")
def region_code(request: pytest.FixtureRequest, worker: str) -> str:
    """A region of the module's own, since its tests break things: nobody else's doctor is to find them."""
    code = f"d_{worker}_{request.module.__name__.rpartition('.test_')[2]}"
    fresh_region(code)
    return code


@pytest_asyncio.fixture(scope="module")
async def ground(region_code: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    opened = open_ground(region_code, tmp_path_factory.mktemp(region_code))
    yield opened
    await opened.close()
