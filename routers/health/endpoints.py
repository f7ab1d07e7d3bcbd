"""For whoever runs the service."""

from typing import Literal

from fastapi import APIRouter
from sqlalchemy import text

from app.errors import TryAgain
from routers.deps import Anyone, ReadingUow
from routers.problems import problems
from routers.schemas import Out

router = APIRouter(prefix="/health", tags=["health"])


class Health(Out):
    status: Literal["ok"] = "ok"


@router.get("/live", dependencies=[Anyone], responses=problems(signed_in=False))
async def live() -> Health:
    """The process answers."""
    return Health()


@router.get("/ready", dependencies=[Anyone], responses=problems(TryAgain, signed_in=False))
async def ready(uow: ReadingUow) -> Health:
    """The process answers and so does its database, migrated."""
    await uow.session.execute(text("SELECT FROM persons LIMIT 1"))
    return Health()
