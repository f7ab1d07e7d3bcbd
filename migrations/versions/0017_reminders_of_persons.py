"""Reminders and deliveries belong to persons, not to their plans."""

from migrations.script import run_script

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0017_reminders_of_persons.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
