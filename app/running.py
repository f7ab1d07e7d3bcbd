"""What `manzil run` tells the regional registry and the worker of each other."""

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from app.adapters.durable import replace
from app.domain.registry.mirror import source_of
from app.supervisor import is_free

ADDRESS = Path("registry") / "address"


class Told(Protocol):
    """What of the settings the parts are told."""

    host: str
    port: int
    data_dir: Path
    regions: list[str]


def mirror_environment(told: Told, base: str, database: str) -> Mapping[str, str]:
    """What the regional registry, which runs beside the others on a database of its own, and the worker are told of
    each other. `base`: where the API is.
    """
    port = os.environ.get("MANZIL_REGISTRY_PORT") or str(_port_near(told.host, told.port))
    address = f"http://{told.host}:{port}"
    _keep(told.data_dir / ADDRESS, address)
    peers = {source_of(region): f"{base}/v1/registry/{region}/jwks.json" for region in told.regions}
    return {
        "MANZIL_REGISTRY_DATABASE_URL": database,
        "MANZIL_REGISTRY_DATA_DIR": str(told.data_dir / "registry"),
        "MANZIL_REGISTRY_HOST": told.host,
        "MANZIL_REGISTRY_PORT": port,
        "MANZIL_REGISTRY_PEERS": json.dumps(peers),
        "MANZIL_REGISTRY_URL": address,
    }


def registry_address(data_dir: Path) -> str:
    """Of the registry that was started with this folder last; empty where none ever was."""
    path = data_dir / ADDRESS
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _keep(path: Path, address: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    replace(path, address.encode())


def _port_near(host: str, port: int) -> int:
    """Ten above the API's; any that is free if that is not."""
    wanted = port + 10
    if wanted <= 65535 and is_free(host, wanted):  # noqa: PLR2004 — the last port there is
        return wanted
    with socket.socket() as probe:
        probe.bind((host, 0))
        free: int = probe.getsockname()[1]
        return free
