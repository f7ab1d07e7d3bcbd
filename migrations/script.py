"""Runs a migration's SQL file."""

from pathlib import Path

from alembic import op

from app.db.engine import APP_ROLE


def run_script(name: str) -> None:
    """Runs `migrations/sql/<name>`, many statements in one round trip, in the migration's own transaction.

    The driver's prepared statements take one statement each; its simple protocol takes a script.
    """
    sql = (Path(__file__).parent / "sql" / name).read_text(encoding="utf-8").replace("__APP_ROLE__", APP_ROLE)
    connection = op.get_bind()
    # Opens the transaction at the driver, which otherwise begins with the first prepared statement.
    connection.exec_driver_sql("SELECT 1")
    driver_connection = connection.connection.dbapi_connection
    assert driver_connection is not None  # noqa: S101 — it has just answered
    driver_connection.run_async(lambda driver: driver.execute(sql))
