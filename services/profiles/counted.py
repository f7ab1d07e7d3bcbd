"""By what people are told apart where it has to be found out whether they are: for counting, never for one of them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.db.unit_of_work import Reading, look
from app.ports import ErasedError
from services.profiles.parts import groups_part
from services.profiles.sealing import load_paper

_FIELD = "identity_documents.fields"


@dataclass(frozen=True, slots=True)
class Group:
    """None where it is not known."""

    citizenship: str | None
    sex: str | None


async def groups_of(uow: Reading, people: Collection[UUID]) -> dict[UUID, Group]:
    """Unsealed one by one to be counted."""
    part = groups_part(people)
    found = (await look(uow, part))[part]
    return {
        person_id: Group(citizenship, await _sex(uow, person_id, sealed))
        for person_id, (citizenship, sealed) in found.items()
    }


async def _sex(uow: Reading, person_id: UUID, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    try:
        paper = load_paper(await uow.vault.open(person_id, _FIELD, sealed))
    except ErasedError:
        return None
    return str(paper.zone.sex) if paper.zone and paper.zone.sex else None
