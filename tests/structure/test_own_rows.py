"""Everything that hangs on a person is given to them, and ends with them or stays by a named law."""

import app.models  # noqa: F401 — the metadata is whole once the models are imported
from app.db.base import Base
from services.rights.parts import PARTS, STAYS

LEFT_OUT = {
    "persons": "a random number, named in `about.json`",
    "refresh_tokens": "digests of secrets; deleted with the sessions that they belong to",
    "chain_heads": "named in `about.json`: the length of a log tells that something in it is hidden",
    "use_hidings": "the same: what a named law keeps from people for a while, counted in a public figure",
    "upload_parts": "pieces of files that are still coming; deleted with the file",
    "counters": "who of the staff stands there; a migrant's account never does",
    "enrolments": "codes by which staff enrol",
    "report_subscriptions": "which reports an operator has sent to them by e-mail",
    "report_sendings": "the same: when each is due and whether it went",
    "what_ifs": "what operators ask the simulator",
}

SEALED_APART = {
    "companies.contact_sealed": "whom a company names; a refused application goes by the region's term",
    "devices.name_sealed": "ends with the account that it hangs on",
    "exchange_uses.reason_sealed": "sealed with the key of whom it is of, and emptied by the region's term",
    "kept_answers.answer_sealed": "opened only by the phone that asked, and gone within a day",
    "lawful_requests.subject_sealed": "sealed with the key of whom it is of, and emptied once the request is over",
    "mirror_keys.private_sealed": "of nobody",
    "number_changes.phone_sealed": "ends with the account that it hangs on",
    "outbox_events.payload_sealed": "emptied once it has arrived",
    "receipt_keys.private_sealed": "of nobody",
    "report_subscriptions.address_sealed": "an operator's, and theirs to end",
    "signing_keys.private_sealed": "of nobody",
}
"""Sealed columns of tables without `person_id`, which no erasure goes through: how each of them ends all the same."""


def of_persons() -> set[str]:
    """Tables that name a person, or hang on a table that does."""
    tables = Base.metadata.sorted_tables
    found = {table.name for table in tables if {"person_id", "delegate_id"} & {column.name for column in table.columns}}
    grown = True
    while grown:
        grown = False
        for table in tables:
            targets = {key.column.table.name for key in table.foreign_keys}
            if table.name not in found and targets & (found | {"persons"}):
                found.add(table.name)
                grown = True
    return found | {"persons"}


def test_every_table_of_a_person_is_given_to_them_or_left_out_for_a_reason() -> None:
    given = [table for part in PARTS for table in part.tables]
    assert len(given) == len(set(given))
    assert set(given) | set(LEFT_OUT) == of_persons()
    assert not set(given) & set(LEFT_OUT)


def test_what_does_not_end_stays_by_a_law_that_is_named() -> None:
    stays = {table for stay in STAYS for table in stay.tables}
    assert {table for part in PARTS if part.end is None for table in part.tables} <= stays
    assert all("152-FZ" in stay.law for stay in STAYS)


def test_whatever_is_sealed_apart_from_a_person_ends_in_a_way_that_is_named() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if "person_id" not in table.columns
        for column in table.columns
        if column.name.endswith("sealed")
    }
    assert found == set(SEALED_APART)
