"""What those who received data are called, for the person they are of."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.languages.negotiation import Reading as Reads
from app.domain.reminders.names import READERS, reader_name
from app.locales.reading import Reader
from app.models.audit import AuditEntry
from services.points.queries import all_points
from services.staff.queries import agencies_named, organisation_names

_POINT, _ORGANISATION = "point:", "organisation:"


async def receiver_names(uow: Reading, entries: Iterable[AuditEntry], reads: Reads) -> dict[int, str]:
    """By the entry's `seq`: points and organisations as they are called now, others by what they are. What is not known
    is left out: who has been deleted, and whoever another system calls by a name of its own.
    """
    found = list(entries)
    receivers = {entry.receiver for entry in found if entry.receiver}
    others = {each for each in receivers if not each.startswith((_POINT, _ORGANISATION)) and each not in READERS}
    names: dict[str, str] = {}
    if any(each.startswith(_POINT) for each in receivers):
        names |= {f"{_POINT}{point.id}": point.name[reads.written] for point, _ in await all_points(uow, None)}
    ids = [UUID(each.removeprefix(_ORGANISATION)) for each in receivers if each.startswith(_ORGANISATION)]
    for number, name in (await organisation_names(uow, ids)).items():
        names[f"{_ORGANISATION}{number}"] = _of_organisation(name, reads)
    # Whom an agreement lets have data, the log has by the name that the agreement was made with.
    for name in await agencies_named(uow, others):
        names[name["en"]] = _of_organisation(name, reads)
    told = {entry.seq: names.get(entry.receiver or "") or _by_what_they_are(entry, reads) for entry in found}
    return {seq: name for seq, name in told.items() if name}


def _by_what_they_are(entry: AuditEntry, reads: Reads) -> str | None:
    kind = entry.receiver or (entry.actor_role if entry.purpose else None)
    return reader_name(kind, Reader(reads.own)) if kind in READERS else None


def _of_organisation(name: Mapping[str, str], reads: Reads) -> str:
    return name.get(reads.written) or name["en"]
