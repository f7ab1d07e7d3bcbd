"""An operator, a point's manager and an auditor for demonstrations, beside the clerks."""

import json
import secrets
from pathlib import Path
from typing import TypedDict
from uuid import UUID

import pyotp

from app.adapters.durable import replace
from app.domain.identity.caller import Role
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
    path = data_dir / STAFF_ACCOUNTS
    members: list[Member] = json.loads(path.read_text()) if path.exists() else [_member(role) for role in _ROLES]
    replace(path, json.dumps(members, indent=1).encode())
    for member in members:
        role = Role(member["role"])
        async with runtime.database.writing(region) as uow:
            if not await has_staff(uow, member["login"]):
                await add_enrolled(
                    uow,
                    role,
                    member["login"],
                    member["password"],
                    member["totp"],
                    point_id=point_id if role is Role.POINT_MANAGER else None,
                )
    return members


def _member(role: Role) -> Member:
    return Member(role=role, login=f"{role}@demo", password=secrets.token_urlsafe(16), totp=pyotp.random_base32())
