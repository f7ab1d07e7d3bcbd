"""Where somebody is signed in."""

from uuid import UUID

from fastapi import APIRouter, status

from app.errors import NotFound
from routers.deps import AccountAlone, ReadingUow, WritingUow
from routers.idempotency import KeepingRoute
from routers.identity.schemas import SignInOut, SignIns, SignOutEverywhere
from routers.problems import problems
from services.identity import devices
from services.identity.errors import DeviceTooNew

router = APIRouter(prefix="/v1/me/devices", tags=["identity"], route_class=KeepingRoute)


@router.get("", responses=problems())
async def list_devices(uow: ReadingUow, caller: AccountAlone) -> SignIns:
    """Where the person is signed in, by whichever of their numbers, newest first."""
    found = await devices.sign_ins(uow, caller)
    return SignIns(items=[SignInOut.model_validate(view) for view in found])


@router.delete("/{sign_in_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound, DeviceTooNew))
async def sign_device_out(sign_in_id: UUID, uow: WritingUow, caller: AccountAlone) -> None:
    """Signs a device out. Its access token lives out its ten minutes, but changes no number and signs nobody out."""
    await devices.sign_out_one(uow, caller, sign_in_id)


@router.post("/sign-out", status_code=status.HTTP_204_NO_CONTENT, responses=problems(DeviceTooNew))
async def sign_out_everywhere(body: SignOutEverywhere, uow: WritingUow, caller: AccountAlone) -> None:
    """Signs the person out on all other devices, or on all, by whichever of their numbers.

    Access tokens live out their ten minutes.
    """
    await devices.sign_out_everywhere(uow, caller, this_too=body.this_too)
