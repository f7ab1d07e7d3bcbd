"""Copies of papers, sealed."""

from migrations.script import run_script

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0019_documents.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
