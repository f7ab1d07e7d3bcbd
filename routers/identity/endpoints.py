"""Signing in and out."""

from fastapi import APIRouter, Request, Response, status

from app.domain.identity.caller import Role
from app.domain.identity.terms import REFRESH_REPEATS
from routers.addresses import address_of
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
    code_sent,
)
from routers.language import own_language_of
from routers.problems import problems
from services.identity import codes, sessions, staff
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
    """Sends a one-time code by SMS. The wait for the next one grows with each of a day."""
    sent = await codes.request_code(uow, body.phone, own_language_of(request), address_of(request))
    return code_sent(sent)


@router.post(
    "/v1/auth/sessions",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Anyone],
    responses=problems(InvalidPhone, InvalidKey, WrongCode, TooSoon, signed_in=False),
)
@answer_kept_for(REFRESH_REPEATS)
async def sign_in(body: PhoneSignIn, request: Request, uow: WritingUow, runtime: Run) -> Tokens:
    """Signs a person in with the code. The first sign-in makes the account."""
    phone = sessions.Phone(body.device_key.model_dump(), body.device_name)
    signed_in = await sessions.sign_in(
        uow, runtime.keyring, body.phone, body.code, phone, address_of(request), Role(body.role)
    )
    return Tokens.model_validate(signed_in)


@router.post(
    "/v1/auth/staff/sessions",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Anyone],
    responses=problems(WrongCredentials, TooSoon, signed_in=False),
)
@answer_kept_for(REFRESH_REPEATS)
async def sign_in_staff(body: StaffSignIn, request: Request, uow: WritingUow, runtime: Run) -> Tokens:
    """Signs staff in with a password and a one-time password from their authenticator."""
    signed_in = await staff.sign_in(uow, runtime.keyring, body.login, body.password, body.totp, address_of(request))
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
    pair = await sessions.refresh(uow, runtime.keyring, body.refresh_token, body.proof)
    return Tokens.model_validate(pair)


@router.delete("/v1/auth/session", status_code=status.HTTP_204_NO_CONTENT, responses=problems())
async def sign_out(uow: WritingUow, caller: SignedInCaller) -> None:
    """Ends this sign-in: no new tokens. An access token given before lives out its ten minutes."""
    await sessions.sign_out(uow, caller)


@router.get("/.well-known/jwks.json", dependencies=[Anyone], responses=problems(signed_in=False))
async def jwks(runtime: Run, region: Region, response: Response) -> JwkSet:
    """The public keys that access tokens are signed with. The next one is here days before it signs."""
    response.headers["Cache-Control"] = "public, max-age=3600"
    return JwkSet.model_validate(await runtime.keyring.jwks(region))
