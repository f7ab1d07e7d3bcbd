"""Companies that look for people here: who they are is checked, and the region's operator lets them in or not."""

from enum import StrEnum


class NumberKind(StrEnum):
    """The number that a state knows a company by: Russia's taxpayer number, Kazakhstan's business number."""

    INN = "inn"
    BIN = "bin"


class CompanyStatus(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    SUSPENDED = "suspended"


_FOLLOWING = {
    CompanyStatus.APPLIED: {CompanyStatus.APPROVED, CompanyStatus.REFUSED},
    CompanyStatus.APPROVED: {CompanyStatus.SUSPENDED},
    CompanyStatus.SUSPENDED: {CompanyStatus.APPROVED},
}
"""A refused company applies anew."""


def may_become(status: CompanyStatus, other: CompanyStatus) -> bool:
    return other in _FOLLOWING.get(status, set())
