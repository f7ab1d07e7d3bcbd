"""What people are told, and its way to their devices."""

from migrations.script import run_script

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0016_reminders.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
