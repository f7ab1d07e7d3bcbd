"""Batches of samples are kept by the one statement that carries a decision out."""

from migrations.script import run_script

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0034_locations_by_decision.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
