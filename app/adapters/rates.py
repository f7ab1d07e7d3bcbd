"""How often each caller asks, counted in this process's memory.

The storage in memory of the `limits` library walks all its keys at each hit: 1 to 4 ms beside 10,000 callers here.
One dictionary that is thrown away with its minute costs half a microsecond, and forgets addresses by itself.
"""

import time
from collections import defaultdict

from app.ports import Rate

_WINDOW = 60


class MinuteRates:
    """Fixed windows of a minute. `signed_in` and `address`: requests a minute for each account and each address."""

    def __init__(self, signed_in: int, address: int) -> None:
        self._allowed = {True: signed_in, False: address}
        self._window = -1
        self._counts: defaultdict[str, int] = defaultdict(int)

    def count(self, who: str, *, signed_in: bool) -> Rate:
        window, passed = divmod(int(time.monotonic()), _WINDOW)
        if window != self._window:
            self._window = window
            self._counts = defaultdict(int)
        self._counts[who] += 1
        allowed = self._allowed[signed_in]
        return Rate(allowed, allowed - self._counts[who], _WINDOW, _WINDOW - passed)
