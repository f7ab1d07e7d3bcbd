"""Who passes what another asked for is let in by two people; what officers wrote of people ends."""

from migrations.script import run_script

revision = "0037"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0037_two_people.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
