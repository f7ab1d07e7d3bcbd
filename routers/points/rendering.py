"""Free times as JSON text: the busiest answer of all, put together from parts that are kept.

What is written is `FreeTimeList` as the schema says it; a test compares the two.
"""

import json
from collections.abc import Hashable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from routers.points.schemas import point_brief
from services.points.queries import FreeTimes

_BRIEFS: Hashable = "routers.points.briefs"


def free_times_json(found: FreeTimes, service: str, language: str) -> bytes:
    """The body of the answer. `service` is a plain code, so it stands as it is."""
    briefs: dict[Any, tuple[str, ZoneInfo]] = found.derived.setdefault((_BRIEFS, language), {})
    beginnings: dict[Any, str] = found.shared.setdefault((_BRIEFS, language), {})
    items = []
    for free in found.items:
        point = free.point
        beginning = beginnings.get(point.id)
        if beginning is None:
            kept = briefs.get(point.id)
            if kept is None:
                kept = briefs[point.id] = (point_brief(point, language).model_dump_json(), ZoneInfo(point.zone))
            brief, zone = kept
            starts_at = "null" if free.starts_at is None else f'"{_local(free.starts_at, zone)}"'
            beginning = beginnings[point.id] = (
                f'{{"point":{brief},"service":"{service}","minutes":{free.minutes},"starts_at":{starts_at}'
            )
        distance = "null" if free.distance_km is None else json.dumps(round(free.distance_km, 1))
        items.append(f'{beginning},"distance_km":{distance}}}')
    return f'{{"items":[{",".join(items)}]}}'.encode()


def _local(instant: datetime, zone: ZoneInfo) -> str:
    text = instant.astimezone(zone).isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text
