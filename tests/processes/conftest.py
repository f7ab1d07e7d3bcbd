from collections.abc import Iterator

import pytest

from tests.processes.copies import Copy
from tests.processes.homes import Home


@pytest.fixture(scope="module", params=[1, 4])
def served(made_copy: Copy, request: pytest.FixtureRequest) -> Iterator[Copy]:
    """The copy with so many API processes and a worker, which one test after another may use."""
    with made_copy.running(api_processes=request.param):
        yield made_copy


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A data folder for `manzil run`, with the embedded database in it. Each test takes it as it is left."""
    home = Home(tmp_path_factory.mktemp("home") / "data")
    yield home
    home.destroy()
