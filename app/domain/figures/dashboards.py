"""The operator's dashboards about people's ways: how far they are, how long it takes, what is late, who may work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.disclosure.opening import Cell
from app.domain.figures.journeys import ALL, FINISHES, YES
from app.domain.figures.periods import JOURNEY_WEEKS, WEEK
from app.domain.figures.permits import UNTIL
from app.domain.figures.told import ANY, Span, Told, cells_of, is_one, known, rounded_quantile, share_of, spans, summed


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """So many people of these kinds (any: empty) stood, `weeks` after they came, before one of these steps; `all`: had
    done everything. Empty: not told apart.
    """

    weeks: int
    kinds: tuple[str, ...]
    stages: tuple[str, ...]
    people: int


def funnel(told: Sequence[Told]) -> list[FunnelRow]:
    """Of everybody who came in these weeks, at each of the times at which one looked."""
    rows = []
    for release, weeks in enumerate(JOURNEY_WEEKS):
        cells = cells_of(each for each in told if each.release >= release)
        sums = summed(cells, lambda cell, weeks=weeks: (known(cell, "kind"), known(cell, f"stage_{weeks}")))  # type: ignore[misc]
        rows += [FunnelRow(weeks, kinds, stages, people) for (kinds, stages), people in sums.items()]
    return rows


@dataclass(frozen=True, slots=True)
class FinishRow:
    """Of `people` of these kinds who have had thirteen weeks, `finished` are known to have done everything: days from
    entry, as the median and the ninth decile, and how they lie.
    """

    kinds: tuple[str, ...]
    people: int
    finished: int
    median_days: float | None
    p90_days: float | None
    spans: tuple[Span, ...]


def finish_times(told: Sequence[Told]) -> list[FinishRow]:
    cells = list(cells_of(each for each in told if each.release == len(JOURNEY_WEEKS) - 1))
    rows = []
    for kinds, people in summed(cells, lambda cell: known(cell, "kind")).items():
        of_kind = [cell for cell in cells if known(cell, "kind") == kinds]
        lie = spans(of_kind, "finish", FINISHES)
        finished = sum(cell.count for cell in of_kind if is_one(cell, "stage_13", ALL))
        rows.append(
            FinishRow(kinds, people, finished, rounded_quantile(lie, 0.5), rounded_quantile(lie, 0.9), tuple(lie))
        )
    return rows


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """Of `people` who came in a week: how many were about to miss a deadline two weeks ahead, three weeks after they
    came, of those of whom it is told; and how many had missed one, after five. None: not told yet.
    """

    entered_on: date
    kinds: tuple[str, ...]
    people: int
    at_risk: int | None
    at_risk_of: int
    missed: int | None
    missed_of: int


def deadlines(told: Sequence[Told]) -> list[DeadlineRow]:
    rows = []
    for each in told:
        for kinds, people in summed(each.cells, lambda cell: known(cell, "kind")).items():
            of_kind = [cell for cell in each.cells if known(cell, "kind") == kinds]
            risk, risk_of = _yes(of_kind, "risk")
            late, late_of = _yes(of_kind, "late") if each.release else (0, 0)
            rows.append(
                DeadlineRow(
                    each.starts_on,
                    kinds,
                    people,
                    risk if risk_of else None,
                    risk_of,
                    late if late_of else None,
                    late_of,
                )
            )
    return rows


def _yes(cells: Sequence[Cell], name: str) -> tuple[int, int]:
    """How many it is true of, and of how many it is told."""
    asked = [cell for cell in cells if known(cell, name)]
    return sum(cell.count for cell in asked if is_one(cell, name, YES)), sum(cell.count for cell in asked)


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """In a week so many began to be allowed to work, with these rights and occupations (ISCO-08 major groups; empty:
    not told apart); `allowed`: who had begun by its end and whose right had not ended then.
    """

    week: date
    rights: tuple[str, ...]
    occupations: tuple[str, ...]
    began: int
    allowed: int


def supply(told: Sequence[Told], since: date) -> list[SupplyRow]:
    """For each week from `since` on, of all that was told before too. A right of which the end is told in a span is
    counted to its last week.
    """
    begun = [
        (each.starts_on, _ends(each.starts_on, cell), known(cell, "right"), known(cell, "occupation"), cell.count)
        for each in told
        for cell in each.cells
    ]
    groups = dict.fromkeys((rights, occupations) for _, _, rights, occupations, _ in begun)
    rows = []
    for week in (each.starts_on for each in told if each.starts_on >= since):
        for rights, occupations in groups:
            mine = [(on, until, n) for on, until, r, o, n in begun if (r, o) == (rights, occupations) and on <= week]
            rows.append(
                SupplyRow(
                    week,
                    rights,
                    occupations,
                    sum(n for on, _, n in mine if on == week),
                    sum(n for _, until, n in mine if until is None or until > week),
                )
            )
    return rows


def _ends(began: date, cell: Cell) -> date | None:
    values = known(cell, "until")
    if values == ANY or values[-1] not in UNTIL:
        return None
    return began + UNTIL[values[-1]] * WEEK


@dataclass(frozen=True, slots=True)
class FlowRow:
    """In a month so many people had a visit in one of these municipalities, and the one before in one of those."""

    month: date
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    people: int


def flows(told: Sequence[Told]) -> list[FlowRow]:
    return [
        FlowRow(each.starts_on, known(cell, "from"), known(cell, "to"), cell.count)
        for each in told
        for cell in each.cells
    ]


class Unknown(StrEnum):
    """Why a measure has no value: too few people so far; or nobody writes down what it would be made of."""

    TOO_FEW = "too_few"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of success over some weeks: `value` in `unit`; None while it cannot be told, and then `unknown` says
    why. `lower`: is better.
    """

    kpi: str
    value: float | None
    unit: str
    lower: bool
    recorded: bool = True

    @property
    def unknown(self) -> Unknown | None:
        if self.value is not None:
            return None
        return Unknown.TOO_FEW if self.recorded else Unknown.NOT_RECORDED


