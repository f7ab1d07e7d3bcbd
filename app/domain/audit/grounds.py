"""On which ground data were used, for the person they are of: the law as it is cited, and what it lets be done."""

from typing import Final

from app.domain.audit.purpose import Purpose
from app.domain.exchange.requests import CITATIONS
from app.domain.reminders.words import Phrase, Words

CONTEXT: Final = "ground"
_BETWEEN = ": "
# As Russian law is cited wherever English is not read: the rule book does so too.
_RUSSIAN = {"-FZ": "-ФЗ", "art.": "ст.", "UPK RF": "УПК РФ", "NK RF": "НК РФ"}


def phrases() -> list[Phrase]:
    """What follows the law's name, of every ground that an entry may have; to be translated."""
    recorded = [purpose.ground for purpose in Purpose if purpose.logged]
    said = [ground.partition(_BETWEEN)[2] for ground in (*recorded, *CITATIONS.values())]
    return [Phrase(text) for text in dict.fromkeys(said)]


def in_words(ground: str, words: Words, *, english: bool) -> str:
    """A recorded ground in the reader's language; as it is where nobody has translated it."""
    law, between, said = ground.partition(_BETWEEN)
    if english or not between:
        return ground
    for latin, cyrillic in _RUSSIAN.items():
        law = law.replace(latin, cyrillic)
    return f"{law}{between}{words.say(CONTEXT, Phrase(said))}"
