"""Reads a QR code from the picture that a page draws: what a scanner does once it sees the modules. Level L, bytes.

Nothing is corrected: a picture from a screen has no stains, and a wrong module must be noticed.
"""

import re
from collections.abc import Iterator

QUIET = 4
_BLOCKS = (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8)
_CORRECTION = (7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28)
_LONG_COUNT_FROM = 10
_HAS_VERSION = 7


def text_in(path: str) -> str:
    """The text of a picture that is drawn as one path: `Mx yh1v1h-1z` for each dark module."""
    dark = {(int(x) - QUIET, int(y) - QUIET) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    return read(dark, 1 + max(x for x, _ in dark))


def read(dark: set[tuple[int, int]], size: int) -> str:
    version = (size - 17) // 4
    mask = _format(dark) & 7
    bits = [((x, y) in dark) != _inverted(mask, x, y) for x, y in _data_places(size, version)]
    words = [_number(bits[at : at + 8]) for at in range(0, len(bits) - 7, 8)]
    data = _unwoven(words, version)
    stream = [bool(word >> (7 - at) & 1) for word in data for at in range(8)]
    assert _number(stream[:4]) == 0b0100, "not in byte mode"
    width = 8 if version < _LONG_COUNT_FROM else 16
    length = _number(stream[4 : 4 + width])
    body = stream[4 + width : 4 + width + 8 * length]
    return bytes(_number(body[at : at + 8]) for at in range(0, len(body), 8)).decode()


def _number(bits: list[bool]) -> int:
    return int("".join("1" if bit else "0" for bit in bits), 2)


def _format(dark: set[tuple[int, int]]) -> int:
    """Level and mask; the level must be L."""
    places = [*((8, y) for y in range(6)), (8, 7), (8, 8), (7, 8), *((14 - at, 8) for at in range(9, 15))]
    bits = sum(1 << at for at, place in enumerate(places) if place in dark) ^ 0x5412
    assert bits >> 13 == 1, "not of level L"
    return bits >> 10


def _inverted(mask: int, x: int, y: int) -> bool:
    rules = (x + y) % 2, y % 2, x % 3, (x + y) % 3, (x // 3 + y // 2) % 2, x * y % 2 + x * y % 3
    return (*rules, (x * y % 2 + x * y % 3) % 2, ((x + y) % 2 + x * y % 3) % 2)[mask] == 0


def _data_places(size: int, version: int) -> Iterator[tuple[int, int]]:
    fixed = set(_fixed(size, version))
    right, upwards = size - 1, True
    while right > 0:
        if right == 6:
            right -= 1
        for step in range(size):
            y = size - 1 - step if upwards else step
            yield from ((x, y) for x in (right, right - 1) if (x, y) not in fixed)
        right, upwards = right - 2, not upwards


def _fixed(size: int, version: int) -> Iterator[tuple[int, int]]:
    for at in range(size):
        yield from ((6, at), (at, 6))
    for left, top in ((0, 0), (size - 8, 0), (0, size - 8)):
        yield from ((x, y) for x in range(left, left + 9 - (left > 0)) for y in range(top, top + 9 - (top > 0)))
    if version > 1:
        count = version // 7 + 2
        step = -(-(version * 4 + 4) // (count * 2 - 2)) * 2
        centres = [6, *(size - 7 - step * at for at in range(count - 1))]
        corners = {(6, 6), (6, size - 7), (size - 7, 6)}
        for middle in ((x, y) for x in centres for y in centres if (x, y) not in corners):
            yield from ((middle[0] + dx, middle[1] + dy) for dx in range(-2, 3) for dy in range(-2, 3))
    if version >= _HAS_VERSION:
        for near in range(6):
            for far in range(size - 11, size - 8):
                yield from ((near, far), (far, near))
    for at in range(8):
        yield from ((8, size - 1 - at), (size - 1 - at, 8))


def _unwoven(words: list[int], version: int) -> list[int]:
    """The data of all blocks, in order, without their correction."""
    blocks = _BLOCKS[version - 1]
    longer = len(words) % blocks
    shortest = len(words) // blocks - _CORRECTION[version - 1]
    lengths = [shortest + (number >= blocks - longer) for number in range(blocks)]
    found: list[list[int]] = [[] for _ in range(blocks)]
    source = iter(words)
    for column in range(shortest + 1):
        for number in range(blocks):
            if column < lengths[number]:
                found[number].append(next(source))
    return [word for block in found for word in block]
