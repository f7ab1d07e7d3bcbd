"""What people say of their visits. A point's staff see none of it; the operator sees months, and what was written."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.db.locks import lock_person, take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.feedback.ratings import Rated, closed_before, figure, open_until
from app.domain.points.calendar import midnight
from app.domain.profiles.languages import Language
from app.errors import NotFound
from app.models.feedback import Rating, RatingMonth
from services.audit.commands import record_change
from services.bookings.queries import own_booking
from services.feedback import repository
from services.feedback.errors import NotRateable
from services.feedback.sealing import COMMENT, opened, seal
from services.points.queries import point


@dataclass(frozen=True, slots=True)
class OwnRating:
    """`open_until`: when it can be given, or changed, no longer."""

    booking_id: UUID
    stars: int
    comment: str | None
    language: Language | None
    given_at: datetime
    open_until: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote of a point; who it was and how many stars they gave is not told."""

    month: date
    text: str
    language: Language


async def rate(
    uow: Writing, person_id: UUID, booking_id: UUID, stars: int, comment: str | None, language: Language
) -> OwnRating:
    """Gives or changes the one rating of a visit. NotFound for a visit of another; NotRateable outside its time."""
    await lock_person(uow, person_id)
    booking = await own_booking(uow, person_id, booking_id)
    rating = await repository.rating(uow, person_id, booking_id, Purpose.OWN_ACCESS)
    if not _open(uow, booking, rating):
        raise NotRateable
    if rating is None:
        rating = Rating(booking_id=booking_id, person_id=person_id, point_id=booking.point_id, given_at=uow.now)
        uow.session.add(rating)
    rating.stars, rating.changed_at = stars, uow.now
    rating.comment_sealed = await seal(uow, person_id, COMMENT, comment) if comment else None
    rating.language = language.value if comment else None
    await uow.session.flush()
    await record_change(uow, person_id, "visit_rated", booking=booking_id)
    return await _shown(uow, booking, rating)


def _open(uow: Writing, booking: Booked, rating: Rating | None) -> bool:
    given_at = rating.given_at if rating else None
    return booking.status is BookingStatus.COMPLETED and uow.now < open_until(booking.changed_at, given_at)


async def own_rating(uow: Reading, person_id: UUID, booking_id: UUID) -> OwnRating:
    """NotFound when there is none."""
    booking = await own_booking(uow, person_id, booking_id)
    rating = await repository.rating(uow, person_id, booking_id, Purpose.OWN_ACCESS)
    if rating is None:
        raise NotFound
    return await _shown(uow, booking, rating)


async def _shown(uow: Reading, booking: Booked, rating: Rating) -> OwnRating:
    return OwnRating(
        rating.booking_id,
        rating.stars,
        await opened(uow, rating.person_id, COMMENT, rating.comment_sealed),
        Language(rating.language) if rating.language else None,
        rating.given_at,
        open_until(booking.changed_at, rating.given_at),
    )


async def months_of(uow: Reading, point_id: UUID) -> list[RatingMonth]:
    """The figures of a point's closed months, newest first; none of one that fewer than ten people rated."""
    await point(uow, point_id)
    return list(await repository.months_of(uow, point_id))


async def comments_of(
    uow: Writing, point_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[Comment], tuple[datetime, UUID] | None]:
    """A page of what was written of a point, newest first, and the key that it ended with, if there is more. Each
    person's log tells of the look.
    """
    await point(uow, point_id)
    found = await repository.commented_at(uow, point_id, Purpose.COMMENTS, before, limit + 1)
    shown = []
    for rating in found[:limit]:
        text = await opened(uow, rating.person_id, COMMENT, rating.comment_sealed)
        if text is not None and rating.language:
            month = uow.region.day_of(rating.given_at).replace(day=1)
            shown.append(Comment(month, text, Language(rating.language)))
    last = found[limit - 1] if len(found) > limit else None
    return shown, (last.given_at, last.booking_id) if last else None


async def close_months(uow: Writing) -> None:
    """The worker: counts each month once, when nothing in it can change any more."""
    await take_turn(uow, "rating_months")
    zone = uow.region.zone
    newest = await repository.newest_month(uow)
    since = midnight(zone, newest) if newest else None
    before = midnight(zone, closed_before(uow.now, zone))
    months: defaultdict[tuple[UUID, date], list[Rated]] = defaultdict(list)
    for point_id, person_id, given_at, stars in await repository.given_between(uow, since, before):
        months[point_id, uow.region.day_of(given_at).replace(day=1)].append(Rated(person_id, stars))
    for (point_id, month), ratings in sorted(months.items()):
        counted = figure(ratings) if month != newest else None
        if counted is not None:
            await repository.add_month(uow, point_id, month, counted.people, counted.mean)
