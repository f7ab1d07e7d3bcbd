"""Who is calling."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What an account may be; a route names the ones it serves.

    A guardian is no account of its own: it is a migrant's account while it acts for a ward, with a token for that.
    """

    MIGRANT = "migrant"
    GUARDIAN = "guardian"
    HOST = "host"
    CLERK = "clerk"
    POINT_MANAGER = "point_manager"
    EMPLOYER = "employer"
    AGENCY_OFFICER = "agency_officer"
    REGION_OPERATOR = "region_operator"
    AUDITOR = "auditor"


BY_PHONE = frozenset({Role.MIGRANT, Role.HOST})
"""Roles that sign in by a code to their phone; the others by login, password and one-time password."""
AT_POINT = frozenset({Role.CLERK, Role.POINT_MANAGER})
"""Roles whose scope is one service point."""
OF_ORGANISATION = frozenset({Role.EMPLOYER, Role.AGENCY_OFFICER})
"""Roles whose scope is one organisation."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The signed-in account behind a request, as its access token states it.

    `person_id` is whose data they act on: a migrant's own, a guardian's ward; `point_id` and `organisation_id` are
    the scope of staff. Operators and auditors have the region's. `expires_at`: when the token ends.
    """

    account_id: UUID
    role: Role
    session_id: UUID
    person_id: UUID | None = None
    point_id: UUID | None = None
    organisation_id: UUID | None = None
    expires_at: datetime | None = None

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

    @property
    def organisation(self) -> UUID:
        """The organisation that staff work for. LookupError for anyone else."""
        if self.organisation_id is None:
            raise LookupError("this account belongs to no organisation")
        return self.organisation_id
