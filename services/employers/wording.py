"""Why a vacancy may not be published as it is: each fault where it stands, told in Russian and in English."""

import asyncio
from typing import Any

from app.domain.employers.vacancies import Posting
from app.domain.wording.lint import findings

_NO_REASON = {
    "ru": "Язык можно требовать, только если он нужен для самой работы. Напишите, для чего он нужен.",
    "en": "A language may be asked for only where the work itself needs it. Write what it is needed for.",
}


async def reasons_against(posting: Posting) -> list[dict[str, Any]]:
    """In a thread: a long text takes a while, and so do the rules when they are first asked for."""
    return await asyncio.to_thread(_reasons, posting)


def _reasons(posting: Posting) -> list[dict[str, Any]]:
    """`where`: the member of the vacancy; `words`: as they are written there; `kind`: whom they leave out."""
    found: list[dict[str, Any]] = [
        {"where": "languageRequirements", "kind": "language", "words": language, "reason": _NO_REASON, "law": None}
        for language in posting.without_reason()
    ]
    for where, text in posting.texts().items():
        for each in findings(text):
            told = {"ru": each.reason.russian, "en": each.reason.english}
            fault = {"where": where, "kind": each.kind.value, "words": each.text, "reason": told}
            found.append(fault | {"law": each.reason.law, "start": each.start, "end": each.end})
    return found
