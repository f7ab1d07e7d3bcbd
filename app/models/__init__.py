"""Every table, so that the metadata is whole wherever one of them is imported."""

from app.models import (
    audit,
    bookings,
    consents,
    family,
    identity,
    itineraries,
    merges,
    offers,
    outbox,
    pathways,
    points,
    profiles,
    queue,
    registry,
    reminders,
)

__all__ = [
    "audit",
    "bookings",
    "consents",
    "family",
    "identity",
    "itineraries",
    "merges",
    "offers",
    "outbox",
    "pathways",
    "points",
    "profiles",
    "queue",
    "registry",
    "reminders",
]
