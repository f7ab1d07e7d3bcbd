"""Wire types of where one was."""

from datetime import datetime
from typing import Annotated, Any

from annotated_types import Ge, Lt
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, ConfigDict, Field, Strict, ValidationError
from typing_extensions import TypedDict

from app.domain.locations.precision import COARSEST, FINEST, MOST_DAYS
from app.domain.locations.samples import MOST_AT_ONCE, Sample, SampleSource, Verdict, instant, milliseconds
from routers.locations.reading import END, FIRST, plain_samples
from routers.schemas import In, Out
from services.locations.cells import name_of, resolution_of
from services.locations.sealing import Kept

# An instant as `id` of a sample: milliseconds since 1970, to the year 2200.
LAST = 7_258_118_400_000


# There may be hundreds in a request: they are read without a line of Python for each. Strict: a number would be taken
# for seconds; a year far from any other overflows when it is moved to another zone.
Taken = Annotated[AwareDatetime, Strict(), Ge(FIRST), Lt(END)]


class SampleIn(TypedDict):
    """Where the phone was at an instant: degrees (WGS 84), the accuracy in metres, and how it knew."""

    # A plain dictionary: there may be hundreds of them in a request.
    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    at: Taken
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    accuracy: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
    source: SampleSource


class SamplesIn(In):
    """In any order, and as late as need be: what was taken without a network is sent when there is one."""

    samples: Annotated[list[SampleIn], Field(min_length=1, max_length=MOST_AT_ONCE)]

    def taken(self) -> list[Sample]:
        return [Sample(milliseconds(s["at"]), s["lat"], s["lon"], s["accuracy"], s["source"]) for s in self.samples]


async def taken_of(request: Request) -> list[Sample]:
    """The samples of a request's body, which is read from its bytes at once. RequestValidationError."""
    body = await request.body()
    samples = plain_samples(body)
    if samples is not None:
        return samples
    try:
        return SamplesIn.model_validate_json(body).taken()
    except ValidationError as error:
        raise RequestValidationError([fault | {"loc": ("body", *fault["loc"])} for fault in error.errors()]) from None


def body_of_samples() -> dict[str, Any]:
    """The same for the document: FastAPI does not see that the body is read."""
    schema = SamplesIn.model_json_schema()
    parts = schema.pop("$defs")
    sample = schema["properties"]["samples"]["items"] = parts["SampleIn"]
    sample["properties"]["source"] = parts["SampleSource"]
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


class Verdicts(Out):
    """What became of each sample, in the order in which they were sent."""

    results: list[Verdict]


class SampleOut(Out):
    """A sample as it was kept: `lat` and `lon`, or an H3 `cell` and its `resolution`. `id`: milliseconds since 1970."""

    id: int
    at: datetime
    lat: float | None
    lon: float | None
    cell: str | None
    resolution: int | None
    accuracy: float
    source: SampleSource


class SamplePage(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[SampleOut]
    next: str | None


class Deleted(Out):
    deleted: int


class CrowdedCell(Out):
    """An H3 cell by its name, and how many people were last in it: in whole tens, ten at least."""

    cell: str
    people: int


class CrowdedCells(Out):
    items: list[CrowdedCell]


class ChoicesBody(In):
    """`resolution` of the H3 cell that is kept, 4 (a district) to 10 (a yard), or null for the exact place; and for how
    many days samples are kept after they were taken.
    """

    model_config = ConfigDict(from_attributes=True)

    resolution: int | None = Field(ge=COARSEST, le=FINEST, strict=True)
    keep_days: int = Field(ge=1, le=MOST_DAYS, strict=True)


def sample_out(kept: Kept) -> SampleOut:
    return SampleOut(
        id=kept.at,
        at=instant(kept.at),
        lat=kept.lat,
        lon=kept.lon,
        cell=None if kept.cell is None else name_of(kept.cell),
        resolution=None if kept.cell is None else resolution_of(kept.cell),
        accuracy=kept.accuracy,
        source=kept.source,
    )
