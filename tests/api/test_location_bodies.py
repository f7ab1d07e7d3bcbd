"""Samples are read column by column where all is in order, and one by one where something may not be."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.domain.locations.samples import Sample
from routers.locations.reading import plain_samples
from routers.locations.schemas import SamplesIn

GOOD = {"at": "2026-03-04T05:06:07.890123+03:00", "lat": 55.79, "lon": 49, "accuracy": 12.5, "source": "gps"}
ODD: dict[str, list[Any]] = {
    "at": [
        *("2026-03-04", "20260304T050607Z", "2026-W10-3T05:06:07Z", "2026-03-04 05:06:07Z", "2026-03-04T05:06:07"),
        *("2026-13-04T05:06:07Z", "2026-03-04T24:00:00Z", "2026-03-04T05:06:60Z", "2026-03-04T05:06:07.1234567Z"),
        *("1999-12-31T23:59:59Z", "2201-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"),
        *(
            "2026-03-04t05:06:07z",
            "٢٠٢٦-03-04T05:06:07Z",
            "2026-03-04T05:06:07Z\n2026-03-04T05:06:08Z",
            1_772_600_000,
            "",
        ),
        *("2026-03-04T05:06:07-00:00", "2026-03-04T05:06:07.1Z", "2026-03-04T05:06:07+24:00", None),
    ],
    "lat": [90, -90, 90.000001, True, "55", None, 10**400, 1e400, float("nan"), [1], {}],
    "lon": [180, -180.1, False, "x", None, float("inf")],
    "accuracy": [0, -0.0, -1, 100_000, 100_000.5, None, -float("inf")],
    "source": ["fused", "network", "GPS", "", 1, None, [], {"gps": 1}],
    "more": [1],
}


def by_one(body: bytes) -> list[Sample] | None:
    try:
        return SamplesIn.model_validate_json(body).taken()
    except ValidationError:
        return None


def test_what_phones_send_is_read_at_once() -> None:
    shapes = ["2026-03-04T05:06:07Z", "2026-03-04T05:06:07.123+03:00", "2026-03-04T05:06:07.123456-09:30"]
    body = json.dumps({"samples": [GOOD | {"at": at} for at in shapes] * 100}).encode()
    read = plain_samples(body)
    assert read is not None
    assert read == by_one(body)
    assert {type(value) for sample in read for value in sample[1:4]} == {float}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                name: st.sampled_from(values) | st.just(GOOD.get(name, values[0])) for name, values in ODD.items()
            },
        ).map(lambda changed: GOOD | changed),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([*GOOD, None]),
)
def test_nothing_is_taken_that_is_refused_one_by_one(samples: list[dict[str, Any]], left_out: str | None) -> None:
    if left_out and len(samples) > 1:
        del samples[-1][left_out]
    _agree(json.dumps({"samples": samples}).encode())


def test_each_odd_value_and_whole() -> None:
    for name, values in ODD.items():
        for value in values:
            _agree(json.dumps({"samples": [GOOD, GOOD | {name: value}]}).encode())
    good = json.dumps(GOOD)
    for body in (
        *("", "[]", "1", "null", '"samples"', "{}", '{"samples": []}', '{"samples": {}}', '{"samples": "abcde"}'),
        *('{"samples": ["abcde"]}', '{"samples": [[1, 2, 3, 4, 5]]}', '{"samples": [null]}', f'{{"samples": [{good}]'),
        *(f'{{"samples": [{good}], "more": 1}}', f'{{"samples": [{", ".join([good] * 501)}]}}', "[" * 5000),
        f'{{"samples": [{good[:-1]}, "lat": 91}}]}}',
    ):
        _agree(body.encode())
    _agree(b'{"samples": [{"at": "\xff"}]}')


def _agree(body: bytes) -> None:
    read = plain_samples(body)
    assert read is None or read == by_one(body)
