"""One statement for what a command about bookings has decided."""

from migrations.script import run_script

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0008_changes.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
