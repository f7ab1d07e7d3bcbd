"""What every table has in common.

No table names a schema: a region's schema is chosen by the connection's `search_path`, so the same
statements serve every region (see `app/decisions/0002-region-is-a-schema.md`).
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary, MetaData, Uuid
from sqlalchemy.orm import DeclarativeBase

# Constraint names are part of the contract: app.handlers maps them to errors.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """A table of a region. Times are `timestamptz`, identifiers UUID, secrets bytes."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        UUID: Uuid(as_uuid=True),
        bytes: LargeBinary(),
    }
