"""Every event that is emitted has somebody who carries it out."""

import ast
import importlib
from pathlib import Path

from app.assembly import build_runtime, sms_gateway
from app.settings import Settings
from app.worker import outbox_handlers
from tests.structure.sources import files, parse, path_of


def topics_in(tree: ast.Module, namespace: dict[str, object]) -> set[str]:
    """Topics of every `emit(…)` call; a name is looked up in the module that calls."""
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
        if called != "emit":
            continue
        given = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "topic")]
        assert len(given) == 1, ast.unparse(node)
        topic = ast.literal_eval(given[0]) if isinstance(given[0], ast.Constant) else namespace[ast.unparse(given[0])]
        assert isinstance(topic, str)
        found.add(topic)
    return found


def emitted() -> set[str]:
    found: set[str] = set()
    for file in files("services"):
        module = importlib.import_module(path_of(file).removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        found |= topics_in(parse(file), vars(module))
    return found


def test_every_topic_emitted_has_a_handler_and_every_handler_a_topic(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, sms="console", database_url="postgresql://nowhere/none")
    runtime, found = build_runtime(settings), emitted()
    assert found
    region = next(iter(runtime.regions.values()))
    assert set(outbox_handlers(sms_gateway(settings), runtime.database, region)) == found


def test_topics_are_found_by_constant_by_literal_and_by_keyword() -> None:
    tree = ast.parse("""
async def command(uow):
    await emit(uow, MOVED, {}, expires_at=uow.now)
    await outbox.emit(uow, "a.literal", {}, expires_at=uow.now)
    await emit(uow, payload={}, topic=ENDED)
""")
    assert topics_in(tree, {"MOVED": "a.moved", "ENDED": "an.end"}) == {"a.moved", "a.literal", "an.end"}
