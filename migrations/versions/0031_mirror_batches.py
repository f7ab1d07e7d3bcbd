"""What came of a message with many events is written in one go."""

from migrations.script import run_script

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0031_mirror_batches.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
