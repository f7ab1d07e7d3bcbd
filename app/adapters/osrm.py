"""Travel times by road, from an OSRM server (project-osrm.org, HTTP API 5, the `table` service).

**The server is told where people live**: the coordinates of their homes are in the address of each request. So it has
to be one's own, with access logs switched off, and never a public one. What goes wrong is logged by its kind alone.
"""

import asyncio
import logging
import re
from collections.abc import Sequence
from math import ceil
from typing import Any

import httpx
import structlog

from app.adapters.travel import GreatCircle
from app.domain.points.geo import Coordinates
from app.ports import Travel

_log = structlog.get_logger()

for _name in ("httpx", "httpcore"):
    # They would log addresses, with homes in them, at levels that one may well switch on.
    logging.getLogger(_name).setLevel(logging.WARNING)

MOST_PLACES = 100
"""In one request: what OSRM answers unless it was started with another `--max-table-size`."""
_CODE = re.compile(r"[A-Za-z]{1,32}")


def travel_by(osrm_url: str | None) -> Travel:
    """Times by road if there is a server that tells them, else estimates."""
    return OsrmTravel(osrm_url) if osrm_url else GreatCircle()


class OsrmTravel:
    """Asks `url` for the times of a `profile`, all in `timeout` seconds; and `otherwise` when it does not tell them.

    After a failure nobody waits for the server again for `pause` seconds. Single ways that the server does not know
    (null) are estimated by `otherwise` too.
    """

    def __init__(
        self,
        url: str,
        *,
        profile: str = "driving",
        otherwise: Travel | None = None,
        timeout: float = 2,
        pause: float = 30,
    ) -> None:
        self._url = f"{url.rstrip('/')}/table/v1/{profile}/"
        self._otherwise = otherwise or GreatCircle()
        self._timeout, self._pause = timeout, pause
        self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)
        self._silent_until = 0.0

    async def table(self, starts: Sequence[Coordinates], ends: Sequence[Coordinates]) -> Sequence[Sequence[int]]:
        loop = asyncio.get_running_loop()
        if not starts or not ends or loop.time() < self._silent_until:
            return await self._otherwise.table(starts, ends)
        try:
            async with asyncio.timeout(self._timeout):
                seconds = await self._seconds(starts, ends)
        except (httpx.HTTPError, TimeoutError, _Refused) as error:
            self._silent_until = loop.time() + self._pause
            _log.warning("travel_estimated", reason=str(error) if isinstance(error, _Refused) else type(error).__name__)
            return await self._otherwise.table(starts, ends)
        return await self._minutes(seconds, starts, ends)

    async def close(self) -> None:
        await self._client.aclose()
        await self._otherwise.close()

    async def _minutes(
        self, seconds: Sequence[Sequence[float | None]], starts: Sequence[Coordinates], ends: Sequence[Coordinates]
    ) -> Sequence[Sequence[int]]:
        unknown = sum(each is None for row in seconds for each in row)
        if not unknown:
            return [[ceil(each / 60) for each in row if each is not None] for row in seconds]
        _log.warning("travel_estimated", reason="no_way", ways=unknown)
        estimates = await self._otherwise.table(starts, ends)
        return [
            [estimate if each is None else ceil(each / 60) for each, estimate in zip(row, others, strict=True)]
            for row, others in zip(seconds, estimates, strict=True)
        ]

    async def _seconds(self, starts: Sequence[Coordinates], ends: Sequence[Coordinates]) -> list[list[float | None]]:
        """In as many requests as it takes, one after another: the server is not to be flooded."""
        part = MOST_PLACES // 2
        found: list[list[float | None]] = []
        for first in range(0, len(starts), part):
            rows: list[list[float | None]] = [[] for _ in starts[first : first + part]]
            for other in range(0, len(ends), part):
                block = await self._block(starts[first : first + part], ends[other : other + part])
                for row, more in zip(rows, block, strict=True):
                    row.extend(more)
            found.extend(rows)
        return found

    async def _block(self, starts: Sequence[Coordinates], ends: Sequence[Coordinates]) -> list[list[float | None]]:
        places = ";".join(f"{lon:.5f},{lat:.5f}" for lat, lon in (*starts, *ends))
        count = len(starts)
        answer = await self._client.get(
            self._url + places,
            params={
                "sources": ";".join(map(str, range(count))),
                "destinations": ";".join(map(str, range(count, count + len(ends)))),
                "annotations": "duration",
            },
        )
        body = _body(answer)
        if answer.status_code != httpx.codes.OK or body.get("code") != "Ok":
            code = body.get("code")
            told = code if isinstance(code, str) and _CODE.fullmatch(code) else "unknown"
            raise _Refused(f"{answer.status_code} {told}")
        return _durations(body.get("durations"), count, len(ends))


class _Refused(Exception):
    """The server answers, but not with a table. The text holds nothing of the request."""


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def _durations(table: object, rows: int, columns: int) -> list[list[float | None]]:
    if (
        isinstance(table, list)
        and len(table) == rows
        and all(isinstance(row, list) and len(row) == columns for row in table)
        and all(each is None or _is_time(each) for row in table for each in row)
    ):
        return table
    raise _Refused("200 not a table")


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e7  # noqa: PLR2004
