"""Why a vacancy may not be published as it is: each fault where it stands, told in Russian and in English."""

from typing import Any

from app.domain.employers.vacancies import Posting

_NO_REASON = {
    "ru": "Язык можно требовать, только если он нужен для самой работы. Напишите, для чего он нужен.",
    "en": "A language may be asked for only where the work itself needs it. Write what it is needed for.",
}


def reasons_against(posting: Posting) -> list[dict[str, Any]]:
    """`where`: the member of the vacancy; `words`: as they are written there; `kind`: what they leave people out for."""
    return [
        {"where": "languageRequirements", "kind": "language", "words": language, "reason": _NO_REASON, "law": None}
        for language in posting.without_reason()
    ]
