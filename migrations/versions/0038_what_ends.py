"""What officers wrote of people ends: with whom it is of, and by its term."""

from migrations.script import run_script

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0038_what_ends.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
