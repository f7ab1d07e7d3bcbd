"""Who passes what another asked for is let in by two people; and what was done with accounts of staff is kept."""

from migrations.script import run_script

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0036_two_people.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
