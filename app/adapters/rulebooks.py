"""Rule books packaged with the application: one TOML file a jurisdiction, in `app/rules`."""

import tomllib
from functools import cache
from importlib.resources import files

from app.domain.pathways.rulebook import RuleBook, parse_rulebook


@cache
def load_rulebook(jurisdiction: str) -> RuleBook:
    """The book of `jurisdiction` (lower-case ISO 3166 alpha-2), read once a process.

    Raises `LookupError` when there is none, `RulebookError` when its data is wrong.
    """
    books = {item.name: item for item in (files("app") / "rules").iterdir()}
    book = books.get(f"{jurisdiction}.toml")
    if book is None:
        raise LookupError("no rule book for this jurisdiction")
    return parse_rulebook(tomllib.loads(book.read_text(encoding="utf-8")))
