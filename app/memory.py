"""What the garbage collector is spared.

A whole collection walks over all that a process ever loaded: a third of its start, and a pause of a tenth of a second
in the middle of somebody's request. What is loaded stays until the end, so it is looked at no more.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def collect_rarely() -> None:
    """For the start of a process, before it loads its modules."""
    gc.set_threshold(50_000, 20, 100)


def keep_what_is_loaded() -> None:
    """For the moment at which a server has loaded everything and begins to serve."""
    gc.freeze()


@contextmanager
def loading_much() -> Iterator[None]:
    """While very much is read that will stay: nothing is looked through meanwhile, and what was read not afterwards."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
