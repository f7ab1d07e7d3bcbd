"""No route and no handler of the relay comes to where somebody was, or to their documents, without naming a purpose.

Types see to it that whoever calls a function with a purpose names one. So what is left to prove: that every table with
somebody's data is known to the tests of reads, that no way leads past the functions that take a purpose, that none of
them has one of its own by default, and that nobody but the two features themselves holds their rows.
"""

import ast
from itertools import pairwise
from pathlib import Path

import app.models  # noqa: F401 — the metadata is whole once the models are imported
from app.db.base import Base
from tests.structure.sources import ROOT, files, imports, parse, path_of
from tests.structure.test_personal_reads import (
    EXCEPTIONS,
    PERSONAL,
    TABLES,
    Function,
    accounts,
    all_readers,
    takes_purpose,
)

GUARDED = ("documents", "locations")
NOT_READ_FOR_A_PURPOSE = {
    "accounts": "how somebody signs in: read to let them in",
    "audit_entries": "the log itself, which only the person reads",
    "chain_heads": "numbers and hashes of links",
    "exchange_items": "sealed for one person when they were made, for a purpose that was named then",
    "itinerary_people": "who goes along, in itineraries",
    "mirror_dead_letters": "sealed for the registry: the person is told by the mirror's own routes",
    "mirror_erasures": "the same, of what is to be proven",
    "mirror_events": "the same, of what is on its way: the purpose was named when it was queued",
    "mirror_people": "numbers of a sequence",
    "use_hidings": "what the log leaves out: read to leave it out, and counted",
    "reminder_plans": "when somebody is planned next",
}
# Statements outside repositories that read a personal table for no purpose, and why they need none.
PARTS = {
    "services/employers/parts.py: cards_part": "cards of those who are shown, whose look is logged by what reads it",
    "services/employers/parts.py: changed_part": "who has changed: numbers, and nothing of what they are",
    "services/pathways/parts.py: points_took": "how long points took, over everybody: no person is in it",
    "services/profiles/parts.py: groups_part": "counted by group, ten people or more: nothing is told of one",
    "services/queue/parts.py: tickets": "a point's line as it stands: numbers, and what each waits for",
    "services/reminders/parts.py: addresses_part": "the worker plans for a person's own phones: nobody is shown it",
    "services/reminders/parts.py: leaving_part": "the worker finds who is to leave now: nobody is shown it",
    "services/reminders/parts.py: preferences_part": "the same, by what the person chose",
    "services/reminders/parts.py: stored_part": "the same, beside what is planned already",
}
TELLS_OF_NOBODY = {"crowded_cells"}
"""Of the two features' queries those that tell of no single person."""


def personal_tables() -> set[str]:
    """Tables of the models that the tests of reads know."""
    models = set().union(*PERSONAL.values())
    return {mapper.local_table.name for mapper in Base.registry.mappers if mapper.class_.__name__ in models}  # type: ignore[attr-defined]


def test_every_table_with_somebodys_rows_is_known_to_the_tests_of_reads() -> None:
    with_person = {table.name for table in Base.metadata.sorted_tables if "person_id" in table.columns}
    assert with_person - personal_tables() - set(NOT_READ_FOR_A_PURPOSE) == set()


def statements(function: Function, tables: set[str]) -> bool:
    """Whether SQL that reads one of the tables is written out in the function."""
    return any(
        a.upper() in {"FROM", "JOIN"} and b in tables
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for a, b in pairwise(node.value.replace(",", " ").split())
    )


def parts_at_fault(tree: ast.Module, tables: set[str]) -> list[str]:
    return [
        node.name
        for node in tree.body
        if isinstance(node, Function) and statements(node, tables) and not (takes_purpose(node) and accounts(node))
    ]


def test_no_statement_beside_the_repositories_reads_past_the_gate() -> None:
    tables = personal_tables() | TABLES
    at_fault = {
        f"{path_of(file)}: {name}"
        for file in files("services", "routers")
        if file.name != "repository.py"
        for name in parts_at_fault(parse(file), tables)
    }
    assert at_fault == set(PARTS)


