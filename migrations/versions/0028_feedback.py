"""What people say of their visits, and what they complain of."""

from migrations.script import run_script

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0028_feedback.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
