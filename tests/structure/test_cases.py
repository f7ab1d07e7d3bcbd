"""Every fault that real booking systems have had, and that this part must not have, is named by a test."""

import ast
import re

from tests.structure.sources import files, parse

WANTED = {1, 2, 3, 4, 5, 7, 8, 10, 12, 15, 16, 17, 18, 19, 20, 21, 26, 27, 28, 29}
_NAMED = re.compile(r"\bCases? (\d+(?:(?:, and |, | and )\d+)*)")


def cases_in(tree: ast.Module) -> set[int]:
    """The numbers after "Case" in docstrings of tests, and of modules and classes of tests."""
    named: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef) or (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        ):
            for numbers in _NAMED.findall(ast.get_docstring(node) or ""):
                named |= {int(number) for number in re.findall(r"\d+", numbers)}
    return named


def test_every_case_has_a_test_that_names_it() -> None:
    named = set().union(*(cases_in(parse(file)) for file in files("tests")))
    assert WANTED - named == set()


def test_a_case_is_named_by_docstrings_of_tests_only() -> None:
    assert cases_in(ast.parse('def test_it():\n    """Cases 1, 2 and 10: one wins."""')) == {1, 2, 10}
    assert cases_in(ast.parse('"""Case 15."""')) == {15}
    assert cases_in(ast.parse('def helper():\n    """Case 3"""\n# Case 4\nx = "Case 5"')) == set()
