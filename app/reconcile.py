"""`manzil reconcile`: everybody whose mirror is settled is compared with the regional registry, and mended."""

from collections.abc import Mapping
from enum import IntEnum

from app.ports import DeliveryError
from services.registry.comparing import Compared
from services.registry.mirroring import Mirror


class Found(IntEnum):
    """With what the command ends: as `diff` does."""

    AGREE = 0
    DIFFER = 1
    NO_ANSWER = 2


async def reconcile(mirrors: Mapping[str, Mirror]) -> tuple[str, Found]:
    """In words: how many differed, and in what. What was mended goes out with the next tick of a worker."""
    if not mirrors:
        return "Nothing is mirrored: MANZIL_REGISTRY_URL is not set.", Found.AGREE
    told, worst = [], Found.AGREE
    for code, mirror in mirrors.items():
        try:
            compared = await mirror.compare_all()
        except DeliveryError:
            told.append(f"{code}: the registry does not answer")
            worst = Found.NO_ANSWER
        else:
            told.append(f"{code}: {_in_words(compared)}")
            worst = max(worst, Found.DIFFER if compared.differed else Found.AGREE)
        await mirror.close()
    return "\n".join(told), worst


def _in_words(found: Compared) -> str:
    """Never whose, nor what."""
    said = f"{found.compared} people compared, {found.differed} differed"
    if not found.differed:
        return said
    what = ", ".join(f"{count} {how}" for how, count in sorted(found.how.items()))
    return f"{said}: {what}; a worker sends what mends it"
