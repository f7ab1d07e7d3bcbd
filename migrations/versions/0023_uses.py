"""Who used my data: by which system; what is hidden of it, for how long and on which ground."""

from migrations.script import run_script

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0023_uses.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
