"""Companies, vacancies, work profiles and the cards between them."""

from migrations.script import run_script

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0026_employers.sql")


def downgrade() -> None:
    raise NotImplementedError("data is never migrated backwards: restore the backup")
