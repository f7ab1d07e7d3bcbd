"""Outcomes that can be taken back, and families who book together."""

from migrations.script import run_script

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0012_visits.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
