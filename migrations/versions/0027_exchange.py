"""Agreements between agencies, what is passed on by them, and lawful requests beyond them."""

from migrations.script import run_script

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0027_exchange.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
