"""Puts a page's ES modules into one file, or two: a slow net pays for each request, and for each module that imports
another one after it.

No parser: the modules are ours, and keep to few forms of `import` and `export`. A form that is not known is an error at
the start, and so is a circle.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

Modules = Mapping[str, bytes]
"""Sources by path below the pages' folder; what is no module is left alone."""

_FROM = r"""\s*from\s*["'](?P<path>\.{1,2}/[^"']+)["'];"""
_IMPORT = re.compile(r"^import\s*(?P<what>\{[^}]*\}|\*\s*as\s+\w+)" + _FROM, re.MULTILINE)
_PASSED_ON = re.compile(r"^export\s*\{(?P<names>[^}]*)\}" + _FROM, re.MULTILINE)
_DEFAULT = re.compile(r"^export default (?P<rest>(?:async )?function (?P<name>\w+))", re.MULTILINE)
_NAMED = re.compile(r"^export (?P<rest>(?:const|class|(?:async )?function\*?) (?P<name>\w+))", re.MULTILINE)
_UNKNOWN = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)
_AS = re.compile(r"\s+as\s+")
_LATE = re.compile(r"\bimport\((?=[\"'`]\.)")
_LITERALLY_LATE = re.compile(r"""\bimport\(["'](\.{1,2}/[^"']+)["']\)""")
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*.*?\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)
_HEAD = """const $m = Object.create(null);
const $late = async (from, to) => {
  const name = new URL(to, `file:///${from}`).pathname.slice(1);
  if (!(name in $m)) await import("./later.js");
  return $m[name];
};
"""
_TAIL = "export { $m, $late };\n"
_LATER_HEAD = 'import { $m, $late } from "./page.js";\n'


def first(names: Iterable[str], files: Modules) -> bytes:
    """What a page begins with: these modules and all that they import, each run once, after what it imports."""
    ordered = in_order(names, files)
    return (_HEAD + "".join(_wrapped(name, files) for name in ordered) + _TAIL).encode()


def later(names: Iterable[str], there: Iterable[str], files: Modules) -> bytes:
    """The rest of it, for whatever is imported only when it is wanted; `there` and what these import is in `first`."""
    had = set(in_order(there, files))
    rest = [name for name in in_order(names, files) if name not in had]
    return (_LATER_HEAD + "".join(_wrapped(name, files) for name in rest)).encode()


def in_order(names: Iterable[str], files: Modules) -> list[str]:
    """The modules and all that they import before they can run, each after those that it imports. ValueError: a circle,
    or a module that is not there.
    """
    found: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in found:
            return
        if name in above or name not in files:
            raise ValueError(f"{name} is not there, or imports itself: {' > '.join(above)}")
        source = files[name].decode()
        for form in (_IMPORT, _PASSED_ON):
            for match in form.finditer(source):
                visit(beside(name, match["path"]), (*above, name))
        found[name] = None

    for each in names:
        visit(each, ())
    return list(found)


def wanted_late(names: Iterable[str], files: Modules) -> set[str]:
    """What these modules name where they import something when it is wanted; names that are made are not seen."""
    return {beside(name, path) for name in names for path in _LITERALLY_LATE.findall(files[name].decode())}


def beside(name: str, path: str) -> str:
    """`../b/x.js` seen from `a/main.js`: `b/x.js`."""
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / path).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _wrapped(name: str, files: Modules) -> str:
    """The module as a function that is called at once, and gives what it exports."""
    exported: list[str] = []

    def taken(match: re.Match[str]) -> str:
        module = f'$m["{beside(name, match["path"])}"]'
        what = match["what"]
        if what.startswith("*"):
            return f"const {what.split()[-1]} = {module};"
        return f"const {_AS.sub(': ', what)} = {module};"

    def passed_on(match: re.Match[str]) -> str:
        for each in match["names"].split(","):
            inner, _, outer = each.strip().partition(" as ")
            exported.append(f'{outer or inner}: $m["{beside(name, match["path"])}"].{inner}')
        return ""

    def default(match: re.Match[str]) -> str:
        exported.append(f"default: {match['name']}")
        return match["rest"]

    def named(match: re.Match[str]) -> str:
        exported.append(match["name"])
        return match["rest"]

    text = _COMMENT.sub("", files[name].decode())
    for form, change in ((_IMPORT, taken), (_PASSED_ON, passed_on), (_DEFAULT, default), (_NAMED, named)):
        text = form.sub(change, text)
    if unknown := _UNKNOWN.search(text):
        raise ValueError(f"{name}: {unknown[0]}")
    text = _LATE.sub(f'$late("{name}", ', text)
    return f'$m["{name}"] = (() => {{\n{text.rstrip()}\nreturn {{ {", ".join(exported)} }};\n}})();\n'
