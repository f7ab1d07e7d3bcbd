"""Profiles in their depth: documents, names, numbers, birth, entries, family, merges."""

from migrations.script import run_script

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0010_profiles.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
