"""What journeys come to, which periods there are, and that no question tells of whom it cannot be true."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.adapters.rulebooks import load_rulebook
from app.domain.disclosure.facts import Facts
from app.domain.disclosure.opening import Cell, opened, reopened
from app.domain.figures import dashboards, journeys, permits, places, visits
from app.domain.figures.ground import Ground, Site
from app.domain.figures.journeys import Asked, Journey
from app.domain.figures.periods import Family, Period, period_of
from app.domain.figures.told import Told
from app.domain.pathways import pathway
from app.domain.pathways.rules import EntryPurpose

BOOK = load_rulebook("ru")
KAZAN = ZoneInfo("Europe/Moscow")
ENTERED = date(2026, 9, 1)
STEPS = ("registration", "medical", "fingerprints", "exam", "application", "collection")


def asked(citizenship: str, purpose: EntryPurpose = EntryPurpose.WORK) -> Asked | None:
    facts = pathway.Facts(citizenship, purpose, ENTERED, birth_year=1990)
    return journeys.asked_of(BOOK, journeys.order_of(BOOK), facts)


def test_a_journey_is_what_the_law_asks_for_and_others_confirm() -> None:
    found = asked("UZB")
    assert found is not None
    assert (found.kind, found.steps) == ("patent", STEPS)
    assert found.deadlines["application"] == ENTERED + timedelta(days=30)
    assert set(found.deadlines) == {"registration", "medical", "fingerprints", "application"}


def test_who_seeks_asylum_and_who_is_a_citizen_is_in_no_figure() -> None:
    assert asked("UZB", EntryPurpose.ASYLUM) is None
    assert asked("RUS") is None
    assert not {"asylum", "refugee", "national"} & set(journeys.kinds_of(BOOK))


def test_a_stage_is_the_first_step_that_is_not_done_and_nobody_falls_back() -> None:
    found = asked("UZB")
    assert found is not None
    early = {"registration": ENTERED + timedelta(days=4), "exam": ENTERED + timedelta(days=9)}
    later = early | {code: ENTERED + timedelta(days=33) for code in ("medical", "fingerprints")}
    cuts = [ENTERED + timedelta(days=days) for days in (24, 38, 94)]
    taken_back = {code: day for code, day in later.items() if code != "medical"}
    row = journeys.row_of(Journey(ENTERED, found, (early, later, taken_back)), cuts)
    assert row == ("patent", "medical", "yes", "application", "yes", "application", "unfinished")
    whole = {code: ENTERED + timedelta(days=20) for code in STEPS} | {"registration": early["registration"]}
    row = journeys.row_of(Journey(ENTERED, found, (early, whole, whole)), cuts)
    assert row == ("patent", "medical", "yes", "all", "no", "all", "15_to_21")


def test_a_stage_that_only_some_kinds_have_is_not_asked_of_a_mixed_cell() -> None:
    """Else a cell that begins where patents alone can be would tell that there are some in a mixed one."""
    kinds = journeys.kinds_of(BOOK)
    rows = [(n, "patent", "medical", "no") for n in range(5)] + [
        (50 + n, "eaeu_work", "medical", "no") for n in range(8)
    ]
    rows += [(100 + n, kinds[-1], "all", "no") for n in range(20)]
    cells = opened(Facts.of(journeys.COLUMNS[:3], rows), journeys.questions(BOOK, 0))
    assert [dict(cell.where) for cell in cells if "patent" in cell.where["kind"]] == [{"kind": ("patent", "eaeu_work")}]


def test_who_has_done_everything_stays_told_as_that() -> None:
    cell = Cell({"kind": ("patent",), "stage_3": ("all",)}, 40)
    rows = [(n, "patent", "all", "no", "all", "no") for n in range(40)]
    [part] = reopened(cell, Facts.of(journeys.COLUMNS[:5], rows), journeys.questions(BOOK, 1))
    assert part.where["stage_5"] == ("all",)
    [same] = reopened(cell, Facts.of(journeys.COLUMNS[:5], rows[:4]), journeys.questions(BOOK, 1))
    assert same == part


def test_hours_are_asked_only_of_points_that_keep_the_same() -> None:
    """Of a mixed cell of an office and an airport, a visit at night would be one to the airport."""
    sites = {
        "a": Site("a", "Town", ("medical",), ("09", "10")),
        "b": Site("b", "Town", ("medical",), ("03", "09", "10")),
    }
    ground = Ground(sites)
    names = visits.COLUMNS
    rows = [(n, "Town", "a", "came", "medical", "09", "no", "unknown") for n in range(4)]
    rows += [(9 + n, "Town", "b", "came", "medical", "03", "no", "unknown") for n in range(7)]
    assert [dict(cell.where) for cell in opened(Facts.of(names, rows), visits.questions(ground))] == [
        {"municipality": ("Town",), "service": ("medical",)}
    ]


def test_weeks_begin_on_monday_months_on_the_first_and_both_are_told_when_they_have_settled() -> None:
    assert period_of(Family.VISITS, date(2026, 9, 6)) == Period(Family.VISITS, date(2026, 8, 31))
    month = period_of(Family.MOVES, date(2026, 12, 31))
    assert (month.starts_on, month.ends_on) == (date(2026, 12, 1), date(2027, 1, 1))
    week = Period(Family.JOURNEYS, date(2026, 8, 31))
    assert week.told_at(0, KAZAN) == datetime(2026, 9, 28, 3, tzinfo=KAZAN)
    assert week.following.starts_on == week.ends_on == date(2026, 9, 7)


def told(*cells: Cell, on: date = ENTERED, release: int = 0) -> Told:
    return Told(on, on + timedelta(days=7), release, datetime(2026, 12, 1, tzinfo=KAZAN), cells)


def test_supply_is_added_up_from_permits_and_their_ends() -> None:
    year = Cell({"right": ("patent",), "occupation": ("7",), "until": ("within_53",)}, 30)
    short = Cell({"right": ("patent",), "occupation": ("7",), "until": ("within_13",)}, 10)
    weeks = [ENTERED + timedelta(weeks=n) for n in range(15)]
    rows = dashboards.supply([told(year, short, on=weeks[0]), *(told(on=week) for week in weeks[1:])], weeks[0])
    assert [row.allowed for row in rows] == [40] * 13 + [30] * 2
    assert [row.began for row in rows[:2]] == [40, 0]
    assert permits.until_of(13) == "within_13"


def test_places_show_load_waits_and_who_did_not_come() -> None:
    where = {"municipality": ("Town",), "point": ("a",)}
    came = Cell(where | {"outcome": ("came",), "wait": ("30_to_60",), "timed": ("yes",)}, 80)
    missed = Cell(where | {"outcome": ("missed", "left")}, 20)
    [row] = places.by_place([told(came, missed)], {("a", "medical"): 30}, {"a": 3200})
    assert (row.visits, row.missed, row.missed_share, row.load) == (100, 20, 0.2, 0.9375)
    [zone] = places.bottlenecks([row], [], [told(came, missed)])
    assert (zone.points, zone.why) == (("a",), ("load", "wait"))
