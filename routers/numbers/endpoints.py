"""Changing the number, and signing in again when it is lost."""

from fastapi import APIRouter, Request, status

from app.domain.identity.terms import REFRESH_REPEATS
from app.errors import NotFound
from routers.addresses import address_of
from routers.deps import Anyone, Host, PhoneOwner, ReadingUow, Run, WritingUow
from routers.idempotency import KeepingRoute, answer_kept_for
from routers.identity.schemas import CodeSent, Tokens, code_sent
from routers.language import own_language_of
from routers.numbers.schemas import NumberChanged, NumberCodes, NumberIn, NumberOut, RecoveryIn
from routers.problems import problems
from services.identity.errors import (
    DeviceTooNew,
    InvalidKey,
    InvalidPhone,
    NumberTaken,
    ProofRefused,
    TooSoon,
    WrongCode,
)
from services.identity.sessions import Phone
from services.numbers import commands, leaving, queries, recovery
from services.numbers.errors import RecoveryOver

router = APIRouter(tags=["numbers"], route_class=KeepingRoute)


@router.get("/v1/me/number", responses=problems())
async def own_number(uow: ReadingUow, caller: PhoneOwner) -> NumberOut:
    """The account's number by its last digits, and a change that waits."""
    return NumberOut.model_validate(await queries.own_number(uow, caller))


@router.post(
    "/v1/me/number/codes",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(InvalidPhone, TooSoon, DeviceTooNew),
)
async def request_number_codes(body: NumberCodes, request: Request, uow: WritingUow, caller: PhoneOwner) -> CodeSent:
    """Sends codes to the new number and, if it is still held, to the old one."""
    sent = await commands.ask_codes(
        uow, caller, body.phone, own_language_of(request), address_of(request), old_too=body.old_too
    )
    return code_sent(sent)


@router.post(
    "/v1/me/number",
    responses=problems(InvalidPhone, TooSoon, WrongCode, ProofRefused, DeviceTooNew, NumberTaken),
)
async def change_number(body: NumberIn, request: Request, uow: WritingUow, caller: PhoneOwner) -> NumberChanged:
    """Changes the number: at once with the codes of both numbers, else in three days, told to the old number by SMS.

    A phone that signed in less than a day ago beside an older one may not.
    """
    wanted = commands.Wanted(body.phone, body.code, body.old_code, body.proof)
    takes_effect_at = await commands.change(uow, caller, wanted, own_language_of(request), address_of(request))
    return NumberChanged(takes_effect_at=takes_effect_at)


@router.delete("/v1/me/number/change", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound))
async def stop_number_change(uow: WritingUow, caller: PhoneOwner) -> None:
    """Stops a change that waits. Any phone of the account may, also one that signed in by the old number just now."""
    await commands.stop(uow, caller)


@router.delete("/v1/host/account", status_code=status.HTTP_204_NO_CONTENT, responses=problems(DeviceTooNew))
async def end_host_account(uow: WritingUow, caller: Host) -> None:
    """Deletes a host's account for good: the number, the phones, the sign-ins. A person has `POST /v1/me/deletion`."""
    await leaving.leave(uow, caller)


@router.post(
    "/v1/auth/recoveries",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Anyone],
    responses=problems(InvalidPhone, InvalidKey, WrongCode, RecoveryOver, TooSoon, NumberTaken, signed_in=False),
)
@answer_kept_for(REFRESH_REPEATS)
async def recover(body: RecoveryIn, request: Request, uow: WritingUow, runtime: Run) -> Tokens:
    """Signs in to the account that a service point gave a code on paper for, on a new phone and number."""
    phone = Phone(body.device_key.model_dump(), body.device_name)
    signed_in = await recovery.finish(
        uow, runtime.keyring, body.phone, body.code, body.recovery_code, phone, address_of(request)
    )
    return Tokens.model_validate(signed_in)
