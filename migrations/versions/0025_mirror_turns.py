"""An event that is queued while its person is given back by a worker is seen."""

from migrations.script import run_script

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0025_mirror_turns.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
