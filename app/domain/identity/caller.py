"""Who is calling."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """Roles grow with the features that serve them; a route names the ones it serves."""

    MIGRANT = "migrant"
    CLERK = "clerk"


@dataclass(frozen=True, slots=True)
class Caller:
    """The signed-in account behind a request, as its access token states it.

    `person_id` is set for a migrant, `point_id` for staff: each sees only what is theirs.
    """

    account_id: UUID
    role: Role
    session_id: UUID
    person_id: UUID | None = None
    point_id: UUID | None = None

    @property
    def person(self) -> UUID:
        """The person a migrant's account belongs to. LookupError for staff: the route named the wrong callers."""
        if self.person_id is None:
            raise LookupError("this account belongs to no person")
        return self.person_id

    @property
    def point(self) -> UUID:
        """The point that staff work at. LookupError for anyone else."""
        if self.point_id is None:
            raise LookupError("this account belongs to no point")
        return self.point_id
