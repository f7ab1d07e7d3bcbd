"""Companies that look for people here: who they are is checked, and the region's operator lets them in or not."""

from enum import StrEnum

from app.domain.profiles import numbers


class CompanyNumberKind(StrEnum):
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


_OF_COMPANIES = "456"
"""Fifth digit of a business number: a resident, a non-resident, an individual business together with others."""
_MONTHS = 12


def check_bin(text: str) -> str:
    """The digits of Kazakhstan's business number, whose last is reckoned like that of an ИИН (resolution of the
    government 853 of 2013). `numbers.NumberError` for anything else.
    """
    digits = numbers.check_number(numbers.NumberKind.KZ_IIN, text)
    if not 1 <= int(digits[2:4]) <= _MONTHS or digits[4] not in _OF_COMPANIES:
        raise numbers.NumberError("no number of a company")
    return digits
