"""What an agreement allows at an instant, who may pass what another asked for, and which look-ups are guesses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.rulebooks import load_rulebook
from app.domain.exchange import requests, terms
from app.domain.exchange.agreements import Agreement, Status, Version, allows, in_force, status_of
from app.domain.exchange.answers import minimal
from app.domain.exchange.limits import AlarmKind, Limits, Made, alarm_at
from app.domain.exchange.refusals import OF_PLACES, WHY, NeverListed
from app.domain.exchange.requests import ANSWER_LIVES, WAITS, Asked, RequestGround, RequestStatus
from app.domain.exchange.sheltered import sheltered
from app.domain.exchange.terms import AgencyKind, Basis, Datum, ExchangePurpose, People, Terms, Way
from app.domain.identity.four_eyes import Deputy, may_pass

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
ONE, OTHER, THIRD = uuid4(), uuid4(), uuid4()
AGENCY = uuid4()


def worded(**changed: Any) -> Terms:
    told = Terms(
        fields=frozenset({Datum.NAME, Datum.STEPS_DONE}),
        people=People.VISITED,
        codes=("medical",),
        steps=("medical",),
        purpose=ExchangePurpose.MEDICAL_EXAMINATION,
        basis=Basis.LAW,
        citation="115-FZ art. 5",
        ways=frozenset({Way.SEARCH}),
        every_hours=None,
        retention_days=30,
        valid_from=NOW,
        valid_to=NOW + 100 * DAY,
    )
    return replace(told, **changed)


def version(number: int = 1, *, approved: bool = True, **changed: Any) -> Version:
    by, at = (OTHER, NOW) if approved else (None, None)
    return Version(number, worded(**changed), ONE, NOW - DAY, by, at)


def agreement(*versions: Version, revoked_at: datetime | None = None) -> Agreement:
    return Agreement(uuid4(), AGENCY, versions or (version(),), revoked_at)


def test_an_agreement_allows_from_its_first_instant_until_its_last() -> None:
    made = agreement()
    instants = (NOW - SECOND, NOW, NOW + 100 * DAY - SECOND, NOW + 100 * DAY)
    assert [in_force(made, instant) is not None for instant in instants] == [False, True, True, False]
    assert [status_of(made, made.versions[0], instant) for instant in instants] == [
        Status.TO_COME,
        Status.IN_FORCE,
        Status.IN_FORCE,
        Status.EXPIRED,
    ]


def test_what_nobody_approved_allows_nothing_and_what_is_revoked_no_more() -> None:
    proposed = agreement(version(approved=False))
    assert in_force(proposed, NOW) is None
    assert status_of(proposed, proposed.versions[0], NOW) is Status.PROPOSED
    # Whatever the clock of who revoked it says.
    ended = agreement(revoked_at=NOW + SECOND)
    assert in_force(ended, NOW) is None
    assert status_of(ended, ended.versions[0], NOW) is Status.REVOKED


def test_a_newer_version_takes_the_place_of_the_one_before_and_never_gives_it_back() -> None:
    first, second = version(1), version(2, valid_from=NOW + 10 * DAY, valid_to=NOW + 20 * DAY)
    made = agreement(first, second)
    days = {day: in_force(made, NOW + day * DAY) for day in (0, 9, 10, 19, 20, 50)}
    assert days == {0: first, 9: first, 10: second, 19: second, 20: None, 50: None}
    assert status_of(made, first, NOW + 10 * DAY) is Status.SUPERSEDED
    unapproved = agreement(first, version(2, approved=False))
    assert in_force(unapproved, NOW) == first


def test_only_the_agency_itself_gets_only_what_is_agreed() -> None:
    made = agreement()
    assert allows(made, AGENCY, Way.SEARCH, NOW) is not None
    assert allows(made, AGENCY, Way.LIST, NOW) is None
    assert allows(made, uuid4(), Way.SEARCH, NOW) is None


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 50), st.integers(1, 60)), min_size=1, max_size=5),
    st.booleans(),
    st.integers(-1, 120),
)
def test_at_any_instant_at_most_one_version_is_in_force_and_it_was_approved(
    made: list[tuple[bool, int, int]], revoked: bool, day: int
) -> None:
    versions = [
        version(number, approved=approved, valid_from=NOW + first * DAY, valid_to=NOW + (first + lasts) * DAY)
        for number, (approved, first, lasts) in enumerate(made, start=1)
    ]
    whole = agreement(*versions, revoked_at=NOW if revoked else None)
    instant = NOW + day * DAY
    current = [each for each in versions if status_of(whole, each, instant) is Status.IN_FORCE]
    found = in_force(whole, instant)
    assert current == ([found] if found else [])
    if found:
        assert not revoked
        assert found.approved_by not in (None, found.proposed_by)
        assert found.terms.valid_from <= instant < found.terms.valid_to


def test_terms_that_can_be_have_no_faults() -> None:
    assert terms.faults(worded(), AgencyKind.HEALTH, NOW) == []
    feed = worded(ways=frozenset({Way.FEED}), every_hours=24)
    assert terms.faults(feed, AgencyKind.HEALTH, NOW) == []


@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"fields": frozenset()}, "fields"),
        ({"fields": frozenset({Datum.VISITS})}, "fields"),
        ({"fields": frozenset({Datum.EMAIL})}, "fields"),
        ({"people": People.CONSENTED, "codes": ()}, "people"),
        ({"codes": ()}, "codes"),
        ({"steps": ()}, "steps"),
        ({"purpose": ExchangePurpose.TAX_ACCOUNTING}, "purpose"),
        ({"citation": " "}, "citation"),
        ({"ways": frozenset()}, "ways"),
        ({"ways": frozenset({Way.FEED})}, "every_hours"),
        ({"every_hours": 24}, "every_hours"),
        ({"retention_days": 0}, "retention_days"),
        ({"valid_to": NOW}, "valid_to"),
        ({"valid_to": NOW + 4000 * DAY}, "valid_to"),
    ],
)
def test_terms_that_nobody_may_agree_on_are_named(changed: dict[str, Any], member: str) -> None:
    assert member in terms.faults(worded(**changed), AgencyKind.HEALTH, NOW)


def test_no_term_can_say_where_somebody_is_or_who_missed_what() -> None:
    sayable = {*Datum, *People, *ExchangePurpose, *Way}
    for word in ("location", "cell", "deadline", "missed", "risk", "predict", "track"):
        assert not any(word in said for said in sayable)
    assert "citizenship" not in set(People)
    assert set(WHY) == set(NeverListed)
    assert {WHY[kind] for kind in OF_PLACES} == {"nobody_is_followed"}


def test_who_asked_cannot_pass_it_nor_a_deputy_of_theirs_nor_whose_deputy_they_are() -> None:
    asked_at = NOW - DAY
    assert not may_pass(ONE, asked_at, ONE, [], NOW)
    assert may_pass(ONE, asked_at, OTHER, [], NOW)
    for pair in ((ONE, OTHER), (OTHER, ONE)):
        assert not may_pass(ONE, asked_at, OTHER, [Deputy(*pair, NOW - 9 * DAY)], NOW)
        assert may_pass(ONE, asked_at, THIRD, [Deputy(*pair, NOW - 9 * DAY)], NOW)


def test_ending_a_deputy_after_it_was_asked_changes_nothing() -> None:
    asked_at, since = NOW - DAY, NOW - 9 * DAY
    assert not may_pass(ONE, asked_at, OTHER, [Deputy(ONE, OTHER, since, NOW - SECOND)], NOW)
    assert may_pass(ONE, asked_at, OTHER, [Deputy(ONE, OTHER, since, asked_at - SECOND)], NOW)
    assert not may_pass(ONE, asked_at, OTHER, [Deputy(ONE, OTHER, NOW)], NOW)


@given(st.integers(0, 3), st.integers(0, 3))
def test_one_person_never_passes_their_own(asked: int, second: int) -> None:
    people = [UUID(int=number) for number in range(4)]
    deputies = [Deputy(people[0], people[1], NOW - DAY), Deputy(people[2], people[3], NOW - DAY, NOW)]
    passed = may_pass(people[asked], NOW - SECOND, people[second], deputies, NOW)
    assert passed == (asked != second and {asked, second} not in ({0, 1}, {2, 3}))


def test_many_look_ups_and_few_misses_raise_an_alarm() -> None:
    limits = Limits(look_ups=60, misses=10, refused=20, agency_misses=40)
    assert alarm_at(Made(59, 9, 19, 39), limits) is None
    assert alarm_at(Made(60, 0, 0, 0), limits) is AlarmKind.MANY
    assert alarm_at(Made(10, 10, 0, 0), limits) is AlarmKind.MISSES
    assert alarm_at(Made(5, 5, 0, 40), limits) is AlarmKind.MISSES
    assert alarm_at(Made(0, 0, 20, 0), limits) is AlarmKind.REFUSED


def test_a_request_waits_is_passed_and_is_over() -> None:
    status = requests.status_of
    assert status(NOW, None, None, NOW + WAITS - SECOND) is RequestStatus.WAITING
    assert status(NOW, None, None, NOW + WAITS) is RequestStatus.LAPSED
    assert status(NOW, NOW, None, NOW + ANSWER_LIVES - SECOND) is RequestStatus.APPROVED
    assert status(NOW, NOW, None, NOW + ANSWER_LIVES) is RequestStatus.EXPIRED
    assert status(NOW, None, NOW, NOW) is RequestStatus.DECLINED


def test_a_request_names_a_case_and_a_period_that_has_been() -> None:
    today = date(2026, 9, 1)
    asked = Asked(RequestGround.PROSECUTOR, "1-12/2026", frozenset({Datum.VISITS}), date(2026, 8, 1), today)
    assert requests.faults(asked, today) == []
    assert requests.faults(replace(asked, case_number=" "), today) == ["case_number"]
    assert requests.faults(replace(asked, categories=frozenset()), today) == ["categories"]
    assert requests.faults(replace(asked, last=date(2026, 9, 2)), today) == ["last"]
    assert requests.faults(replace(asked, first=date(2020, 1, 1)), today) == ["first"]
    assert asked.covers(today)
    assert not asked.covers(date(2026, 7, 31))


@pytest.mark.parametrize("jurisdiction", ["ru", "kz"])
def test_refugees_and_who_seeks_asylum_are_sheltered_by_every_book(jurisdiction: str) -> None:
    found = sheltered(load_rulebook(jurisdiction))
    assert {"XXB", "XXC"} <= found.citizenships
    assert "asylum" in found.purposes
    assert {"refugee_certificate", "asylum_certificate"} == found.papers


@given(st.sets(st.sampled_from(Datum)), st.dictionaries(st.sampled_from(Datum), st.sampled_from(["x", None, [], ""])))
def test_an_answer_has_the_agreed_fields_that_are_known_and_no_other(
    agreed: set[Datum], read: dict[Datum, Any]
) -> None:
    found = minimal(read, agreed)
    assert found == {datum.value: "x" for datum in agreed if read.get(datum) == "x"}
