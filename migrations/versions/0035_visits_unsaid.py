"""Visits of which nobody has said how they went are found by their day."""

from migrations.script import run_script

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0035_visits_unsaid.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
