"""Points that change over time, and a search that is fast in a crowded month."""

from migrations.script import run_script

revision = "0006"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0006_functions.sql")
    run_script("0006_points.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
