"""Who had all that was theirs deleted."""

from migrations.script import run_script

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0024_rights.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
