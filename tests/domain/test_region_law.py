"""What differs from region to region: zones, days off, books; and the instant at which a rule changes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.adapters.rulebooks import load_regions
from app.assembly import region_policy
from app.domain.pathways.calendar import is_holiday, is_working_day
from app.domain.pathways.engine import EntryPurpose, Facts, plan
from app.domain.pathways.tables import RulebookError
from app.domain.region.law import parse_regions
from app.settings import Settings


def test_an_unknown_code_has_the_zone_and_the_book_of_the_settings() -> None:
    policy = region_policy(Settings(zone="Asia/Almaty", jurisdiction="kz"), "t_main")
    assert (policy.code, policy.zone.key, policy.book.jurisdiction) == ("t_main", "Asia/Almaty", "kz")


def test_a_known_code_has_its_own_whatever_the_settings() -> None:
    settings = Settings(zone="Asia/Almaty", jurisdiction="kz")
    assert region_policy(settings, "ru_ta").zone.key == "Europe/Moscow"
    assert {code: region_policy(settings, code).book.jurisdiction for code in load_regions()} == {
        "ru_ta": "ru",
        "ru_mow": "ru",
        "ru_kgd": "ru",
        "kz_ala": "kz",
    }


@pytest.mark.parametrize(
    ("day", "in_tatarstan"),
    [
        (date(2026, 5, 27), True),  # Kurban bayram
        (date(2026, 3, 20), True),  # Uraza bayram
        (date(2026, 8, 31), False),
        (date(2027, 8, 30), True),
        (date(2026, 11, 6), True),
        (date(2030, 11, 6), True),
        (date(2026, 11, 5), False),
    ],
)
def test_days_off_of_tatarstan_are_no_working_days_there(day: date, *, in_tatarstan: bool) -> None:
    own, other = (region_policy(Settings(), code).book.calendar for code in ("ru_ta", "ru_mow"))
    assert (is_holiday(day, own), is_working_day(day, own)) == (in_tatarstan, not in_tatarstan)
    assert (is_holiday(day, other), is_working_day(day, other)) == (False, True)


@pytest.mark.parametrize(
    ("region", "last", "first"),
    [
        ("ru_ta", datetime(2025, 12, 31, 20, 59, 59, tzinfo=UTC), datetime(2025, 12, 31, 21, 0, tzinfo=UTC)),
        ("ru_kgd", datetime(2025, 12, 31, 21, 59, 59, tzinfo=UTC), datetime(2025, 12, 31, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_rule_changes_at_the_regions_midnight(region: str, last: datetime, first: datetime) -> None:
    """Case 15: what the zone does to a date. The tax of 2026 begins with that year where the person is."""
    policy = region_policy(Settings(), region)
    facts = Facts("UZB", EntryPurpose.WORK, date(2025, 12, 15))

    def tax(now: datetime) -> str:
        steps = plan(policy.book, facts, [], policy.day_of(now)).steps
        return next(step.rule.id for step in steps if step.code == "tax_advance")

    assert (tax(last), tax(first)) == ("tax_advance.2025", "tax_advance.2026")


@pytest.mark.parametrize(
    ("region", "last", "late"),
    [
        ("kz_ala", datetime(2026, 9, 4, 18, 59, 59, tzinfo=UTC), datetime(2026, 9, 4, 19, 0, tzinfo=UTC)),
        ("ru_ta", datetime(2026, 9, 16, 20, 59, 59, tzinfo=UTC), datetime(2026, 9, 16, 21, 0, tzinfo=UTC)),
        ("ru_kgd", datetime(2026, 9, 16, 21, 59, 59, tzinfo=UTC), datetime(2026, 9, 16, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_deadline_ends_at_the_regions_midnight(region: str, last: datetime, late: datetime) -> None:
    policy = region_policy(Settings(), region)
    facts = Facts("UZB", EntryPurpose.WORK, date(2026, 9, 1))

    def status(now: datetime) -> str:
        steps = plan(policy.book, facts, [], policy.day_of(now)).steps
        return next(step.status.value for step in steps if step.code == "registration")

    assert (status(last), status(late)) == ("due", "overdue")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", {"ru": "Край"}),
        ("zone", "Europe/Nowhere"),
        ("jurisdiction", ""),
        ("days_off", ["2026-01-01"]),
        ("days_off", [datetime(2026, 1, 1, tzinfo=UTC)]),
        ("yearly", ["11-31"]),
        ("colour", "red"),
    ],
)
def test_mistakes_in_a_region_are_named(key: str, value: object) -> None:
    region: dict[str, Any] = {"name": {"ru": "Край", "en": "Krai"}, "zone": "Asia/Chita", "jurisdiction": "ru"}
    assert parse_regions({"ru_zab": region})["ru_zab"].zone.key == "Asia/Chita"
    with pytest.raises(RulebookError) as caught:
        parse_regions({"ru_zab": region | {key: value}})
    assert (caught.value.rule, caught.value.key) == ("ru_zab", key)
