"""What `manzil run` tells the regional registry and the worker of each other."""

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from app.domain.registry.mirror import source_of
from app.supervisor import is_free


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
    if wanted <= 65535 and is_free(host, wanted):  # noqa: PLR2004 — the last port there is
        return wanted
    with socket.socket() as probe:
        probe.bind((host, 0))
        free: int = probe.getsockname()[1]
        return free
