"""The region's points as every search needs them, kept in the memory of the process.

Points change rarely and are searched all the time. Whoever reads the ledger is told the directory's version by the
same statement, so a copy in memory is never used after a change was committed, in whichever process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.models.points import Point


@dataclass(frozen=True, slots=True)
class Directory:
    """All points at one version, with the services that each gives. Nobody may change what is in it.

    `derived` is for what others compute from it and want to keep just as long: the routers' rendered parts.
    """

    version: int
    points: Mapping[UUID, Point]
    services: Mapping[UUID, list[str]]
    derived: dict[Any, Any] = field(default_factory=dict)
