"""What tests of planning stand on: one person's life, and what is planned of it by local time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.adapters.rulebooks import load_rulebook
from app.domain.pathways.engine import Facts, StepEvent
from app.domain.pathways.engine import plan as plan_pathway
from app.domain.pathways.pathway import Step
from app.domain.pathways.rules import EntryPurpose
from app.domain.reminders.kinds import Kind
from app.domain.reminders.planning import Life, Reminder, Visit, plan

KAZAN = ZoneInfo("Europe/Moscow")
BOOK = load_rulebook("ru")
VISIT_ID, POINT_ID = UUID(int=1), UUID(int=2)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def instant(text: str, zone: ZoneInfo = KAZAN) -> datetime:
    """UTC, of what a clock of the zone shows."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def visit(starts: str, zone: ZoneInfo = KAZAN, *, changed: datetime = LONG_AGO) -> Visit:
    return Visit(VISIT_ID, "medical", POINT_ID, zone, instant(starts, zone), changed)


def moved(one: Visit, starts: str, changed: datetime) -> Visit:
    return replace(one, starts_at=instant(starts, one.zone), changed_at=changed)


def planned(now: datetime, *visits: Visit, **life: object) -> list[Reminder]:
    return plan(Life(KAZAN, visits, **life), now).reminders  # type: ignore[arg-type]


def shown(reminders: Sequence[Reminder], zone: ZoneInfo = KAZAN) -> list[tuple[str, str]]:
    """Kind and local time, in their order."""
    return [(r.kind.value, f"{r.due_at.astimezone(zone):%Y-%m-%d %H:%M}") for r in sorted(reminders, key=_by_time)]


def _by_time(reminder: Reminder) -> tuple[datetime, str]:
    return reminder.due_at, reminder.kind


def of(reminders: Sequence[Reminder], *kinds: Kind) -> list[Reminder]:
    return [one for one in reminders if one.kind in kinds]


def steps(today: date, *events: StepEvent, days_ago: int = 0) -> Sequence[Step]:
    """The pathway of somebody who came from Uzbekistan to work so many days ago."""
    entered_on = today - timedelta(days=days_ago)
    return plan_pathway(BOOK, Facts("UZB", EntryPurpose.WORK, entered_on, birth_year=1990), events, today).steps
