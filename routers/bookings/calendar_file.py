"""A visit as a file that every phone's calendar takes (iCalendar, RFC 5545)."""

from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vGeo, vUri

from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.models.points import Point

_OFF = {BookingStatus.CANCELLED, BookingStatus.RELEASED, BookingStatus.EXPIRED}
"""It is not to be. What took place, or was missed, stays in a calendar where it was."""


def calendar_file(booking: Booked, point: Point, language: str) -> bytes:
    """One event in the point's own time, with the zone's rules beside it, so that no reader has to guess an hour.

    Opened again after a move or a cancellation it changes the event that is there: the `UID` stays, `SEQUENCE`
    grows. It says where and when; who and why is not in it, since calendars are often shared.
    """
    zone = ZoneInfo(point.zone)
    event = Event()
    event.add("uid", f"{booking.id}@manzil")
    event.add("sequence", booking.version - 1)
    event.add("dtstamp", booking.changed_at)
    event.add("dtstart", booking.place.starts_at.astimezone(zone))
    event.add("dtend", booking.place.ends_at.astimezone(zone))
    event.add("summary", point.name[language])
    event.add("location", f"{point.name[language]}, {point.municipality[language]}")
    event.add("geo", vGeo((point.lat, point.lon)))
    event.add("url", vUri(f"geo:{point.lat},{point.lon}"))
    event.add("status", "TENTATIVE" if booking.held_until else "CANCELLED" if booking.status in _OFF else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Manzil//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    ical: bytes = calendar.to_ical()
    return ical
