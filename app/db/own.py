"""Whole rows of one person, for a feature's `own.py`: to be given to them, or to be deleted."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.db.unit_of_work import Reading, Writing
from app.ports import ErasedError

Rows = list[dict[str, Any]]
Own = dict[str, Rows]
"""Rows by the name of their table."""
Column = InstrumentedAttribute[Any]


async def rows_of(uow: Reading, column: Column, values: Iterable[UUID]) -> Rows:
    """The rows in which that column is one of these."""
    found = await uow.session.execute(select(column.class_.__table__).where(column.in_(list(values))))
    return [dict(row) for row in found.mappings()]


async def locked(uow: Writing, column: Column, person_id: UUID) -> Sequence[Any]:
    """The same rows as their model, locked in the order of their ids."""
    model = column.class_
    query = select(model).where(column == person_id).order_by(model.id).with_for_update()
    return (await uow.session.scalars(query.execution_options(populate_existing=True))).all()


async def change_rows(uow: Writing, column: Column, values: Iterable[UUID], **changes: Any) -> None:
    """Puts other values into columns of them."""
    changed = update(column.class_).where(column.in_(list(values))).values(**changes)
    await uow.session.execute(changed, execution_options={"synchronize_session": False})


async def delete_rows(uow: Writing, column: Column, values: Iterable[UUID]) -> int:
    """Deletes them; how many."""
    gone = delete(column.class_).where(column.in_(list(values))).returning(column)
    return len((await uow.session.execute(gone, execution_options={"synchronize_session": False})).all())


async def unseal(uow: Reading, person_id: UUID, row: dict[str, Any], column: str, field: str) -> None:
    """Puts what was sealed in its place, under the column's name without `_sealed`. None if it was erased."""
    sealed = row.pop(column)
    opened: Any = None
    if sealed is not None:
        try:
            plain = (await uow.vault.open(person_id, field, sealed)).decode()
            opened = json.loads(plain) if plain[:1] in "{[" else plain
        except ErasedError:
            opened = None
    row[column.removesuffix("_sealed")] = opened
