"""Consents: what each is for, the state of each, and the texts that were shown."""

from migrations.script import run_script

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0018_consents.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
