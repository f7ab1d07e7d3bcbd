"""Whoever the demonstration has: how to sign in as each of them at this moment, and a passport of nobody."""

import json
import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
from rich.console import Console

from app.demo.seed import ACCOUNTS
from app.demo.staff import STAFF_ACCOUNTS
from app.domain.profiles.mrz import SPECIMEN_TD3, renew

_PAGES = {
    "clerk": "/desk",
    "point_manager": "/manage",
    "employer": "/employer",
    "region_operator": "/region",
    "agency_officer": "/region",
    "auditor": "/region",
}
_GOOD_FOR = timedelta(days=5 * 365)
_AS_IT_IS: dict[str, Any] = {"highlight": False, "soft_wrap": True}


class NoDemo(LookupError):
    """This copy has no demonstration region yet."""


def show(base: str, data_dir: Path, console: Console, wanted: str = "") -> None:
    """The accounts whose login or role has `wanted` in it, with the one-time code of this half minute.

    NoDemo before the first `manzil run`.
    """
    if not (data_dir / ACCOUNTS).exists():
        raise NoDemo
    people = [{"role": "clerk", **each} for each in json.loads((data_dir / ACCOUNTS).read_text())]
    people += json.loads((data_dir / STAFF_ACCOUNTS).read_text())
    for each in people:
        if wanted in f"{each['role']} {each['login']}":
            page, code = base + _PAGES.get(each["role"], "/region"), pyotp.TOTP(each["totp"]).now()
            console.print(f"{page}  {each['login']}  password {each['password']}  code [bold]{code}[/]", **_AS_IT_IS)
    left = 30 - int(time.time()) % 30
    console.print(f"A code works once, and these for {left} seconds more: then ask again.", **_AS_IT_IS)
    console.print(f"A passport of nobody, for the page at {base}/ :", **_AS_IT_IS)
    last = (datetime.now(UTC) + _GOOD_FOR).date()
    console.print(renew(SPECIMEN_TD3, f"X{secrets.randbelow(10**8):08}", last), highlight=False, markup=False)
