"""The least that answers: of what was read, the fields that were agreed, as far as there is anything in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.exchange.terms import Datum


def minimal(read: Mapping[Datum, Any], agreed: Iterable[Datum]) -> dict[str, Any]:
    """By field, in one order. What is unknown is left out, so that an answer does not tell that it was asked for."""
    wanted = set(agreed)
    return {
        datum.value: read[datum]
        for datum in Datum
        if datum in wanted and datum in read and read[datum] not in (None, "", [])
    }
