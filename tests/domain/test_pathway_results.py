"""What becomes of results: taken back, ended by others, and what they do to the stay."""

from dataclasses import replace
from datetime import date, timedelta

from app.adapters.rulebooks import load_rulebook
from app.domain.pathways.engine import EntryPurpose, EventKind, Facts, Source, Step, StepEvent, StepStatus, plan
from tests.domain.test_pathway import BEFORE_APPLICATION, BOOK, ENTERED, WORKER, done, step


def test_annulments_take_back_what_was_said_and_nothing_else() -> None:
    point, own = done("registration", ENTERED), done("registration", ENTERED + timedelta(days=3), Source.SELF_DECLARED)
    host = done("registration", ENTERED + timedelta(days=4), Source.HOST)
    today = ENTERED + timedelta(days=9)

    def left(*events: StepEvent) -> StepEvent | None:
        found = step(plan(BOOK, WORKER, events, today), "registration")
        return done("registration", found.done_on, found.source) if found.done_on and found.source else None

    def annulled(result: StepEvent, source: Source) -> StepEvent:
        return StepEvent("registration", EventKind.ANNULLED, result.on, source)

    # The person takes back their own word and what their host said, and what the point said stays.
    assert left(point, own, annulled(own, Source.SELF_DECLARED)) == point
    assert left(point, host, annulled(host, Source.SELF_DECLARED)) == point
    assert left(point, annulled(point, Source.SELF_DECLARED)) == point
    assert left(point, host, annulled(host, Source.HOST)) == point
    assert left(own, annulled(own, Source.HOST)) == own
    assert left(own, annulled(own, Source.DOCUMENT)) == own
    assert left(own, point, annulled(point, Source.POINT)) == own
    # An agency takes away all there was.
    assert left(point, own, annulled(own, Source.AGENCY)) is None
    # What is told anew stands, on whichever day.
    for day in (ENTERED, own.on, ENTERED + timedelta(days=5)):
        right = done("registration", day, Source.SELF_DECLARED)
        assert left(own, annulled(own, Source.SELF_DECLARED), right) == right


def test_the_stay_lasts_as_long_as_the_contract() -> None:
    facts = replace(WORKER, citizenship="KGZ")

    def until(*events: StepEvent) -> tuple[date | None, bool]:
        stay = plan(BOOK, facts, events, date(2026, 10, 1)).stay
        assert stay
        return stay.until, stay.extended

    contract = done("contract", ENTERED, Source.SELF_DECLARED)
    assert until() == (date(2026, 11, 29), False)
    assert until(replace(contract, expires_on=date(2026, 10, 31))) == (date(2026, 11, 29), False)
    assert until(replace(contract, expires_on=date(2027, 8, 31))) == (date(2027, 8, 31), True)
    assert until(contract) == (None, True)  # a contract without an end


def test_the_stay_of_a_patent_lasts_as_long_as_its_tax_is_paid() -> None:
    events = [done(code, ENTERED, Source.DOCUMENT) for code in (*BEFORE_APPLICATION, "fingerprints", "application")]
    events.append(done("collection", date(2026, 9, 21)))

    def until(today: date) -> date | None:
        stay = plan(BOOK, WORKER, events, today).stay
        return stay.until if stay else None

    assert until(date(2026, 12, 1)) == date(2026, 11, 29)
    events.append(done("tax_advance", date(2026, 11, 20), Source.SELF_DECLARED))
    assert until(date(2026, 12, 1)) == date(2026, 12, 20)
    assert until(date(2026, 12, 21)) == date(2026, 11, 29)  # unpaid, the patent has lapsed


def test_a_new_employer_in_kazakhstan_means_a_new_permit_within_15_days() -> None:
    book, facts = load_rulebook("kz"), Facts("KGZ", EntryPurpose.WORK, ENTERED)
    ready = [done("registration", ENTERED, Source.HOST), done("fingerprints", ENTERED)]
    contract = done("contract", ENTERED, Source.SELF_DECLARED, date(2027, 5, 31))
    permit = done("residence_permit", date(2026, 10, 1))

    def found(today: date, *events: StepEvent) -> Step:
        return step(plan(book, facts, [*ready, *events], today), "residence_permit")

    # As long as the contract, and a year at most.
    assert found(date(2026, 10, 2), contract, permit).valid_until == date(2027, 5, 31)
    longer = replace(contract, expires_on=None)
    assert found(date(2026, 10, 2), longer, permit).valid_until == date(2027, 10, 1)
    moved = done("contract", date(2026, 12, 10), Source.SELF_DECLARED)
    renewal = found(date(2026, 12, 11), contract, permit, moved)
    assert (renewal.status, renewal.deadline) == (StepStatus.AVAILABLE, date(2026, 12, 25))
    assert found(date(2026, 12, 26), contract, permit, moved).status is StepStatus.OVERDUE
    renewed = done("residence_permit", date(2026, 12, 20))
    assert found(date(2026, 12, 26), contract, permit, moved, renewed).status is StepStatus.DONE


def test_a_child_grows_up_on_its_birthday() -> None:
    child = replace(WORKER, purpose=EntryPurpose.STUDY, birth_year=2020, birth_month=9, birth_day=20)
    for day, asked in ((date(2026, 9, 19), False), (date(2026, 9, 20), True)):
        pathway = plan(BOOK, child, [], day)
        assert ("fingerprints" in {step.code for step in pathway.steps}) is asked
        assert ("fingerprints" in {exemption.code for exemption in pathway.not_needed}) is not asked
        assert [note.id for note in pathway.notes] == ["minors"]
