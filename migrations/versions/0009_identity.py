"""Limits of sign-in, turning keys, devices, staff accounts, number changes and recovery."""

from migrations.script import run_script

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0009_identity.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
