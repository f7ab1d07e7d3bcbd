"""A unique key lets no duplicates in, whatever is left empty."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import text

from tests.db.ground import Ground

_MAY_BE_EMPTY = text("""
    SELECT k.relname || '.' || a.attname, coalesce(pg_get_expr(i.indpred, i.indrelid), '')
    FROM pg_index i
    JOIN pg_class k ON k.oid = i.indexrelid
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum > 0 AND NOT a.attnotnull
        AND (a.attnum = ANY (i.indkey) OR (0 = ANY (i.indkey) AND EXISTS (
            SELECT FROM pg_depend d
            WHERE d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum)))
    WHERE k.relnamespace = current_schema()::regnamespace
        AND (i.indisunique OR i.indisexclusion) AND NOT coalesce(i.indnullsnotdistinct, false)
""")

# Columns of unique keys that may be empty, and why nothing can be doubled by that.
EXCEPTIONS = {
    "uq_accounts_login.login": "who signs in by phone has none; ck_accounts_credentials asks it of everybody else",
    "uq_accounts_phone_role.phone_index": "staff sign in by login; ck_accounts_credentials asks it of all others",
    "uq_identity_documents_number_index.number_index": "ck_identity_documents_identified asks it of these kinds",
    "uq_tickets_at_counter.counter_id": "ck_tickets_counter asks it of who is called or served",
    "uq_tickets_booking.booking_id": "who walks in has none; uq_tickets_walk_in holds whoever gave a name",
    "uq_tickets_walk_in.person_id": "who gives no name may have any number: nobody knows who it is",
    "uq_step_events_evidence.evidence_id": "ck_step_events_evidence asks it of whatever has a kind of evidence",
}


def _open_keys(rows: Iterable[Any]) -> set[str]:
    """Those whose index takes in rows without a value in that column."""
    return {key for key, predicate in rows if f"{key.rpartition('.')[2]} IS NOT NULL" not in predicate}


async def test_no_column_of_a_unique_key_can_be_empty(ground: Ground) -> None:
    """Case 5: a NULL is equal to nothing, so a key with one in it lets any number of duplicates in."""
    async with ground.as_migration() as connection:
        rows = (await connection.execute(_MAY_BE_EMPTY)).all()
    assert _open_keys(rows) == set(EXCEPTIONS)


async def test_a_key_that_lets_duplicates_in_would_be_found(ground: Ground) -> None:
    """Case 5, broken on purpose: a plain key, a partial one, and an expression of an exclusion."""
    async with ground.as_migration() as connection:
        for change in (
            "ALTER TABLE bookings ALTER step DROP NOT NULL",
            "ALTER TABLE points ALTER code DROP NOT NULL",
            "ALTER TABLE point_exceptions ALTER last_day DROP NOT NULL",
        ):
            await connection.execute(text(change))
        found = _open_keys((await connection.execute(_MAY_BE_EMPTY)).all()) - set(EXCEPTIONS)
    assert found == {
        "uq_bookings_held_step.step",
        "uq_bookings_live_step.step",
        "uq_points_code.code",
        "ex_point_exceptions_one_a_day.last_day",
    }
