"""Who must do what by when, on the day of entry: one row for each group and purpose, in both jurisdictions.

A row: region | citizenship | purpose and more | entered | pathway | steps with their deadlines, then the last day of
the stay. `!` marks a step that is told to be not needed. Offers (courses, legal help) are left out, and have a
test of their own.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from app.assembly import region_policy
from app.domain.pathways.engine import EntryPurpose, Facts, Pathway, plan
from app.settings import Settings

PATENT = "exam insurance translation tax_advance collection"

TABLE = f"""
# Russia: the patent
ru     | UZB | work             | 2026-09-01 | patent       | registration=2026-09-16 medical=2026-10-01 fingerprints=2026-10-01 application=2026-10-01 {PATENT} stay=2026-11-29
ru     | TJK | work             | 2026-09-01 | patent       | registration=2026-09-16 medical=2026-10-01 fingerprints=2026-10-01 application=2026-10-01 {PATENT} stay=2026-11-29
ru     | VNM | work             | 2026-09-01 | patent       | registration=2026-09-10 medical=2026-10-01 fingerprints=2026-10-01 application=2026-10-01 {PATENT} stay=2026-11-29
ru     | XXA | work             | 2026-09-01 | patent       | registration=2026-09-10 medical=2026-10-01 fingerprints=2026-10-01 application=2026-10-01 {PATENT} stay=2026-11-29
ru     | D   | work             | 2026-09-01 | patent       | registration=2026-09-10 medical=2026-10-01 fingerprints=2026-10-01 application=2026-10-01 {PATENT} stay=2026-11-29
ru     | UZB | work born=2008   | 2026-09-01 | patent       | registration=2026-09-16 medical=2026-10-01 fingerprints=2026-10-01 application=2026-10-01 {PATENT} stay=2026-11-29
ru     | UZB | work born=2009   | 2026-09-01 | general      | registration=2026-09-16 medical=2026-10-01 fingerprints=2026-10-01 !application stay=2026-11-29
ru     | UZB | work visa        | 2026-09-01 | general      | registration=2026-09-16 medical=2026-10-01 fingerprints=2026-10-01 !application
# … and the days that are hard to count: leap day, year's end, worked Saturdays, May, months of 31 days
ru     | UZB | work             | 2028-02-29 | patent       | registration=2028-03-15 medical=2028-03-30 fingerprints=2028-03-30 application=2028-03-30 {PATENT} stay=2028-05-28
ru     | UZB | work             | 2028-01-30 | patent       | registration=2028-02-14 medical=2028-02-29 fingerprints=2028-02-29 application=2028-02-29 {PATENT} stay=2028-04-28
ru     | VNM | work             | 2025-12-30 | patent       | registration=2026-01-20 medical=2026-01-29 fingerprints=2026-01-29 application=2026-01-29 {PATENT} stay=2026-03-29
ru     | VNM | work             | 2025-10-31 | patent       | registration=2025-11-12 medical=2025-11-30 fingerprints=2025-11-30 application=2025-11-30 {PATENT} stay=2026-01-28
ru     | VNM | visit stays=10   | 2026-04-30 | general      | registration=2026-05-13 stay=2026-07-28
ru     | VNM | study            | 2026-01-31 | study        | registration=2026-02-10 medical=2026-05-01 fingerprints=2026-05-01 stay=2026-04-30
ru     | VNM | visit stays=10   | 2026-11-05 | general      | registration=2026-11-16 stay=2027-02-02
ru_ta  | VNM | visit stays=10   | 2026-11-05 | general      | registration=2026-11-17 stay=2027-02-02
ru_ta  | VNM | visit stays=10   | 2026-05-26 | general      | registration=2026-06-05 stay=2026-08-23
ru     | VNM | visit stays=10   | 2026-05-26 | general      | registration=2026-06-04 stay=2026-08-23
# Russia: citizens of the EAEU
ru     | KAZ | work             | 2026-09-01 | eaeu_work    | registration=2026-10-01 medical=2026-10-01 fingerprints=2026-10-01 contract !application stay=2026-11-29
ru     | KGZ | work             | 2026-12-31 | eaeu_work    | registration=2027-01-30 medical=2027-01-30 fingerprints=2027-01-30 contract !application stay=2027-03-30
ru     | ARM | work visa        | 2026-09-01 | eaeu_work    | registration=2026-10-01 medical=2026-10-01 fingerprints=2026-10-01 contract !application stay=2026-11-29
ru     | BLR | work             | 2026-09-01 | eaeu_work    | registration=2026-11-30 medical=2026-10-01 contract !fingerprints !application stay=2026-11-29
ru     | KGZ | family stays=91  | 2026-09-01 | general      | registration=2026-10-01 medical=2026-11-30 fingerprints=2026-11-30 stay=2026-11-29
ru     | BLR | visit stays=90   | 2026-09-01 | general      | registration=2026-11-30 !fingerprints stay=2026-11-29
# Russia: everybody else
ru     | UZB | study            | 2026-09-01 | study        | registration=2026-09-16 medical=2026-11-30 fingerprints=2026-11-30 stay=2026-11-29
ru     | IND | study visa       | 2026-09-01 | study        | registration=2026-09-10 medical=2026-11-30 fingerprints=2026-11-30
ru     | UZB | study born=2022  | 2026-09-01 | study        | registration=2026-09-16 medical=2026-11-30 !fingerprints stay=2026-11-29
ru     | UZB | visit stays=90   | 2026-09-01 | general      | registration=2026-09-16 stay=2026-11-29
ru     | UZB | visit stays=91   | 2026-09-01 | general      | registration=2026-09-16 medical=2026-11-30 fingerprints=2026-11-30 stay=2026-11-29
ru     | UZB | visit            | 2026-09-01 | general      | registration=2026-09-16 medical=2026-11-30 fingerprints=2026-11-30 stay=2026-11-29
ru     | KAZ | resettlement     | 2026-09-01 | resettlement | registration=2026-10-01 medical=2026-11-30 fingerprints=2026-11-30 permanent_residence !temporary_residence stay=2026-11-29
ru     | VNM | diplomatic visa  | 2026-09-01 | diplomatic   | registration=2026-09-10 medical=2026-11-30 !fingerprints
ru     | UZB | diplomatic visa  | 2026-09-01 | diplomatic   | registration=2026-09-10 medical=2026-11-30 !fingerprints
ru     | RUS | visit            | 2026-09-01 | national     |
ru     | RUS | asylum           | 2026-09-01 | national     |
ru     | SYR | asylum           | 2026-09-01 | asylum       |
ru     | XXA | asylum           | 2026-09-01 | asylum       |
ru     | XXB | work             | 2026-09-01 | refugee      |
ru     | XXC | family           | 2026-09-01 | refugee      |
# Kazakhstan
kz_ala | UZB | work             | 2026-09-01 | labour       | registration=2026-09-04 individual_number work_permit contract fingerprints residence_permit=2026-10-01 stay=2026-09-30
kz_ala | XXA | work             | 2026-09-01 | labour       | registration=2026-09-04 individual_number work_permit contract fingerprints residence_permit=2026-10-01 stay=2026-09-30
kz_ala | IND | work visa        | 2026-09-01 | general      | registration=2026-09-04 individual_number contract fingerprints residence_permit=2026-10-01
kz_ala | RUS | work             | 2026-09-01 | eaeu_work    | registration=2026-09-04 contract fingerprints residence_permit=2026-11-30 !individual_number !work_permit stay=2026-11-29
kz_ala | KGZ | work             | 2028-02-29 | eaeu_work    | registration=2028-03-03 contract fingerprints residence_permit=2028-05-29 !individual_number !work_permit stay=2028-05-28
kz_ala | UZB | visit stays=30   | 2026-03-20 | general      | registration=2026-03-30 stay=2026-04-18
kz_ala | UZB | visit stays=31   | 2025-12-30 | general      | registration=2026-01-06 fingerprints residence_permit=2026-01-29 stay=2026-01-28
kz_ala | BLR | family stays=90  | 2026-04-30 | general      | registration=2026-05-06 stay=2026-07-28
kz_ala | ARM | study            | 2026-05-06 | general      | registration=2026-05-13 fingerprints residence_permit=2026-08-04 stay=2026-08-03
kz_ala | CHN | resettlement     | 2026-09-01 | kandas       | registration=2026-09-04 kandas_status stay=2026-09-30
kz_ala | UZB | diplomatic visa  | 2026-09-01 | diplomatic   |
kz_ala | KAZ | work             | 2026-09-01 | national     |
kz_ala | AFG | asylum           | 2026-09-01 | asylum       |
kz_ala | XXB | work             | 2026-09-01 | refugee      |
"""  # noqa: E501 — a table

Row = tuple[str, Facts, str, set[str]]


def rows() -> Iterator[Row]:
    for line in TABLE.strip().splitlines():
        if line.startswith("#"):
            continue
        region, citizenship, purpose, entered, kind, expected = (cell.strip() for cell in line.split("|"))
        name, *more = purpose.split()
        known = dict(word.split("=") for word in more if "=" in word)
        facts = Facts(
            citizenship,
            EntryPurpose(name),
            date.fromisoformat(entered),
            visa="visa" in more,
            birth_year=int(known["born"]) if "born" in known else None,
            stay_days=int(known["stays"]) if "stays" in known else None,
        )
        yield region, facts, kind, set(expected.split())


def told(pathway: Pathway) -> set[str]:
    duties = [step for step in pathway.steps if not step.rule.offer]
    words = {f"{step.code}={step.deadline}" if step.deadline else step.code for step in duties}
    words |= {f"!{exemption.code}" for exemption in pathway.not_needed}
    return words | ({f"stay={pathway.stay.until}"} if pathway.stay else set())


@pytest.mark.parametrize(("region", "facts", "kind", "expected"), [*rows()])
def test_the_table(region: str, facts: Facts, kind: str, expected: set[str]) -> None:
    policy = region_policy(Settings(), region)
    pathway = plan(policy.book, facts, [], facts.entered_on)
    assert (pathway.kind.id, told(pathway)) == (kind, expected)


@pytest.mark.parametrize(("region", "facts", "kind", "expected"), [*rows()])
def test_help_is_offered_and_never_due(region: str, facts: Facts, kind: str, expected: set[str]) -> None:
    pathway = plan(region_policy(Settings(), region).book, facts, [], facts.entered_on + timedelta(days=500))
    offers = [step for step in pathway.steps if step.rule.offer]
    assert {step.code for step in offers} <= {"legal_help", "course"}
    assert bool(offers) is (kind != "national" and (region, kind) != ("kz_ala", "diplomatic"))
    assert all(step.deadline is None and not step.late for step in offers)
    if kind in {"asylum", "refugee"}:
        assert pathway.next == ("legal_help", "course")
        assert (pathway.stay, pathway.kind.mirror.value) == (None, "never_by_default")
    else:
        assert pathway.kind.mirror.value == "by_consent"
