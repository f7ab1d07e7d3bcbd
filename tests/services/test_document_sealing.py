"""Sealed files open only whole, unchanged, and in their own place."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.documents.limits import CHUNK_BYTES, PART_BYTES
from app.ports import TamperedError
from services.documents.sealing import PartSeal, Place, new_key, open_content, open_part, seal_content

PLACE = Place(uuid4(), 1, 1)
FRAME = CHUNK_BYTES + 28


async def pieces(sealed: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for first in range(0, len(sealed), size):
        yield sealed[first : first + size]


async def opened(key: bytes, place: Place, sealed: bytes, size: int = 100_000) -> bytes:
    return b"".join([chunk async for chunk in open_content(key, place, pieces(sealed, size))])


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 700_000])
@pytest.mark.parametrize("piece", [1_000_000, 65_536, FRAME])
async def test_what_is_sealed_opens_again(size: int, piece: int) -> None:
    key, plain = new_key(), bytes(range(251)) * (size // 251 + 1)
    sealed = seal_content(key, PLACE, plain[:size])
    assert await opened(key, PLACE, sealed, piece) == plain[:size]


async def test_each_chunk_is_handed_on_before_the_next_one_is_read() -> None:
    key, read = new_key(), 0
    sealed = seal_content(key, PLACE, bytes(4 * CHUNK_BYTES))

    async def counted() -> AsyncIterator[bytes]:
        nonlocal read
        async for piece in pieces(sealed, FRAME):
            read += 1
            yield piece

    async for _ in open_content(key, PLACE, counted()):
        assert read == 2
        break


@pytest.mark.parametrize(
    "wrong",
    [
        replace(PLACE, document_id=uuid4()),
        replace(PLACE, version=2),
        replace(PLACE, page=2),
        replace(PLACE, preview=True),
    ],
)
async def test_it_opens_nowhere_else(wrong: Place) -> None:
    key = new_key()
    sealed = seal_content(key, PLACE, b"a paper")
    with pytest.raises(TamperedError):
        await opened(key, wrong, sealed)
    with pytest.raises(TamperedError):
        await opened(new_key(), PLACE, sealed)


async def test_it_does_not_open_cut_short_or_in_another_order() -> None:
    key = new_key()
    sealed = seal_content(key, PLACE, bytes(3 * CHUNK_BYTES))
    first, second, third = (sealed[n * FRAME : (n + 1) * FRAME] for n in range(3))
    for wrong in (first + second, first, b"", second + first + third, first + third, sealed + third, sealed[:-1]):
        with pytest.raises(TamperedError):
            await opened(key, PLACE, wrong)


@given(st.integers(0, 2 * CHUNK_BYTES), st.integers(0, 7))
@settings(max_examples=30, deadline=None)
async def test_no_flipped_bit_passes(at: int, bit: int) -> None:
    key = b"k" * 32
    sealed = bytearray(seal_content(key, PLACE, bytes(2 * CHUNK_BYTES)))
    sealed[at] ^= 1 << bit
    with pytest.raises(TamperedError):
        await opened(key, PLACE, bytes(sealed))


def test_a_part_opens_in_its_place_only() -> None:
    key, file_id = new_key(), uuid4()
    sealing = PartSeal(key, file_id, 1000)
    for piece in (b"a ", b"par", b"t"):
        sealing.add(memoryview(piece))
    assert (sealing.size, sealing.room) == (6, PART_BYTES - 6)
    sealed = bytes(sealing.sealed())
    assert b"a part" not in sealed
    assert open_part(key, file_id, 1000, sealed) == b"a part"
    for other, first in ((uuid4(), 1000), (file_id, 0)):
        with pytest.raises(TamperedError):
            open_part(key, other, first, sealed)


def test_a_buffer_that_is_used_again_holds_nothing_of_what_was_before() -> None:
    key, file_id = new_key(), uuid4()
    for number in range(3):
        sealing = PartSeal(key, file_id, number)
        plain = bytes([65 + number]) * (PART_BYTES - 100_000 * number)
        for first in range(0, len(plain), 300_001):
            sealing.add(memoryview(plain)[first : first + 300_001])
        sealed = bytes(sealing.sealed())
        sealing.release()
        assert open_part(key, file_id, number, sealed) == plain
