"""Pathways planned by the packaged book of Russia."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.adapters.rulebooks import load_rulebook, read_rulebook
from app.domain.pathways.engine import (
    EntryPurpose,
    EventKind,
    Facts,
    Pathway,
    Source,
    Step,
    StepEvent,
    StepStatus,
    plan,
)
from app.domain.pathways.rulebook import parse_rulebook

BOOK = load_rulebook("ru")
ENTERED = date(2026, 9, 1)
WORKER = Facts("UZB", EntryPurpose.WORK, ENTERED)
BEFORE_APPLICATION = ("registration", "medical", "exam", "insurance", "translation")


def done(step: str, on: date, source: Source = Source.POINT, expires_on: date | None = None) -> StepEvent:
    return StepEvent(step, EventKind.DONE, on, source, expires_on)


def step(pathway: Pathway, code: str) -> Step:
    return next(step for step in pathway.steps if step.code == code)


def codes(facts: Facts, today: date = ENTERED) -> set[str]:
    """What is asked; offers left out."""
    return {step.code for step in plan(BOOK, facts, [], today).steps if not step.rule.offer}


def test_first_day_of_a_worker() -> None:
    pathway = plan(BOOK, WORKER, [], ENTERED)
    assert pathway.next == ("registration", "medical", "fingerprints", "exam", "insurance", "translation")
    assert pathway.book_version == BOOK.version
    application = step(pathway, "application")
    assert (application.status, application.blocked_by) == (StepStatus.BLOCKED, BEFORE_APPLICATION)
    assert step(pathway, "fingerprints").advised_after == ("medical",)
    assert step(pathway, "exam").needed_by == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (date(2026, 9, 23), StepStatus.AVAILABLE),
        (date(2026, 9, 24), StepStatus.DUE),
        (date(2026, 10, 1), StepStatus.DUE),
        (date(2026, 10, 2), StepStatus.OVERDUE),
    ],
)
def test_a_deadline_draws_near(today: date, status: StepStatus) -> None:
    pathway = plan(BOOK, WORKER, [], today)
    assert step(pathway, "medical").status is status
    assert step(pathway, "application").status is StepStatus.BLOCKED
    assert step(pathway, "application").late is (status is StepStatus.OVERDUE)


@pytest.mark.parametrize(
    ("today", "status", "deadline"),
    [
        (date(2027, 8, 10), StepStatus.DONE, None),
        (date(2027, 8, 11), StepStatus.EXPIRING, date(2027, 10, 10)),
        (date(2027, 9, 10), StepStatus.EXPIRING, date(2027, 10, 10)),
        (date(2027, 9, 11), StepStatus.AVAILABLE, date(2027, 10, 10)),
        (date(2027, 10, 3), StepStatus.DUE, date(2027, 10, 10)),
        (date(2027, 10, 11), StepStatus.OVERDUE, date(2027, 10, 10)),
    ],
)
def test_a_result_ends(today: date, status: StepStatus, deadline: date | None) -> None:
    medical = step(plan(BOOK, WORKER, [done("medical", date(2026, 9, 10))], today), "medical")
    assert (medical.status, medical.deadline) == (status, deadline)
    assert (medical.done_on, medical.valid_until) == (date(2026, 9, 10), date(2027, 9, 10))


def test_the_patent_is_waited_for() -> None:
    events = [done(code, date(2026, 9, 4), Source.DOCUMENT) for code in BEFORE_APPLICATION]
    events += [done("fingerprints", date(2026, 9, 4)), done("application", date(2026, 9, 7))]
    waiting = plan(BOOK, WORKER, events, date(2026, 9, 8))
    assert step(waiting, "collection").status is StepStatus.AVAILABLE
    assert step(waiting, "collection").not_before == date(2026, 9, 21)
    assert waiting.next == ()  # nothing to do but wait
    assert plan(BOOK, WORKER, events, date(2026, 9, 21)).next == ("tax_advance", "collection")


def test_results_are_waited_for_unless_shown() -> None:
    events = [done(code, date(2026, 9, 4), Source.DOCUMENT) for code in BEFORE_APPLICATION]
    shown = step(plan(BOOK, WORKER, events, date(2026, 9, 4)), "application")
    assert (shown.status, shown.not_before) == (StepStatus.AVAILABLE, None)
    visited = [*events, done("exam", date(2026, 9, 4))]
    assert step(plan(BOOK, WORKER, visited, date(2026, 9, 4)), "application").not_before == date(2026, 9, 11)


def test_an_entry_that_is_planned() -> None:
    pathway = plan(BOOK, WORKER, [], ENTERED - timedelta(days=10))
    assert step(pathway, "medical").not_before == ENTERED
    assert pathway.next == ("exam", "insurance", "translation", "entry_application")


def test_come_again() -> None:
    events = [StepEvent("exam", EventKind.COME_AGAIN, date(2026, 9, 4), Source.POINT)]
    exam = step(plan(BOOK, WORKER, events, date(2026, 9, 5)), "exam")
    assert (exam.status, exam.not_before) == (StepStatus.AVAILABLE, date(2026, 9, 14))
    assert exam.outcome is EventKind.COME_AGAIN


def test_a_failed_renewal_leaves_the_old_result_and_an_annulment_does_not() -> None:
    events = [done("medical", date(2026, 9, 4))]
    for kind, status in (
        (EventKind.INCOMPLETE, StepStatus.DONE),
        (EventKind.COME_AGAIN, StepStatus.DONE),
        (EventKind.ANNULLED, StepStatus.AVAILABLE),
    ):
        later = [*events, StepEvent("medical", kind, date(2026, 9, 5), Source.AGENCY)]
        assert step(plan(BOOK, WORKER, later, date(2026, 9, 6)), "medical").status is status


def test_own_word_counts_only_where_it_may() -> None:
    events = [done(code, ENTERED, Source.SELF_DECLARED) for code in ("medical", "insurance")]
    pathway = plan(BOOK, WORKER, events, ENTERED)
    assert step(pathway, "medical").done_on is None
    assert step(pathway, "insurance").status is StepStatus.DONE


def test_events_to_come_and_unknown_steps_do_not_count() -> None:
    events = [done("medical", ENTERED + timedelta(days=1)), done("dance", ENTERED)]
    assert plan(BOOK, WORKER, events, ENTERED) == plan(BOOK, WORKER, [], ENTERED)


def test_a_new_entry_asks_for_registration_and_keeps_the_medical() -> None:
    before = ENTERED - timedelta(days=40)
    events = [done("registration", before, Source.HOST), done("medical", before)]
    pathway = plan(BOOK, WORKER, events, ENTERED)
    assert step(pathway, "registration").status is StepStatus.AVAILABLE
    assert step(pathway, "medical").status is StepStatus.DONE


def test_contract_of_the_eaeu() -> None:
    facts = replace(WORKER, citizenship="KGZ")
    events = [done("contract", ENTERED, Source.SELF_DECLARED, date(2027, 8, 31))]
    assert step(plan(BOOK, facts, events, date(2026, 10, 1)), "contract").status is StepStatus.DONE
    events.append(done("contract", date(2026, 11, 2), Source.SELF_DECLARED, date(2026, 11, 2)))
    ended = step(plan(BOOK, facts, events, date(2026, 11, 3)), "contract")
    assert (ended.status, ended.deadline) == (StepStatus.AVAILABLE, date(2026, 11, 17))


def test_tax_is_announced_a_week_before_and_lapses_the_next_day() -> None:
    events = [done(code, ENTERED, Source.DOCUMENT) for code in (*BEFORE_APPLICATION, "application")]
    events.append(done("tax_advance", date(2026, 9, 21), Source.SELF_DECLARED))
    by_day = {
        day: step(plan(BOOK, WORKER, events, day), "tax_advance").status
        for day in (date(2026, 10, 13), date(2026, 10, 14), date(2026, 10, 21), date(2026, 10, 22))
    }
    assert [*by_day.values()] == [
        StepStatus.DONE,
        StepStatus.EXPIRING,
        StepStatus.EXPIRING,
        StepStatus.OVERDUE,
    ]


@pytest.mark.parametrize(
    ("today", "rule"),
    [
        (date(2025, 12, 31), "tax_advance.2025"),
        (date(2026, 1, 1), "tax_advance.2026"),
        (date(2027, 1, 1), "tax_advance"),
    ],
)
def test_rules_change_on_their_day(today: date, rule: str) -> None:
    facts = replace(WORKER, entered_on=date(2025, 12, 15))
    assert step(plan(BOOK, facts, [], today), "tax_advance").rule.id == rule


def test_entry_counts_not_today() -> None:
    """What was in force on the day of entry sets the term, however much later one looks."""
    assert "medical" not in codes(replace(WORKER, entered_on=date(2024, 12, 31)), ENTERED)


def test_entry_application_is_of_use_until_entry() -> None:
    assert "entry_application" in codes(WORKER, ENTERED - timedelta(days=1))
    assert "entry_application" not in codes(WORKER, ENTERED)


def test_notice_of_contract_runs_from_the_patent_once_confirmed() -> None:
    data = read_rulebook("ru")
    for rule in data["rules"]:
        if rule["id"] == "contract_notice":
            rule["status"] = "in_force"
    book = parse_rulebook(data)
    assert step(plan(book, WORKER, [], ENTERED), "contract_notice").deadline is None
    events = [done("collection", date(2026, 12, 31))]
    notice = step(plan(book, WORKER, events, date(2027, 1, 1)), "contract_notice")
    assert notice.deadline == date(2027, 2, 28)
    events += [done("contract_notice", date(2027, 1, 5), Source.SELF_DECLARED)]
    assert step(plan(book, WORKER, events, date(2027, 1, 6)), "contract_notice").status is StepStatus.DONE
    events += [done("collection", date(2027, 12, 20))]
    again = step(plan(book, WORKER, events, date(2027, 12, 21)), "contract_notice")
    assert again.deadline == date(2028, 2, 20)
