"""What `manzil run` finds out before it starts the parts, and tells each of them."""

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from app.domain.registry.mirror import source_of


def can_bind(host: str, port: int) -> bool:
    """Asked of the system by binding, as a server will: a port may be taken by one who does not answer."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


class Told(Protocol):
    """What of the settings the parts are told."""

    host: str
    port: int
    data_dir: Path
    regions: list[str]
    database_url: str | None


def environment(told: Told, base: str, registry: str | None) -> dict[str, str]:
    """That of the parts. What the shell says stands; in it nothing is to be said.

    `registry`: the address of a database for the regional registry, which then runs beside the others, knows the
    regions of this copy and is known to them.
    """
    console_only = {"MANZIL_SMS": "console", "MANZIL_PUSH": "console", "MANZIL_EMAIL": "console"}
    mirror = _mirror(told, base, registry) if registry else {}
    return {**console_only, **mirror, **os.environ, "MANZIL_DATABASE_URL": told.database_url or ""}


def _mirror(told: Told, base: str, database: str) -> Mapping[str, str]:
    port = os.environ.get("MANZIL_REGISTRY_PORT") or str(_port_near(told.host, told.port))
    peers = {source_of(region): f"{base}/v1/registry/{region}/jwks.json" for region in told.regions}
    return {
        "MANZIL_REGISTRY_DATABASE_URL": database,
        "MANZIL_REGISTRY_DATA_DIR": str(told.data_dir / "registry"),
        "MANZIL_REGISTRY_HOST": told.host,
        "MANZIL_REGISTRY_PORT": port,
        "MANZIL_REGISTRY_PEERS": json.dumps(peers),
        "MANZIL_REGISTRY_URL": f"http://{told.host}:{port}",
    }


def _port_near(host: str, port: int) -> int:
    """Ten above the API's; any that is free if that is not."""
    wanted = port + 10
    if wanted <= 65535 and can_bind(host, wanted):  # noqa: PLR2004 — the last port there is
        return wanted
    with socket.socket() as probe:
        probe.bind((host, 0))
        free: int = probe.getsockname()[1]
        return free
