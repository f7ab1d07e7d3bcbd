"""Signing in and out."""

from fastapi import APIRouter, Request, status

from app.domain.identity.terms import CODE_COOL_DOWN, CODE_LIVES, REFRESH_REPEATS
from routers.deps import Anyone, Region, Run, SignedInCaller, WritingUow
from routers.idempotency import KeepingRoute, answer_kept_for
from routers.identity.schemas import (
    CodeRequest,
    CodeSent,
    JwkSet,
    PhoneSignIn,
    RefreshRequest,
    StaffSignIn,
    Tokens,
)
from routers.language import language_of
from routers.problems import problems
from services.identity import commands, staff
from services.identity.errors import (
    InvalidKey,
    InvalidPhone,
    ProofRefused,
    SessionEnded,
    TooSoon,
    WrongCode,
    WrongCredentials,
)

router = APIRouter(tags=["identity"], route_class=KeepingRoute)


@router.post(
    "/v1/auth/codes",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[Anyone],
    responses=problems(InvalidPhone, TooSoon, signed_in=False),
)
async def request_code(body: CodeRequest, request: Request, uow: WritingUow) -> CodeSent:
    """Sends a one-time code by SMS."""
    await commands.request_code(uow, body.phone, language_of(request))
    return CodeSent(expires_in=int(CODE_LIVES.total_seconds()), retry_after=int(CODE_COOL_DOWN.total_seconds()))


@router.post(
    "/v1/auth/sessions",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Anyone],
    responses=problems(InvalidPhone, InvalidKey, WrongCode, signed_in=False),
)
@answer_kept_for(REFRESH_REPEATS)
async def sign_in(body: PhoneSignIn, uow: WritingUow, runtime: Run) -> Tokens:
    """Signs a person in with the code. The first sign-in makes the account."""
    device_key = body.device_key.model_dump()
    signed_in = await commands.sign_in(uow, runtime.keyring, body.phone, body.code, device_key)
    return Tokens.model_validate(signed_in)


@router.post(
    "/v1/auth/staff/sessions",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Anyone],
    responses=problems(WrongCredentials, signed_in=False),
)
@answer_kept_for(REFRESH_REPEATS)
async def sign_in_staff(body: StaffSignIn, uow: WritingUow, runtime: Run) -> Tokens:
    """Signs staff in with a password and a one-time password from their authenticator."""
    signed_in = await staff.sign_in(uow, runtime.keyring, body.login, body.password, body.totp)
    return Tokens.model_validate(signed_in)


@router.post(
    "/v1/auth/refresh",
    dependencies=[Anyone],
    responses=problems(SessionEnded, ProofRefused, signed_in=False),
)
@answer_kept_for(REFRESH_REPEATS, apart_from=("proof",))
async def refresh(body: RefreshRequest, uow: WritingUow, runtime: Run) -> Tokens:
    """The next pair of tokens. Send an Idempotency-Key: a repeat within a minute gets the same pair, while any
    other second use of a refresh token ends the sign-in.
    """
    pair = await commands.refresh(uow, runtime.keyring, body.refresh_token, body.proof)
    return Tokens.model_validate(pair)


@router.delete("/v1/auth/session", status_code=status.HTTP_204_NO_CONTENT, responses=problems())
async def sign_out(uow: WritingUow, caller: SignedInCaller) -> None:
    """Ends this sign-in: no new tokens. An access token given before lives out its ten minutes."""
    await commands.sign_out(uow, caller)


@router.get("/.well-known/jwks.json", dependencies=[Anyone], responses=problems(signed_in=False))
async def jwks(runtime: Run, region: Region) -> JwkSet:
    """The public keys that access tokens are signed with."""
    return JwkSet.model_validate(await runtime.keyring.jwks(region))
