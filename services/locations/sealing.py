"""What is sealed of where a person was: batches of samples, and the latest cell.

A batch is one byte that says what its samples are, then the samples: 29 bytes each where places are exact, 21 where
they are cells. One seal a batch rather than one a sample: it takes a fifth of the time, and the table keeps a
hundredth of the rows (`app/decisions/0022-locations-are-sealed.md`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from struct import Struct
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.locations.precision import Choices
from app.domain.locations.samples import Sample, SampleSource
from services.locations.cells import cell_of, coarser

BATCHES, LATEST = "location_batches", "location_people"
_EXACT, _CELLS = 1, 2
_EXACT_SAMPLE, _CELL_SAMPLE, _CELL = Struct("<qddfB"), Struct("<qQfB"), Struct("<Q")
_SOURCES = tuple(SampleSource)
_CODES = {source: code for code, source in enumerate(_SOURCES)}


@dataclass(frozen=True, slots=True)
class Kept:
    """A sample as it was kept: with its coordinates, or as a cell."""

    at: int
    lat: float | None
    lon: float | None
    cell: int | None
    accuracy: float
    source: SampleSource

    def coarsened(self, resolution: int) -> "Kept":
        """The same at that resolution, or as it is if it tells no more than that."""
        if self.cell is not None:
            cell = coarser(self.cell, resolution)
        else:
            cell = cell_of(self.lat or 0.0, self.lon or 0.0, resolution)
        return Kept(self.at, None, None, cell, self.accuracy, self.source)


def pack(samples: Iterable[Sample], choices: Choices) -> bytes:
    """What is to be sealed of a batch, as exactly as was chosen and no more."""
    resolution = choices.resolution
    if resolution is None:
        exact = _EXACT_SAMPLE.pack
        return bytes([_EXACT]) + b"".join(
            [exact(at, lat, lon, accuracy, _CODES[source]) for at, lat, lon, accuracy, source in samples]
        )
    return bytes([_CELLS]) + b"".join(
        [
            _CELL_SAMPLE.pack(at, cell_of(lat, lon, resolution), accuracy, _CODES[source])
            for at, lat, lon, accuracy, source in samples
        ]
    )


def pack_kept(kept: Sequence[Kept]) -> bytes:
    """The same of samples that were kept before; all of one kind."""
    if kept[0].cell is None:
        rows = (_EXACT_SAMPLE.pack(k.at, k.lat, k.lon, k.accuracy, _CODES[k.source]) for k in kept)
        return bytes([_EXACT]) + b"".join(rows)
    return bytes([_CELLS]) + b"".join(_CELL_SAMPLE.pack(k.at, k.cell, k.accuracy, _CODES[k.source]) for k in kept)


def unpack(plain: bytes) -> list[Kept]:
    if plain[0] == _EXACT:
        exact = _EXACT_SAMPLE.iter_unpack(plain[1:])
        return [Kept(at, lat, lon, None, accuracy, _SOURCES[code]) for at, lat, lon, accuracy, code in exact]
    cells = _CELL_SAMPLE.iter_unpack(plain[1:])
    return [Kept(at, None, None, cell, accuracy, _SOURCES[code]) for at, cell, accuracy, code in cells]


async def seal_batch(uow: Reading, person_id: UUID, plain: bytes) -> bytes:
    return await uow.vault.seal(person_id, BATCHES, plain)


async def open_batch(uow: Reading, person_id: UUID, sealed: bytes) -> list[Kept]:
    return unpack(await uow.vault.open(person_id, BATCHES, sealed))


async def seal_cell(uow: Reading, person_id: UUID, cell: int) -> bytes:
    return await uow.vault.seal(person_id, LATEST, _CELL.pack(cell))


async def open_cell(uow: Reading, person_id: UUID, sealed: bytes) -> int:
    cell: int = _CELL.unpack(await uow.vault.open(person_id, LATEST, sealed))[0]
    return cell
