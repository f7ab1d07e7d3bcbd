"""`manzil reconcile`: everybody whose mirror is settled is compared with the regional registry, and mended."""

from collections.abc import Mapping
from contextlib import suppress

from app.ports import DeliveryError
from services.registry.mirroring import Mirror


async def reconcile(mirrors: Mapping[str, Mirror]) -> str:
    """In words: how many differed. What was mended goes out with the next tick of a worker."""
    if not mirrors:
        return "Nothing is mirrored: MANZIL_REGISTRY_URL is not set."
    told = []
    for code, mirror in mirrors.items():
        answer = "the registry does not answer"
        with suppress(DeliveryError):
            compared, differed = await mirror.compare_all()
            answer = f"{compared} people compared, {differed} differed"
        told.append(f"{code}: {answer}")
        await mirror.close()
    return "\n".join(told)
