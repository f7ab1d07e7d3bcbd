"""Processes read what has changed of work profiles by transaction, not by the clock."""

from migrations.script import run_script

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0033_pool_changes.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
