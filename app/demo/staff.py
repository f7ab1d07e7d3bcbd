"""An operator, a point's manager, an auditor and an employer with a company for demonstrations, beside the clerks."""

import json
import secrets
from pathlib import Path
from typing import TypedDict
from uuid import UUID

import pyotp

from app.adapters.durable import replace
from app.domain.employers.companies import CompanyNumberKind
from app.domain.identity.caller import Role
from app.domain.region.policy import RegionPolicy
from app.phone import Staff
from app.runtime import Runtime
from services.employers.companies import Application, Contact, add_approved
from services.staff.commands import add_enrolled, has_staff

STAFF_ACCOUNTS = "demo-staff.json"
_ROLES = (Role.REGION_OPERATOR, Role.POINT_MANAGER, Role.AUDITOR, Role.EMPLOYER)
_CONTACT = Contact("Демонстрация", "hr@works.demo", "+79000000000")
# A number that its check digit allows, and that no company has.
COMPANY = Application(
    CompanyNumberKind.INN, "1650000000", {"ru": "Моторный завод (демо)", "en": "Motor works (demo)"}, _CONTACT
)


class Member(TypedDict):
    """A way to sign in; `totp` is the base32 secret of the authenticator."""

    role: str
    login: str
    password: str
    totp: str


async def add_demo_staff(runtime: Runtime, region: RegionPolicy, data_dir: Path, point_id: UUID) -> list[Member]:
    """One of each role, the manager at that point, the employer of a company of their own. Safe to repeat;
    secrets are kept on this machine only.
    """
    path = data_dir / STAFF_ACCOUNTS
    members: list[Member] = json.loads(path.read_text()) if path.exists() else []
    members += [_member(role) for role in _ROLES if role not in {member["role"] for member in members}]
    replace(path, json.dumps(members, indent=1).encode())
    for member in members:
        role = Role(member["role"])
        async with runtime.database.writing(region) as uow:
            if not await has_staff(uow, member["login"]):
                company_id = await add_approved(uow, COMPANY) if role is Role.EMPLOYER else None
                await add_enrolled(
                    uow,
                    role,
                    member["login"],
                    member["password"],
                    member["totp"],
                    point_id=point_id if role is Role.POINT_MANAGER else None,
                    organisation_id=company_id,
                )
    return members


def sign_in_as(office: Staff, data_dir: Path, role: str) -> None:
    """Over HTTP, with the demonstration's account of that role."""
    members: list[Member] = json.loads((data_dir / STAFF_ACCOUNTS).read_text())
    account = next(each for each in members if each["role"] == role)
    office.sign_in(account["login"], account["password"], account["totp"])


def _member(role: Role) -> Member:
    return Member(role=role, login=f"{role}@demo", password=secrets.token_urlsafe(16), totp=pyotp.random_base32())
