"""Itineraries: the visits of a whole pathway, booked together and kept good."""

from migrations.script import run_script

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0013_itineraries.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
