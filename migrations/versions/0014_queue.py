"""Counters and tickets of the live queue."""

from migrations.script import run_script

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0014_queue.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
