"""What people said follows them when two turn out to be one. Any number of workers may call it."""

import structlog

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.ports import TamperedError
from services.feedback import repository
from services.feedback.sealing import ANSWER, COMMENT, TEXT, resealed

_log = structlog.get_logger()


async def follow_merges(uow: Writing) -> int:
    """Ratings and complaints of somebody who was joined with another become the other's, sealed with their key.
    Returns of how many people.
    """
    found, moved = await repository.merged(uow), 0
    for person_id, into in found:
        await lock_person(uow, into, gone_too=True)
        ratings, complaints = await repository.sealed_of(uow, person_id)
        try:
            comments = [await resealed(uow, person_id, into, COMMENT, one.comment_sealed) for one in ratings]
            texts = [await resealed(uow, person_id, into, TEXT, one.text_sealed) for one in complaints]
            answers = [await resealed(uow, person_id, into, ANSWER, one.answer_sealed) for one in complaints]
        except TamperedError:  # it stays where it is, and holds nobody else up
            _log.warning("feedback.unreadable")
            continue
        for rating, comment in zip(ratings, comments, strict=True):
            rating.person_id, rating.comment_sealed = into, comment
            rating.language = rating.language if comment else None
        for complaint, text, answer in zip(complaints, texts, answers, strict=True):
            complaint.person_id, complaint.text_sealed, complaint.answer_sealed = into, text or b"", answer
        await uow.session.flush()
        moved += 1
    return moved
