"""The waitlist, and offers of other places."""

from migrations.script import run_script

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0015_offers.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
