"""Seasons that forecasts of labour supply are tried on; scaled down in `make test`."""

import pytest

from benchmarks.forecast import season_accuracy
from tests.support.sizes import sizes


@pytest.mark.timeout(1200)
def test_forecasts_of_a_season_beat_carrying_forward_and_know_how_far_off_they_are() -> None:
    """Of a short season with few people much is chance: half of naive's error is asked of the full size alone."""
    weeks, people, first, error, least, most = sizes().season
    found = season_accuracy(101, weeks, people, first)
    assert found.origins >= 4
    assert found.against_naive < error
    assert least <= found.coverage <= most
