"""Every role with its scope: hosts, managers, employers, officers, operators, auditors."""

from migrations.script import run_script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0002_roles.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
