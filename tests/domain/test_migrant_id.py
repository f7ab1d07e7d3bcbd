"""The Migrant ID and its check character."""

from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from app.domain.profiles.migrant_id import (
    ALPHABET,
    RANDOM_BYTES,
    MigrantIdError,
    check_migrant_id,
    make_migrant_id,
)

random_bytes = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)
migrant_ids = random_bytes.map(make_migrant_id)


@given(random_bytes)
@example(b"\x00" * 7)
@example(b"\xff" * 7)
def test_made_by_the_standard(drawn: bytes) -> None:
    made = make_migrant_id(drawn)
    bare = made.replace("-", "")
    assert mod_37_36.is_valid(bare)
    assert set(bare) <= set(ALPHABET)
    assert [len(part) for part in made.split("-")] == [4, 4, 4]
    assert check_migrant_id(made) == made == make_migrant_id(drawn)


@given(migrant_ids)
def test_however_it_is_written(made: str) -> None:
    by_ear = made.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert check_migrant_id(by_ear) == made
    assert check_migrant_id(f" {made.replace('-', '').replace('1', 'I')}\n") == made


@given(migrant_ids, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_caught(made: str, place: int, char: str) -> None:
    bare = made.replace("-", "")
    wrong = bare[:place] + char + bare[place + 1 :]
    if wrong != bare:
        with pytest.raises(MigrantIdError):
            check_migrant_id(wrong)


@given(migrant_ids)
def test_every_exchange_of_neighbours_is_caught(made: str) -> None:
    """More than MOD 37,36 promises: bodies where it would miss one are passed over."""
    bare = made.replace("-", "")
    for place in range(11):
        wrong = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
        if wrong != bare:
            with pytest.raises(MigrantIdError):
                check_migrant_id(wrong)


def test_bodies_that_the_standard_cannot_guard_are_passed_over() -> None:
    lead, first, second = next(
        (lead, first, second)
        for lead, first, second in permutations(ALPHABET, 3)
        if mod_37_36.calc_check_digit(lead + first + second) == mod_37_36.calc_check_digit(lead + second + first)
    )
    drawn = ALPHABET.index(lead) << 50 | ALPHABET.index(first) << 45 | ALPHABET.index(second) << 40
    made = make_migrant_id(drawn.to_bytes(RANDOM_BYTES))
    assert not made.startswith((lead + first + second, lead + second + first))


@pytest.mark.parametrize("text", ["", "0", "U" * 12, "0000-0000-0000-0", "АААА-АААА-АААА", "0000_0000_0000", "ﬁ" * 12])
def test_refused(text: str) -> None:
    with pytest.raises(MigrantIdError):
        check_migrant_id(text)


@pytest.mark.parametrize("count", [0, 6, 8])
def test_wrong_amount_of_randomness(count: int) -> None:
    with pytest.raises(ValueError, match="random bytes"):
        make_migrant_id(bytes(count))
