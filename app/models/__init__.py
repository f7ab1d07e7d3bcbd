"""Every table, so that the metadata is whole wherever one of them is imported."""

from app.models import (
    audit,
    bookings,
    consents,
    documents,
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
    reminders,
)

__all__ = [
    "audit",
    "bookings",
    "consents",
    "documents",
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
    "reminders",
]
