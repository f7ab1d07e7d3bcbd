"""Who may import whom: the contracts of `.importlinter`, and what they cannot say."""

import ast
import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure.sources import ROOT, files, imports, parse, path_of

PURE_LIBRARIES = {"numpy", "scipy", "holidays"}
# Standard, but they reach out of the process or answer differently each time.
IMPURE_STANDARD = {"asyncio", "http", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3"} | {
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
}
CONTRACTS = ROOT / ".importlinter"


def lint(config: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [linter, "--config", config, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_contracts_are_kept() -> None:
    done = lint(CONTRACTS)
    assert done.returncode == 0, done.stdout


def test_a_contract_that_is_broken_would_be_found(tmp_path: Path) -> None:
    broken = tmp_path / "importlinter"
    broken.write_text(
        CONTRACTS.read_text(encoding="utf-8")
        + "\n[importlinter:contract:false]\nname = A false one\ntype = forbidden\n"
        + "source_modules =\n    routers\nforbidden_modules =\n    services\n",
        encoding="utf-8",
    )
    done = lint(broken)
    assert done.returncode == 1
    assert "A false one BROKEN" in done.stdout


def test_every_feature_with_a_repository_has_its_contract() -> None:
    config = configparser.ConfigParser()
    config.read(CONTRACTS, encoding="utf-8")
    protected = {
        section["protected_modules"].strip(): section["allowed_importers"].strip()
        for section in map(config.__getitem__, config.sections())
        if section.get("type") == "protected"
    }
    for file in files("services"):
        if file.name == "repository.py":
            module = path_of(file).removesuffix(".py").replace("/", ".")
            feature = ".".join(module.split(".")[:2])
            assert protected.get(module) == feature, module


def domain_faults(tree: ast.Module) -> list[str]:
    faults = []
    for module, name in imports(tree):
        top = module.partition(".")[0]
        ours = module.startswith("app.domain")
        standard = top in sys.stdlib_module_names and top not in IMPURE_STANDARD
        if not (ours or standard or top in PURE_LIBRARIES):
            faults.append(f"{module} {name or ''}".strip())
    faults += [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}
    ]
    return faults + [
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in {"open", "print", "input"}
    ]


def test_the_domain_imports_nothing_impure_and_asks_no_clock() -> None:
    assert {path_of(f): faults for f in files("app/domain") if (faults := domain_faults(parse(f)))} == {}


@pytest.mark.parametrize(
    "impure",
    ["import os", "from app.errors import AppError", "import requests", "x = datetime.now(UTC)", "open('a')"],
)
def test_an_impure_domain_would_be_found(impure: str) -> None:
    assert domain_faults(ast.parse(impure))


def test_models_import_of_the_project_the_domain_and_their_base_only() -> None:
    strangers = [
        f"{path_of(file)}: {module}"
        for file in files("app/models")
        for module, _ in imports(parse(file))
        if module.partition(".")[0] in {"app", "routers", "services", "migrations"}
        and not module.startswith(("app.domain.", "app.models"))
        and module != "app.db.base"
    ]
    assert strangers == []
