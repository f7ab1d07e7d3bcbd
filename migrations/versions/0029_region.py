"""What is told of the region: cells as they were told, and the years before that it is measured by."""

from migrations.script import run_script

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0029_region.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