def has_default(function: Function) -> bool:
    """Whether its purpose may be left out."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    named = [a for a, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default is not None]
    return any(argument.arg == "purpose" for argument in (*with_default, *named))


def test_no_read_has_a_purpose_that_nobody_named() -> None:
    assert [name for name, function in all_readers().items() if has_default(function)] == []
    for feature in GUARDED:
        assert [
            f"{path_of(file)}: {node.name}"
            for file in _of(feature)
            for node in parse(file).body
            if isinstance(node, Function) and has_default(node)
        ] == []


def _of(feature: str) -> list[Path]:
    return files(f"services/{feature}") if (ROOT / "services" / feature).is_dir() else []


def test_nobody_else_holds_rows_of_documents_or_locations() -> None:
    strangers = [
        f"{path_of(file)}: {module}"
        for file in files("services", "routers")
        for module, _ in imports(parse(file))
        for feature in GUARDED
        if module == f"app.models.{feature}"
        and not path_of(file).startswith((f"services/{feature}/", f"routers/{feature}/"))
    ]
    assert strangers == []


def unnamed(tree: ast.Module) -> list[str]:
    """Calls of the two features' queries that name no purpose. `own_…` is for the person alone: the gate sees to it."""
    there = list(imports(tree))
    names = {name for module, name in there for feature in GUARDED if name and module == f"services.{feature}.queries"}
    modules = {name for module, name in there if name == "queries" and module.removeprefix("services.") in GUARDED}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [(call.func.id, call) for call in calls if isinstance(call.func, ast.Name) and call.func.id in names]
    found += [
        (call.func.attr, call)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in modules
    ]
    return [
        name
        for name, call in found
        if not (name.startswith("own_") or name in TELLS_OF_NOBODY or name[0].isupper() or _any_names_purpose(call))
    ]


def _any_names_purpose(call: ast.Call) -> bool:
    return any(map(_names_purpose, (*call.args, *(keyword.value for keyword in call.keywords))))


def _names_purpose(argument: ast.expr) -> bool:
    if isinstance(argument, ast.Attribute):
        return isinstance(argument.value, ast.Name) and argument.value.id == "Purpose"
    return isinstance(argument, ast.Name) and argument.id == "purpose"


def test_every_route_and_handler_that_reads_one_of_them_names_its_purpose() -> None:
    found = {
        path_of(file): calls
        for file in files("services", "routers")
        if not path_of(file).startswith(
            tuple(f"{top}/{feature}/" for top in ("services", "routers") for feature in GUARDED)
        )
        if (calls := unnamed(parse(file)))
    }
    assert found == {}


def test_what_names_no_purpose_would_be_found() -> None:
    source = ast.parse("""
from services.locations.queries import latest_cell, own_samples
from services.documents import queries
async def handler(uow, payload, purpose):
    await latest_cell(uow, payload)
    await latest_cell(uow, payload, Purpose.MIRROR)
    await latest_cell(uow, payload, purpose=purpose)
    await own_samples(uow, payload)
    await queries.content(uow, payload)
    await queries.own_documents(uow, payload)
""")
    assert unnamed(source) == ["latest_cell", "content"]
    part = ast.parse("""
def part(uow, people):
    return Part("SELECT cell FROM locations", {}, None)
async def right(uow, people, purpose: Purpose):
    await account_for(uow, people, purpose)
    return Part("SELECT cell FROM locations", {}, None)
""")
    assert parts_at_fault(part, {"locations"}) == ["part"]
    defaults = ast.parse("def f(uow, purpose=Purpose.OWN_ACCESS): ...\ndef g(uow, *, purpose): ...").body
    assert [has_default(node) for node in defaults if isinstance(node, Function)] == [True, False]


def test_every_exception_has_its_reason() -> None:
    assert all(EXCEPTIONS.values())
    assert all(NOT_READ_FOR_A_PURPOSE.values())
    assert all(PARTS.values())
