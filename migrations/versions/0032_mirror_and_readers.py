"""The mirror's shorter way, and who read at the registry what was mirrored."""

from migrations.script import run_script

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0032_mirror_and_readers.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