SETTLING = ("course", "legal_help")


def kpis(
    journeys: Sequence[Told], came_now: Sequence[Told], visits: Sequence[Told], permits: Sequence[Told]
) -> list[Measured]:
    """Domain facts §1: legalisation is faster; fewer fall out of status; fewer violations; agencies work together;
    vacancies are filled; newcomers are helped to settle. `journeys`: of those who have had thirteen weeks; the others
    of the last weeks. Whether a vacancy is filled is not recorded: a company closes one without a word why, and a yes
    to its request for contacts is no contract.
    """
    finished = [cell for row in journeys if row.release == len(JOURNEY_WEEKS) - 1 for cell in row.cells]
    lie = spans(finished, "finish", FINISHES)
    stages = [cell for cell in finished if known(cell, "stage_13")]
    undone = sum(cell.count for cell in stages if ALL not in known(cell, "stage_13"))
    late, late_of = _yes([cell for row in journeys if row.release for cell in row.cells], "late")
    came = [cell for cell in cells_of(visits) if is_one(cell, "outcome", "came")]
    settled = sum(c.count for c in came if known(c, "service") and set(known(c, "service")) <= set(SETTLING))
    newcomers = sum(cell.count for cell in cells_of(came_now))
    granted = sum(cell.count for cell in cells_of(permits) if is_one(cell, "right", "patent"))
    out = sum(cell.count for cell in came) - settled
    return [
        Measured("legalisation_days", rounded_quantile(lie, 0.5), "days", lower=True),
        Measured("out_of_status", share_of(undone, sum(cell.count for cell in stages)), "share", lower=True),
        Measured("violations", share_of(late, late_of), "share", lower=True),
        Measured("visits_per_permit", round(out / granted, 2) if granted else None, "visits", lower=True),
        Measured("vacancies_filled", None, "vacancies", lower=False, recorded=False),
        Measured("settling_in_visits", share_of(settled, newcomers), "visits a newcomer", lower=False),
    ]


KPIS: Mapping[str, str] = {measured.kpi: measured.unit for measured in kpis([], [], [], [])}
