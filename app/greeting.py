"""What `manzil run` says once it can be used."""

import os
import sys
import time
from pathlib import Path

import httpx
from rich.console import Console

from app.demo.seed import ACCOUNTS, Clerk
from app.demo.staff import STAFF_ACCOUNTS


def greet(base: str, data_dir: Path, clerks: list[Clerk], console: Console) -> None:
    """Waits for the API at `base` and says where it is and how to sign in."""
    with httpx.Client(base_url=base) as client:
        while not _is_ready(client):
            time.sleep(0.2)
    clerk = clerks[0]
    # As it is to be typed: this very program, with the settings that another terminal does not have.
    shown = ("MANZIL_PORT", "MANZIL_DATA_DIR", "MANZIL_DATABASE_URL")
    command = " ".join([*(f"{name}={os.environ[name]}" for name in shown if name in os.environ), sys.argv[0]])
    console.print(
        f"""
[bold green]Manzil runs at {base}[/]
  A newcomer's phone     {base}/  any phone number, such as +7 900 123-45-67; the SMS with the code appears here
  A clerk's desk         {base}/desk
                         {clerk["login"]}  password {clerk["password"]}  authenticator secret {clerk["totp"]}
  Hall, manager, others  {base}/board  {base}/manage  {base}/employer  {base}/region
  Who can sign in now    {command} demo    with one-time codes, and a passport to try
  API, to read and try   {base}/docs  (signing in begins with POST /v1/auth/codes)
                         (all {len(clerks)} clerks: {data_dir / ACCOUNTS};
                         operator, manager, auditor, employer: {data_dir / STAFF_ACCOUNTS})
  See the whole path     {command} walkthrough
  Is the data whole?     {command} doctor
  Ctrl-C stops it; the data stays in {data_dir}
""",
        highlight=False,
        soft_wrap=True,
    )


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/health/ready").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
