"""The state machine of a consent, its term, and what may not stand."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.adapters.rulebooks import RULES, load_consent_law
from app.domain.consents import consent as rules
from app.domain.consents import notices
from app.domain.consents.consent import Consent, Expression, Notice, Reason, Refusal, Standing
from app.domain.consents.purposes import (
    SCOPES,
    ConsentPurpose,
    Duty,
    ScopeError,
    ScopeKind,
    check_scope,
    parse_consent_law,
)
from app.domain.consents.status import LIVE, TERMINAL, ConsentStatus, may_follow
from app.domain.pathways.tables import RulebookError

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
KAZAN = ZoneInfo("Europe/Moscow")
NOTICE = Notice("mirror_location", "1", "tg", bytes(32))
TABLE = """
requested: given refused invalidated
given: renewed withdrawn revoked expired
renewed: renewed withdrawn revoked expired
"""


def asked() -> Consent:
    return rules.requested(ConsentPurpose.MIRROR_LOCATION, None, NOTICE, NOW)


def yes(months: int = 12) -> Consent:
    until = rules.term_of(NOW, months, Standing(), KAZAN)
    return rules.given(asked(), NOTICE, Expression.TAP, NOW, until)


def test_what_may_follow_is_what_the_table_says() -> None:
    allowed = {
        (before, after)
        for line in TABLE.strip().splitlines()
        for before, afters in [line.split(":")]
        for after in afters.split()
    }
    found = {(b.value, a.value) for b in ConsentStatus for a in ConsentStatus if may_follow(b, a)}
    assert found == allowed
    assert [status for status in ConsentStatus if may_follow(None, status)] == [ConsentStatus.REQUESTED]
    assert {status.value for status in TERMINAL} == {"refused", "invalidated", "withdrawn", "revoked", "expired"}


class Machine(RuleBasedStateMachine):
    """Whatever is tried in whatever order: a record goes by the table, and its end is its end."""

    def __init__(self) -> None:
        super().__init__()
        self.consent, self.now = asked(), NOW
        self.past = [self.consent]

    @initialize(hours=st.integers(0, 24 * 40))
    def wait_for_an_answer(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(days=st.integers(1, 200))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(status=st.sampled_from(ConsentStatus), language=st.sampled_from(["tg", "ru"]), version=st.sampled_from("12"))
    def go_to(self, status: ConsentStatus, language: str, version: str) -> None:
        before, notice = self.consent, Notice("mirror_location", version, language, bytes(32))
        until = rules.term_of(self.now, 12, Standing(), KAZAN)
        try:
            match status:
                case ConsentStatus.REQUESTED:
                    return
                case ConsentStatus.GIVEN:
                    after = rules.given(before, notice, Expression.TAP, self.now, until)
                case ConsentStatus.RENEWED:
                    after = rules.renewed(before, notice, Expression.TAP, self.now, until)
                case _:
                    after = rules.ended(before, status, self.now)
        except Refusal:
            return
        assert may_follow(before.status, after.status)
        assert after.status is status
        if before.status is not ConsentStatus.REQUESTED:
            assert (after.notice.id, after.notice.version) == (before.notice.id, before.notice.version)
            assert after.status is ConsentStatus.RENEWED or after.expires_at == before.expires_at
        self.consent = after
        self.past.append(after)

    @precondition(lambda self: self.consent.status in TERMINAL)
    @rule(status=st.sampled_from(sorted(TERMINAL)))
    def an_end_is_an_end(self, status: ConsentStatus) -> None:
        with pytest.raises(Refusal):
            rules.ended(self.consent, status, self.now)

    @invariant()
    def it_is_live_between_its_yes_and_its_end_only(self) -> None:
        assert self.consent.live(self.now) == (self.consent.status in LIVE and self.now < self.consent.expires_at)
        assert sum(consent.status is ConsentStatus.GIVEN for consent in self.past) <= 1
        assert self.consent.status is not ConsentStatus.EXPIRED or self.now >= self.consent.expires_at


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=60, stateful_step_count=12, deadline=None, database=None)


def test_an_answer_that_comes_too_late_is_none() -> None:
    with pytest.raises(Refusal):
        rules.given(asked(), NOTICE, Expression.TAP, NOW + rules.ANSWER_WITHIN, NOW + timedelta(days=400))


def test_it_is_renewed_near_its_end_and_on_the_same_terms() -> None:
    consent = yes()
    late = consent.expires_at - timedelta(days=10)
    until = rules.term_of(late, 12, Standing(), KAZAN)
    assert not rules.renewable(consent, NOW)
    assert rules.renewable(consent, late)
    assert rules.renewed(consent, replace(NOTICE, language="ru"), Expression.TAP, late, until).expires_at == until
    for other in (replace(NOTICE, version="2"), replace(NOTICE, id="notices_sms")):
        with pytest.raises(Refusal):
            rules.renewed(consent, other, Expression.TAP, late, until)
    with pytest.raises(Refusal):
        rules.renewed(consent, NOTICE, Expression.TAP, consent.expires_at, until)


def test_nothing_expires_before_its_time() -> None:
    consent = yes()
    with pytest.raises(Refusal):
        rules.ended(consent, ConsentStatus.EXPIRED, consent.expires_at - timedelta(microseconds=1))
    assert rules.ended(consent, ConsentStatus.EXPIRED, consent.expires_at).status is ConsentStatus.EXPIRED


@given(st.timedeltas(timedelta(), timedelta(days=12_000)).map(NOW.__add__), st.integers(1, 36))
def test_a_term_is_so_many_months_of_the_calendar(now: datetime, months: int) -> None:
    until = rules.term_of(now, months, Standing(), KAZAN)
    begins, ends = now.astimezone(KAZAN), until.astimezone(KAZAN)
    assert (ends.year * 12 + ends.month) - (begins.year * 12 + begins.month) == months
    assert ends.day == begins.day or (ends.day < begins.day and (ends + timedelta(days=1)).day == 1)
    assert ends.timetz().replace(tzinfo=None) == begins.timetz().replace(tzinfo=None)


@given(st.dates(date(2026, 9, 2), date(2040, 1, 1)))
def test_a_minors_consent_ends_as_the_day_of_majority_begins(of_age: date) -> None:
    standing = Standing(mirrors=True, minor_until=of_age)
    until = rules.term_of(NOW, 12, standing, KAZAN)
    own = rules.term_of(NOW, 12, Standing(mirrors=True), KAZAN)
    begins = datetime(of_age.year, of_age.month, of_age.day, tzinfo=KAZAN)
    assert until == min(own, begins)


def test_a_consent_that_may_not_stand_is_found() -> None:
    minor = Standing(mirrors=True, minor_until=date(2030, 1, 1))
    guardians = replace(yes(), expression=Expression.GUARDIAN)
    assert rules.fault_of(yes(), Standing(mirrors=True)) is None
    assert rules.fault_of(yes(), Standing(mirrors=False)) is Reason.PROTECTED
    assert rules.fault_of(replace(yes(), purpose=ConsentPurpose.NOTICES_SMS), Standing()) is None
    assert rules.fault_of(guardians, minor) is None
    assert rules.fault_of(guardians, Standing(mirrors=True)) is Reason.OF_AGE


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_a_scope_is_of_its_purpose(purpose: ConsentPurpose) -> None:
    vacancy = "7F000001-0000-4000-8000-000000000001"
    fits = {None: None, ScopeKind.DOCUMENT_KIND: "passport", ScopeKind.VACANCY: vacancy}
    kind = SCOPES.get(purpose)
    for of, scope in fits.items():
        if of is kind:
            assert check_scope(purpose, scope) == (vacancy.lower() if of is ScopeKind.VACANCY else scope)
        else:
            with pytest.raises(ScopeError):
                check_scope(purpose, scope)


@pytest.mark.parametrize("jurisdiction", ["ru", "kz"])
def test_the_law_says_all_of_every_purpose(jurisdiction: str) -> None:
    law = load_consent_law(jurisdiction)
    assert (set(law.terms), set(law.duties)) == (set(ConsentPurpose), set(Duty))
    for terms in law.terms.values():
        assert all((terms.recipients, terms.data_categories, terms.operations))
        # The notices say how long: a term of another length needs other words.
        assert terms.months == notices.MONTHS
        assert max(map(len, (terms.controller["ru"], terms.controller_contact, terms.legal_basis))) <= 200


def test_a_law_that_forgets_something_is_refused() -> None:
    def book() -> Any:
        return tomllib.loads((RULES / "ru" / "consents.toml").read_text(encoding="utf-8"))

    parse_consent_law("ru", book())
    mistakes: tuple[Callable[[Any], object], ...] = (
        lambda data: data["purposes"].pop("notices_sms"),
        lambda data: data["duties"].pop("lawful_request"),
        lambda data: data["common"].pop("retention"),
        lambda data: data["common"].update(months=0),
        lambda data: data["common"].update(colour="red"),
        lambda data: data["common"].update(controller={"en": "only"}),
    )
    for spoil in mistakes:
        data = book()
        spoil(data)
        with pytest.raises(RulebookError):
            parse_consent_law("ru", data)
