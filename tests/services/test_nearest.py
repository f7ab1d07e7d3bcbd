"""The nearest points, wherever one stands."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from app.domain.points.geo import Coordinates, distance_km
from app.models.points import Point
from services.points.directory import Directory

places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def directory_of(coordinates: list[Coordinates]) -> Directory:
    made: list[Any] = [SimpleNamespace(id=uuid4(), lat=lat, lon=lon) for lat, lon in coordinates]
    points: dict[UUID, Point] = {each.id: cast("Point", each) for each in made}
    return Directory(1, points, {each: ["medical"] for each in points})


@given(st.lists(places, max_size=30), places, st.integers(1, 8))
def test_the_nearest_are_those_that_no_other_is_nearer_than(
    coordinates: list[Coordinates], near: Coordinates, count: int
) -> None:
    directory = directory_of(coordinates)
    found = directory.nearest("medical", near, count)
    far = {key: distance_km(near, (each.lat, each.lon)) for key, each in directory.points.items()}
    assert len(found) == min(count, len(coordinates))
    assert all(far[key] <= other + 0.5 for key in found for at, other in far.items() if at not in found)


def test_who_needs_something_is_given_the_nearest_that_have_it() -> None:
    directory = directory_of([(55.0, 49.0), (55.1, 49.0), (55.2, 49.0)])
    far = max(directory.points.values(), key=lambda point: point.lat)
    assert directory.nearest("medical", (55.0, 49.0), 1, lambda point: point is far) == (far.id,)
    assert directory.nearest("exam", (55.0, 49.0), 1) == ()
