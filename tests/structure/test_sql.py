"""SQL has one home a feature; a transaction has one owner; files stay short."""

import ast

from app.handlers import CONFLICTS
from migrations.catalogue import committed
from tests.structure.sources import PRODUCT, files, imports, parse, path_of

STATEMENTS = {"select", "insert", "update", "delete", "text", "exists", "union", "union_all", "values"}
SQL_HOMES = ("app/db/", "app/models/", "migrations/", "app/doctor.py", "routers/health/")
COMMITTERS = {"app/db/unit_of_work.py", "migrations/run.py"}
LONGEST = 300


def at_home(path: str) -> bool:
    return path.startswith(SQL_HOMES) or (path.startswith("services/") and path.endswith("/repository.py"))


def writes_sql(tree: ast.Module) -> bool:
    """Whether a module can build a statement: it imports a builder, the whole of SQLAlchemy, or goes to the driver."""
    if any(
        module.partition(".")[0] in {"sqlalchemy", "asyncpg"} and (name is None or name in STATEMENTS)
        for module, name in imports(tree)
    ):
        return True
    return any(isinstance(node, ast.Attribute) and node.attr == "exec_driver_sql" for node in ast.walk(tree))


def calls(tree: ast.Module, method: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
        for node in ast.walk(tree)
    )


def test_sql_is_written_in_repositories_only() -> None:
    strangers = [path_of(f) for f in files(*PRODUCT) if writes_sql(parse(f)) and not at_home(path_of(f))]
    assert strangers == []


def test_the_search_for_sql_finds_it_in_every_disguise() -> None:
    for disguise in (
        "from sqlalchemy import select",
        "from sqlalchemy.dialects.postgresql import insert as upsert",
        "import sqlalchemy as sa",
        "def f():\n    from sqlalchemy.sql import text",
        "import asyncpg",
        "connection.exec_driver_sql('SELECT 1')",
    ):
        assert writes_sql(ast.parse(disguise)), disguise
    assert not writes_sql(ast.parse("from sqlalchemy.exc import DBAPIError"))
    assert not at_home("services/bookings/commands.py")


def test_only_the_unit_of_work_and_migrations_commit() -> None:
    committing = {path_of(file) for file in files(*PRODUCT) if calls(parse(file), "commit")}
    assert committing == COMMITTERS


def test_nothing_rolls_back_by_hand() -> None:
    rolling_back = [path_of(f) for f in files("routers", "services") if calls(parse(f), "rollback")]
    assert rolling_back == []


def test_every_constraint_that_has_an_error_of_its_own_exists() -> None:
    constraints = {line.partition(":")[0].rpartition(".")[2] for line in committed() if line.startswith("constraint ")}
    indexes = {line.partition(":")[0].removeprefix("index ") for line in committed() if line.startswith("index ")}
    assert CONFLICTS
    assert set(CONFLICTS) - constraints - indexes == set()


def test_no_file_is_longer_than_300_lines() -> None:
    long = {
        path_of(file): lines
        for file in files(*PRODUCT, "tests", "benchmarks")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}
