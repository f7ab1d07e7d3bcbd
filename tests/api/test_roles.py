"""Who may call what: every role and every operation, written down. What is not written down fails.
A caller who may not is refused before anything of what they sent is looked at.
"""

import re
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from app.domain.identity.caller import Role
from tests.api.helpers import refused
from tests.api.tokens import token_of
from tests.support.contract import document
from tests.support.people import World

MAY = Path(__file__).with_name("roles.txt").read_text(encoding="utf-8")
"""Columns by role, rows by operation: `+` may, `.` may not."""
WITHOUT_TOKEN = "no token"
_ROWS = MAY.strip().splitlines()
COLUMNS = [line.strip("| ") for line in _ROWS[:10]]
TABLE = {
    operation.replace("  ", " ").strip(): {c for c, mark in zip(COLUMNS, marks.split(), strict=True) if mark == "+"}
    for marks, operation in ((" ".join(line[:19].split()), " ".join(line[19:].split())) for line in _ROWS[10:])
}
_VALUES = {"day": "2026-09-10", "code": "insurance", "item_id": "1", "page": "1", "number": "1"}
LAST = "DELETE /v1/auth/session"
"""It ends the sign-in that the others are called with."""


def _documented() -> dict[str, set[str]]:
    return {
        f"{method.upper()} {path}": set(operation["x-callers"])
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
    }


def test_the_table_has_every_operation_and_every_role() -> None:
    assert set(COLUMNS) == {WITHOUT_TOKEN, *Role}
    assert sorted(TABLE) == sorted(_documented())


def test_the_document_says_what_the_table_says() -> None:
    said = {
        operation: set(COLUMNS) if callers == {"anyone"} else callers for operation, callers in _documented().items()
    }
    assert said == TABLE


@pytest.mark.parametrize("column", COLUMNS)
async def test_each_operation_serves_whom_the_table_says_and_nobody_else(world: World, column: str) -> None:
    headers = {} if column == WITHOUT_TOKEN else {"Authorization": f"Bearer {await token_of(world, Role(column))}"}
    for operation in sorted(TABLE, key=lambda operation: operation == LAST):
        method, path = operation.split()
        for body in (None, {"nothing": "fits"}) if method in {"POST", "PUT"} else (None,):
            answer = await world.client.request(method, _real(path), headers=headers, json=body)
            status, code = (401, "not_signed_in") if column == WITHOUT_TOKEN else (403, "not_allowed")
            if column in TABLE[operation]:
                assert not _turned_away(answer), (operation, answer.text)
            elif method == "HEAD":
                assert answer.status_code == status, path
            else:
                assert set(refused(answer, status, code)) == {"type", "title", "status", "code", "request_id"}, path


def _turned_away(answer: httpx.Response) -> bool:
    bodiless = answer.request.method == "HEAD"
    return answer.status_code in {401, 403} and (bodiless or answer.json()["code"] in {"not_signed_in", "not_allowed"})


def _real(path: str) -> str:
    """The path of something that could be there."""
    return re.sub(r"\{(\w+)\}", lambda name: _VALUES.get(name[1], str(uuid4())), path)
