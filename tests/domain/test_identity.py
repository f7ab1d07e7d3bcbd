"""The rules of identity: waits between codes, turning keys, new phones, who manages whom."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identity.caller import Caller, Role
from app.domain.identity.devices import trusted_from
from app.domain.identity.keys import next_start, over, signing
from app.domain.identity.limits import cool_down
from app.domain.identity.staff import STAFF, may_manage, scope_fits
from app.domain.identity.terms import ACCESS_LIVES, DEVICE_NEW, KEY_AHEAD, KEY_OUTLIVES, KEY_SIGNS

NOW = datetime(2026, 9, 1, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_waits_between_codes_only_grow() -> None:
    waits = [cool_down(sent) for sent in range(1, 50)]
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == HOUR
    assert all(earlier <= later for earlier, later in pairwise(waits))


def test_a_phone_is_new_only_beside_an_older_one() -> None:
    assert trusted_from(NOW, []) is None
    assert trusted_from(NOW, [NOW + HOUR, NOW]) is None
    assert trusted_from(NOW, [NOW + HOUR, NOW - HOUR]) == NOW + DEVICE_NEW


def test_the_newest_key_that_has_begun_signs() -> None:
    starts = [NOW - 2 * HOUR, NOW - HOUR, NOW + HOUR]
    assert signing(starts, NOW) == 1
    assert signing(starts, NOW + HOUR) == 2
    assert signing([NOW + HOUR], NOW) == 0


@given(late=st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_key_is_always_published_before_it_signs(late: timedelta) -> None:
    now = NOW + KEY_SIGNS - KEY_AHEAD + late
    start = next_start([NOW], now)
    assert start is not None
    assert start - now >= KEY_AHEAD
    assert start >= NOW + KEY_SIGNS
    assert next_start([NOW, start], now) is None


def test_no_key_is_made_too_early() -> None:
    assert next_start([NOW], NOW + KEY_SIGNS - KEY_AHEAD - timedelta(seconds=1)) is None


@given(hours=st.lists(st.integers(0, 10_000), min_size=1, max_size=6, unique=True), at=st.integers(0, 10_000))
def test_a_key_goes_only_when_its_last_token_is_over_and_never_the_one_that_signs(hours: list[int], at: int) -> None:
    starts = [NOW + hour * HOUR for hour in sorted(hours)]
    now = NOW + at * HOUR
    gone = over(starts, now)
    assert gone <= signing(starts, now)
    for place in range(gone):
        last_token_ends = starts[place + 1] + ACCESS_LIVES
        assert last_token_ends + KEY_OUTLIVES <= now


def _caller(role: Role, point_id: UUID | None = None) -> Caller:
    return Caller(uuid4(), role, uuid4(), point_id=point_id)


@pytest.mark.parametrize("role", sorted(Role))
def test_operators_manage_all_staff_and_managers_their_clerks(role: Role) -> None:
    own, other = uuid4(), uuid4()
    assert may_manage(_caller(Role.REGION_OPERATOR), role, own) == (role in STAFF)
    manager = _caller(Role.POINT_MANAGER, point_id=own)
    assert may_manage(manager, role, own) == (role is Role.CLERK)
    assert not may_manage(manager, role, other)
    assert not may_manage(manager, role, None)
    for nobody in set(Role) - {Role.REGION_OPERATOR, Role.POINT_MANAGER}:
        assert not may_manage(_caller(nobody, point_id=own), role, own)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_each_role_has_exactly_one_scope(role: Role) -> None:
    scopes = [(None, None), (uuid4(), None), (None, uuid4()), (uuid4(), uuid4())]
    assert sum(scope_fits(role, *scope) for scope in scopes) == 1
