"""Reports by e-mail, and questions to the simulator."""

from migrations.script import run_script

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0030_reports.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
