"""What people said follows them when two turn out to be one. Any number of workers may call it."""

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from services.feedback import repository
from services.feedback.sealing import ANSWER, COMMENT, TEXT, resealed


async def follow_merges(uow: Writing) -> int:
    """Ratings and complaints of somebody who was joined with another become the other's, sealed with their key.
    Returns of how many people.
    """
    found = await repository.merged(uow)
    for person_id, into in sorted(found, key=lambda one: one[1]):
        await lock_person(uow, into, gone_too=True)
        ratings, complaints = await repository.sealed_of(uow, person_id)
        for rating in ratings:
            rating.person_id = into
            rating.comment_sealed = await resealed(uow, person_id, into, COMMENT, rating.comment_sealed)
            rating.language = rating.language if rating.comment_sealed else None
        for complaint in complaints:
            complaint.person_id = into
            text = await resealed(uow, person_id, into, TEXT, complaint.text_sealed)
            complaint.text_sealed = text or b""
            complaint.answer_sealed = await resealed(uow, person_id, into, ANSWER, complaint.answer_sealed)
        await uow.session.flush()
    return len(found)
