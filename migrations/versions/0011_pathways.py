"""What shows that a step was done, and invitations to hosts."""

from migrations.script import run_script

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0011_pathways.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
