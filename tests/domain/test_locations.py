"""Which samples are kept, for how long, how exactly, and what is told of many."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.locations.crowds import LEAST, crowds
from app.domain.locations.months import months
from app.domain.locations.precision import EXACT_CELL, Choices
from app.domain.locations.samples import (
    AHEAD,
    MOST_A_DAY,
    Held,
    Sample,
    SampleSource,
    Term,
    Verdict,
    by_day,
    day_of,
    instant,
    judge,
    milliseconds,
)

NOW = datetime(2027, 1, 2, 12, tzinfo=UTC)
MS = timedelta(milliseconds=1)
KEEP = timedelta(days=30)


def sample(at: datetime | int) -> Sample:
    return Sample(at if isinstance(at, int) else milliseconds(at), 55.79, 49.12, 12.0, SampleSource.GPS)


def verdict(at: datetime, *, since: datetime = NOW - KEEP, deleted_until: datetime | None = None) -> Verdict:
    return judge([sample(at)], Term(since, NOW, KEEP, deleted_until), Held())[0]


def test_a_consent_begins_with_the_instant_it_was_given() -> None:
    given_at = NOW - timedelta(hours=3)
    assert verdict(given_at, since=given_at) is Verdict.KEPT
    assert verdict(given_at - MS, since=given_at) is Verdict.OUTSIDE_CONSENT


def test_of_the_millisecond_in_which_a_consent_was_given_nothing_is_kept() -> None:
    given_at = NOW - timedelta(hours=3) + timedelta(microseconds=400)
    assert verdict(given_at, since=given_at) is Verdict.OUTSIDE_CONSENT
    assert verdict(given_at + MS, since=given_at) is Verdict.KEPT


def test_what_is_too_old_or_to_come_is_refused() -> None:
    assert verdict(NOW - KEEP, since=NOW - 2 * KEEP) is Verdict.KEPT
    assert verdict(NOW - KEEP - MS, since=NOW - 2 * KEEP) is Verdict.TOO_OLD
    assert verdict(NOW + AHEAD) is Verdict.KEPT
    assert verdict(NOW + AHEAD + MS) is Verdict.IN_FUTURE


def test_what_was_deleted_stays_so_when_it_is_sent_again() -> None:
    border = NOW - timedelta(hours=1)
    assert verdict(border, deleted_until=border) is Verdict.DELETED
    assert verdict(border + MS, deleted_until=border) is Verdict.KEPT


def test_a_day_holds_so_many_and_no_more() -> None:
    full = Held(days={NOW.date(): MOST_A_DAY - 1})
    term = Term(NOW - KEEP, NOW, KEEP)
    now = milliseconds(NOW)
    yesterday = milliseconds(NOW - timedelta(days=1))
    told = judge([sample(now), sample(now - 1), sample(yesterday), sample(now)], term, full)
    assert told == [Verdict.KEPT, Verdict.DAY_FULL, Verdict.KEPT, Verdict.KNOWN]


INSTANTS = st.integers(milliseconds(NOW) - 5000, milliseconds(NOW) + 70_000)
OFFSETS = st.timedeltas(timedelta(seconds=-6), timedelta(seconds=6))


@given(
    st.lists(INSTANTS, min_size=1, max_size=30), st.sets(INSTANTS), OFFSETS, st.none() | OFFSETS, st.integers(1, 9_000)
)
@example([milliseconds(NOW)], set(), timedelta(), None, 1)
def test_a_sample_is_kept_exactly_if_it_was_taken_in_the_term_and_is_not_there_yet(
    moments: list[int], known: set[int], since: timedelta, deleted: timedelta | None, keep_ms: int
) -> None:
    """In whatever order they come: every condition said once more, of the instants themselves."""
    deleted_until = None if deleted is None else NOW + deleted
    term = Term(NOW + since, NOW, timedelta(milliseconds=keep_ms), deleted_until)
    verdicts = judge([sample(at) for at in moments], term, Held(known))
    kept: set[int] = set()
    for at, told in zip(moments, verdicts, strict=True):
        taken = instant(at)
        fits = (
            NOW + since <= taken <= NOW + AHEAD
            and taken >= NOW - term.keep
            and (deleted_until is None or taken > instant(milliseconds(deleted_until)))
        )
        assert (told is Verdict.KEPT) == (fits and at not in known and at not in kept)
        assert (told is Verdict.KNOWN) == (fits and (at in known or at in kept))
        if told is Verdict.KEPT:
            kept.add(at)
    assert len(kept) == verdicts.count(Verdict.KEPT)


@given(st.lists(INSTANTS, unique=True, max_size=30))
def test_the_order_in_which_samples_come_does_not_matter(moments: list[int]) -> None:
    term = Term(NOW - timedelta(seconds=2), NOW, timedelta(seconds=4))
    told = dict(zip(moments, judge([sample(at) for at in moments], term, Held()), strict=True))
    shuffled = sorted(moments, key=lambda at: hash((at, 7)))
    again = dict(zip(shuffled, judge([sample(at) for at in shuffled], term, Held()), strict=True))
    assert told == again


def test_days_are_utc_and_each_is_in_order() -> None:
    new_year = milliseconds(datetime(2027, 1, 1, tzinfo=UTC))
    found = by_day([sample(new_year + 5), sample(new_year - 1), sample(new_year), sample(new_year - 9)])
    assert {day: [s.at for s in samples] for day, samples in found.items()} == {
        date(2026, 12, 31): [new_year - 9, new_year - 1],
        date(2027, 1, 1): [new_year, new_year + 5],
    }


@given(st.datetimes(datetime(1990, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_milliseconds_and_back(at: datetime) -> None:
    assert instant(milliseconds(at)) <= at < instant(milliseconds(at) + 1)
    assert day_of(milliseconds(at)) == at.date()


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        ("2026-12-15", "2026-11-01", "2027-02-01"),
        ("2027-01-01", "2026-12-01", "2027-03-01"),
        ("2028-02-29", "2028-01-01", "2028-05-01"),
    ],
)
def test_months_are_ready_ahead_also_over_the_end_of_a_year(now: str, first: str, last: str) -> None:
    found = months(datetime.fromisoformat(now).replace(tzinfo=UTC), KEEP)
    assert [at.date().isoformat() for at in found] == [first, last]


def test_of_fewer_than_ten_nothing_is_told_and_of_more_whole_tens() -> None:
    cells = ["a"] * (LEAST - 1) + ["b"] * LEAST + ["c"] * 29
    assert crowds(cells) == {"b": 10, "c": 20}


def test_a_choice_says_what_is_mirrored() -> None:
    assert Choices(None).cell == EXACT_CELL
    assert Choices(8).cell == 8
    assert Choices(8).coarser_than(Choices(None))
    assert not Choices(None).coarser_than(Choices(8))
    assert not Choices(8, 3).coarser_than(Choices(8, 30))


@pytest.mark.parametrize("wrong", [(3, 30), (11, 30), (8, 0), (8, 31)])
def test_a_choice_beyond_what_there_is(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"resolution|days"):
        Choices(*wrong)
