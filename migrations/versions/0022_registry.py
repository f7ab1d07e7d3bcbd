"""The mirror to the regional registry."""

from migrations.script import run_script

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0022_registry.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
