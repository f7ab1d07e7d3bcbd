"""Every table, so that the metadata is whole wherever one of them is imported."""

from app.models import audit, bookings, consents, identity, outbox, pathways, points, profiles

__all__ = ["audit", "bookings", "consents", "identity", "outbox", "pathways", "points", "profiles"]
