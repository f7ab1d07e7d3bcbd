"""Moves: of people with visits, from the municipality of the last one before a month to that of the last one in it."""

from collections.abc import Sequence

from app.domain.disclosure.opening import Question, asked
from app.domain.figures.ground import Ground

COLUMNS = ("to", "from")


def questions(ground: Ground) -> Sequence[Question]:
    return (asked("to", *ground.municipalities), asked("from", *ground.municipalities))
