"""The first tables, with the functions and guards they rely on. In SQL, since most of it has no other form."""

from migrations.script import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0001_functions.sql")
    run_script("0001_tables.sql")
    run_script("0001_guards.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
