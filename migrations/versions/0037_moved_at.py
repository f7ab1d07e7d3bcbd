"""When visits were moved, instead of how often."""

from migrations.script import run_script

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0037_moved_at.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
