"""What a jurisdiction says of complaints: by when they are answered, and where else one can turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain.feedback.complaints import MATTERS, ComplaintKind, Matter
from app.domain.pathways.calendar import Term, Unit
from app.domain.pathways.tables import Table

_LANGUAGES: Final = ("ru", "en")
_IN_FORCE, _DRAFT = "in_force", "draft"


@dataclass(frozen=True, slots=True)
class AnswerTerm:
    """Within how long a complaint has to be answered, and by which law."""

    term: Term
    law: str


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody to turn to beside us. Texts by language. `matters`: what they help with."""

    code: str
    name: Mapping[str, str]
    what: Mapping[str, str]
    phone: str | None
    url: str | None
    matters: frozenset[Matter]


@dataclass(frozen=True, slots=True)
class FeedbackLaw:
    """`helpers` in the order in which they are told."""

    terms: Mapping[ComplaintKind, AnswerTerm] = field(default_factory=dict)
    helpers: tuple[Helper, ...] = ()

    def helpers_for(self, matter: Matter) -> tuple[Helper, ...]:
        return tuple(helper for helper in self.helpers if matter in helper.matters)


def parse_feedback_law(data: Mapping[str, object]) -> FeedbackLaw:
    """Reads `feedback.toml` of a rule book. Raises `RulebookError`, which names the table and the key.

    A helper with `status = "draft"` could not be confirmed, and is not told to anybody.
    """
    table = Table(dict(data), "feedback")
    terms, helpers = table.need("terms", dict), table.tables("helpers")
    table.close()
    if set(terms) != set(ComplaintKind):
        raise table.error("terms", "every kind of complaint is needed, and no other")
    read = [_helper(each) for each in helpers]
    told = tuple(helper for helper, status in read if status == _IN_FORCE)
    for matter in set().union(*MATTERS.values()) - {Matter.OTHER}:
        if not any(matter in helper.matters for helper in told):
            raise table.error("helpers", f"nobody helps with {matter}")
    return FeedbackLaw({ComplaintKind(kind): _term(Table(item, kind)) for kind, item in terms.items()}, told)


def _term(table: Table) -> AnswerTerm:
    amount, unit, law = table.need("amount", int), table.need("unit", str), table.need("law", str)
    if amount < 1:
        raise table.error("amount", "expected one or more")
    table.close()
    return AnswerTerm(Term(amount, table.member("unit", Unit, unit)), law)


def _helper(table: Table) -> tuple[Helper, str]:
    status = table.maybe("status", str) or _IN_FORCE
    if status not in {_IN_FORCE, _DRAFT}:
        raise table.error("status", f"must be {_IN_FORCE} or {_DRAFT}")
    helper = Helper(
        code=table.need("code", str),
        name=_texts(table, "name"),
        what=_texts(table, "what"),
        phone=table.maybe("phone", str),
        url=table.maybe("url", str),
        matters=frozenset(table.member("matters", Matter, each) for each in table.names("matters")),
    )
    table.close()
    return helper, status


def _texts(table: Table, key: str) -> Mapping[str, str]:
    texts: Mapping[str, str] = table.need(key, dict)
    if not all(isinstance(texts.get(language), str) and texts[language] for language in _LANGUAGES):
        raise table.error(key, "is needed in Russian and in English")
    return texts
