"""An operator, a point's manager and an auditor for demonstrations, and whoever else, beside the clerks."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict
from uuid import UUID

import pyotp

from app.adapters.durable import replace
from app.domain.identity.caller import AT_POINT, OF_ORGANISATION, Role
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.staff.commands import add_enrolled, has_staff

STAFF_ACCOUNTS = "demo-staff.json"
_ROLES = (Role.REGION_OPERATOR, Role.POINT_MANAGER, Role.AUDITOR)


class Member(TypedDict):
    """A way to sign in; `totp` is the base32 secret of the authenticator."""

    role: str
    login: str
    password: str
    totp: str


async def add_demo_staff(runtime: Runtime, region: RegionPolicy, data_dir: Path, point_id: UUID) -> list[Member]:
    """One of each role, the manager at that point. Safe to repeat; secrets are kept on this machine only."""
    wanted = [(role, f"{role}@demo", point_id if role is Role.POINT_MANAGER else None) for role in _ROLES]
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


def _member(role: Role, login: str) -> Member:
    return Member(role=role, login=login, password=secrets.token_urlsafe(16), totp=pyotp.random_base32())
