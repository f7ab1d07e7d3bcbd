"""What came of a message with many events is written in one go."""

from migrations.script import run_script

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0026_mirror_batches.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
