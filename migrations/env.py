"""Runs inside `migrations.run`: one connection, already in the region's schema, already under the lock."""

from alembic import context

import app.models  # noqa: F401 — the metadata is whole once the models are imported
from app.db.base import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
