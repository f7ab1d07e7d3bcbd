"""Who makes and disables whose accounts."""

from enum import StrEnum
from uuid import UUID

from app.domain.identity.caller import AT_POINT, BY_PHONE, OF_ORGANISATION, Caller, Role

STAFF = frozenset(Role) - BY_PHONE - {Role.GUARDIAN}
LET_IN_BY_TWO = frozenset({Role.REGION_OPERATOR, Role.AUDITOR})
"""Who passes what another asked for, and who sees that it was so: whoever could make one of them alone would be two."""


class StaffAction(StrEnum):
    """What is done with an account of staff, as the log of it says."""

    INVITED = "invited"
    INVITED_AGAIN = "invited_again"
    CONFIRMED = "confirmed"
    ENROLLED = "enrolled"
    DISABLED = "disabled"
    DEPUTY_NAMED = "deputy_named"
    DEPUTY_ENDED = "deputy_ended"


def may_manage(caller: Caller, role: Role, point_id: UUID | None) -> bool:
    """An operator manages all staff of the region; a point's manager the clerks of that point."""
    if caller.role is Role.REGION_OPERATOR:
        return role in STAFF
    own = caller.role is Role.POINT_MANAGER and point_id is not None and caller.point_id == point_id
    return own and role is Role.CLERK


def scope_fits(role: Role, point_id: UUID | None, organisation_id: UUID | None) -> bool:
    """Whether an account has the scope that its role asks for, and no other."""
    return (point_id is not None) == (role in AT_POINT) and (organisation_id is not None) == (role in OF_ORGANISATION)


def organisation_kind(role: Role) -> str:
    """The kind of organisation that a role works for."""
    return "employer" if role is Role.EMPLOYER else "agency"
