"""Where people were, as far as they let it be known."""

from migrations.script import run_script

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0021_locations.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
