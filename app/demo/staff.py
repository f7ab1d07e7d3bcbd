"""Operator, manager, auditor and employer of demonstrations, and whoever else is wanted, beside the clerks."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict
from uuid import NAMESPACE_URL, UUID, uuid5

import pyotp

from app.adapters.durable import replace
from app.domain.employers.companies import CompanyNumberKind
from app.domain.identity.caller import AT_POINT, OF_ORGANISATION, Role
from app.domain.region.policy import RegionPolicy
from app.phone import Staff
from app.runtime import Runtime
from services.employers.companies import Application, Contact, put_approved
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
    """One of each role, the manager at that point, the employer of a company of their own. Safe to repeat; secrets
    are kept on this machine only.
    """
    company_id = uuid5(NAMESPACE_URL, f"{region.code}:{COMPANY.number}")
    async with runtime.database.writing(region) as uow:
        await put_approved(uow, company_id, COMPANY)
    scopes = {Role.POINT_MANAGER: point_id, Role.EMPLOYER: company_id}
    wanted = [(role, f"{role}@demo", scopes.get(role)) for role in _ROLES]
    return await add_members(runtime, region, data_dir, wanted)


async def add_members(
    runtime: Runtime, region: RegionPolicy, data_dir: Path, wanted: Sequence[tuple[Role, str, UUID | None]]
) -> list[Member]:
    """Accounts of these roles and logins beside those that are there, each with the point or organisation of its role.

    The file is written before the accounts, so that no secret is lost.
    """
    path = data_dir / STAFF_ACCOUNTS
    members: list[Member] = json.loads(path.read_text()) if path.exists() else []
    known = {member["login"] for member in members}
    members += [_member(role, login) for role, login, _ in wanted if login not in known]
    replace(path, json.dumps(members, indent=1).encode())
    secret = {member["login"]: member for member in members}
    for role, login, scope_id in wanted:
        async with runtime.database.writing(region) as uow:
            if not await has_staff(uow, login):
                await add_enrolled(
                    uow,
                    role,
                    login,
                    secret[login]["password"],
                    secret[login]["totp"],
                    point_id=scope_id if role in AT_POINT else None,
                    organisation_id=scope_id if role in OF_ORGANISATION else None,
                )
    return members


def sign_in_as(office: Staff, data_dir: Path, login: str) -> None:
    """Over HTTP, with the demonstration's account of that name."""
    members: list[Member] = json.loads((data_dir / STAFF_ACCOUNTS).read_text())
    account = next(each for each in members if each["login"] == login)
    office.sign_in(account["login"], account["password"], account["totp"])


def _member(role: Role, login: str) -> Member:
    return Member(role=role, login=login, password=secrets.token_urlsafe(16), totp=pyotp.random_base32())
