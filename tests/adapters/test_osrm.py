"""The OSRM adapter against a server that speaks its protocol over HTTP, and fails in every way that it should bear."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from app.adapters.osrm import OsrmTravel, travel_by
from app.adapters.travel import GreatCircle
from app.domain.points.geo import Coordinates
from app.domain.routing.travel import table

HOME = (55.79123, 49.12345)
POINTS = [(55.83, 49.08), (55.75, 49.21), (54.9, 52.3)]

Answer = Callable[[list[Coordinates], list[int], list[int]], tuple[int, Any]]


def seconds(start: Coordinates, end: Coordinates) -> float:
    """What this server says a way takes: told apart by both ends, and another one back."""
    return round(abs(start[0] - end[0]) * 5000 + abs(start[1] - end[1]) * 3000 + (start[0] > end[0]) * 61, 1)


def as_osrm(places: list[Coordinates], sources: list[int], destinations: list[int]) -> tuple[int, Any]:
    durations = [[seconds(places[a], places[b]) for b in destinations] for a in sources]
    return 200, {"code": "Ok", "durations": durations, "sources": [], "destinations": []}


@dataclass
class Server:
    """`hangs`: takes the request and never answers."""

    answer: Answer = as_osrm
    hangs: bool = False
    url: str = ""
    asked: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                target = head.split(b" ")[1].decode()
                self.asked.append(target)
                if self.hangs:
                    await reader.read()
                    break
                status, body = self._answer(target)
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                kind = "Content-Type: application/json"
                writer.write(f"HTTP/1.1 {status} X\r\n{kind}\r\nContent-Length: {len(content)}\r\n\r\n".encode())
                writer.write(content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, target: str) -> tuple[int, Any]:
        parts = urlsplit(target)
        query = parse_qs(parts.query)
        service, version, profile, places = parts.path.strip("/").split("/")
        assert (service, version, profile) == ("table", "v1", "driving")
        assert query["annotations"] == ["duration"]
        found = [(float(lat), float(lon)) for lon, lat in (place.split(",") for place in places.split(";"))]
        self.sizes.append(len(found))
        sources, destinations = ([int(i) for i in query[name][0].split(";")] for name in ("sources", "destinations"))
        return self.answer(found, sources, destinations)


@asynccontextmanager
async def osrm(answer: Answer = as_osrm, *, hangs: bool = False) -> AsyncIterator[Server]:
    server = Server(answer, hangs)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=1 << 20)
    host, port = listening.sockets[0].getsockname()
    server.url = f"http://{host}:{port}"
    async with listening:
        yield server


@asynccontextmanager
async def asking(server: Server, **options: Any) -> AsyncIterator[OsrmTravel]:
    travel = OsrmTravel(server.url, **options)
    try:
        yield travel
    finally:
        await travel.close()


def rounded_up(starts: list[Coordinates], ends: list[Coordinates]) -> list[list[int]]:
    return [[-int(-seconds(start, end) // 60) for end in ends] for start in starts]


async def test_minutes_are_those_of_the_server_rounded_up_and_each_way_for_itself() -> None:
    async with osrm() as server, asking(server) as travel:
        assert await travel.table([HOME], POINTS) == rounded_up([HOME], POINTS)
        assert await travel.table(POINTS, [HOME]) == rounded_up(POINTS, [HOME])
        assert await travel.table(POINTS, POINTS) == rounded_up(POINTS, POINTS)
        assert rounded_up([HOME], POINTS) != [list(row) for row in zip(*rounded_up(POINTS, [HOME]), strict=True)]
        assert await travel.table([], POINTS) == []
    assert len(server.asked) == 3


async def test_a_large_table_is_asked_for_in_parts_that_the_server_allows() -> None:
    places = [(55 + number / 200, 49 + number / 300) for number in range(120)]
    async with osrm() as server, asking(server) as travel:
        assert await travel.table(places, places) == rounded_up(places, places)
    assert max(server.sizes) <= 100
    assert len(server.sizes) == 9


async def test_a_way_that_the_server_does_not_know_is_estimated_and_the_rest_is_not() -> None:
    def with_a_gap(places: list[Coordinates], sources: list[int], destinations: list[int]) -> tuple[int, Any]:
        status, body = as_osrm(places, sources, destinations)
        body["durations"][0][1] = None
        return status, body

    expected = rounded_up([HOME], POINTS)
    expected[0][1] = table([HOME], POINTS)[0][1]
    async with osrm(with_a_gap) as server, asking(server) as travel:
        with capture_logs() as logs:
            assert await travel.table([HOME], POINTS) == expected
    assert [(log["event"], log["reason"], log["ways"]) for log in logs] == [("travel_estimated", "no_way", 1)]


def refusing(*_: Any) -> tuple[int, Any]:
    return 400, {"code": "InvalidQuery", "message": f"Query string malformed close to {HOME}"}


BAD: dict[str, Answer] = {
    "400 InvalidQuery": refusing,
    "200 NoTable": lambda *_: (200, {"code": "NoTable"}),
    "500 unknown": lambda *_: (500, b"<html>"),
    "200 unknown": lambda *_: (200, []),
    "429 unknown": lambda *_: (429, {"code": f"too many {HOME}"}),
    "302 unknown": lambda *_: (302, {}),
    "200 not a table": lambda *_: (200, {"code": "Ok", "durations": [[1.0, 2.0]]}),
}
ODD: list[Any] = [None, [[1, 2, -3]], [[1, 2, "3"]], [[1, 2, True]], [[1, 2, 1e99]], [[1, 2, 3]] * 2]


@pytest.mark.parametrize("reason", BAD)
async def test_what_is_no_table_is_estimated_and_said_without_personal_data(reason: str) -> None:
    async with osrm(BAD[reason]) as server, asking(server) as travel:
        with capture_logs() as logs:
            assert await travel.table([HOME], POINTS) == table([HOME], POINTS)
    assert [(log["event"], log["reason"]) for log in logs] == [("travel_estimated", reason)]
    assert "55.79" not in str(logs)


@pytest.mark.parametrize("durations", ODD)
async def test_odd_numbers_are_not_taken_for_times(durations: Any) -> None:
    async with osrm(lambda *_: (200, {"code": "Ok", "durations": durations})) as server, asking(server) as travel:
        assert await travel.table([HOME], POINTS) == table([HOME], POINTS)


async def test_nobody_waits_for_a_server_that_hangs_and_not_again_for_a_while() -> None:
    async with osrm(hangs=True) as server, asking(server, timeout=0.2, pause=0.4) as travel:
        loop = asyncio.get_running_loop()
        began = loop.time()
        assert await travel.table([HOME], POINTS) == table([HOME], POINTS)
        assert loop.time() - began < 1
        assert await travel.table([HOME], POINTS) == table([HOME], POINTS)
        assert len(server.asked) == 1
        server.hangs = False
        await asyncio.sleep(0.45)
        assert await travel.table([HOME], POINTS) == rounded_up([HOME], POINTS)


async def test_a_server_that_is_not_there_is_no_error() -> None:
    async with osrm() as server:
        pass
    async with asking(server) as travel:
        assert await travel.table([HOME], POINTS) == table([HOME], POINTS)


async def test_no_log_of_any_library_tells_where_somebody_lives(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with osrm(refusing) as server, asking(server, pause=0) as travel:
        await travel.table([HOME], POINTS)
        server.answer = as_osrm
        await travel.table([HOME], POINTS)
    assert len(server.asked) == 2
    assert all("49.12345" in target for target in server.asked)
    assert "49.123" not in caplog.text


async def test_without_a_server_times_are_estimates() -> None:
    travel = travel_by(None)
    assert isinstance(travel, GreatCircle)
    assert await travel.table([HOME], POINTS) == table([HOME], POINTS)
    await travel.close()
    routed = travel_by("http://127.0.0.1:1")
    assert isinstance(routed, OsrmTravel)
    await routed.close()
