"""What endpoints ask for: who is calling, a unit of work, the runtime.

A unit of work is opened with `scope="function"`: it commits when the endpoint has returned and *before* the
answer is sent, so a commit that fails is an error the caller sees.

These read the request themselves rather than depend on each other: each dependency of a dependency costs every
request about what a look into the database's cache does. What they read of the headers, `app.openapi` documents.
"""

from collections.abc import AsyncIterator
from typing import Annotated, ClassVar

from fastapi import Depends, Request

from app.db.unit_of_work import Deciding, Reading, Writing
from app.domain.identity.caller import Caller, Role
from app.domain.region.policy import RegionPolicy
from app.errors import AppError, NotAllowed, NotSignedIn, TooManyRequests, UnknownRegion
from app.runtime import Runtime
from routers.addresses import address_of
from routers.idempotency import attempt_of, claim_answer, decide_under, forget_claim, key_of_request

REGION_HEADER = "Manzil-Region"
_CALLER = "manzil.caller"


async def runtime_of(request: Request) -> Runtime:
    """Asynchronous, like all of these: FastAPI runs a plain function in a thread, a detour for a look-up."""
    runtime: Runtime = request.app.state.runtime
    return runtime


Run = Annotated[Runtime, Depends(runtime_of)]


async def region_of(request: Request) -> RegionPolicy:
    """The region that the request names; the first one by default."""
    regions = (await runtime_of(request)).regions
    named = request.headers.get(REGION_HEADER)
    if named is None:
        return next(iter(regions.values()))
    if named not in regions:
        raise UnknownRegion
    return regions[named]


Region = Annotated[RegionPolicy, Depends(region_of)]


async def caller_of(request: Request) -> Caller | None:
    """None without a token; a token that does not hold is refused even where none is needed."""
    if _CALLER not in request.scope:
        request.scope[_CALLER] = await _who_calls(request)
    caller: Caller | None = request.scope[_CALLER]
    return caller


async def _who_calls(request: Request) -> Caller | None:
    runtime, region = await runtime_of(request), await region_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    caller = None
    if scheme.lower() == "bearer" and token:
        try:
            caller = await runtime.keyring.verify(region, token.strip(), runtime.database.clock.now())
        except NotSignedIn:
            _count(request, runtime, None)
            raise
    _count(request, runtime, caller)
    return caller


def _count(request: Request, runtime: Runtime, caller: Caller | None) -> None:
    """One more request of this account or address; TooManyRequests. `app.middleware` tells where it stands."""
    who = str(caller.account_id) if caller else address_of(request)
    rate = request.scope.setdefault("state", {})["rate"] = runtime.rates.count(who, signed_in=caller is not None)
    if rate.left < 0:
        raise TooManyRequests(retry_after=rate.resets_in)


class Callers:
    """The roles that a route serves. Every route has exactly one of these: a test refuses the one that forgot."""

    ANYONE: ClassVar["Callers"]

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, request: Request) -> Caller | None:
        caller = await caller_of(request)
        if not self.roles:
            return caller
        if caller is None:
            raise NotSignedIn
        if caller.role not in self.roles:
            raise NotAllowed
        return caller


Callers.ANYONE = Callers()
Anyone = Depends(Callers.ANYONE)
Migrant = Annotated[Caller, Depends(Callers(Role.MIGRANT, Role.GUARDIAN))]
"""The person, or the guardian who acts for them: `caller.person` is whose data it is."""
MigrantAlone = Annotated[Caller, Depends(Callers(Role.MIGRANT))]
"""For what nobody does in another's name: phones, numbers, sign-ins, guardianship itself."""
Host = Annotated[Caller, Depends(Callers(Role.HOST))]
Clerk = Annotated[Caller, Depends(Callers(Role.CLERK))]
Manager = Annotated[Caller, Depends(Callers(Role.POINT_MANAGER))]
Operator = Annotated[Caller, Depends(Callers(Role.REGION_OPERATOR))]
PointStaff = Annotated[Caller, Depends(Callers(Role.CLERK, Role.POINT_MANAGER))]
Overseer = Annotated[Caller, Depends(Callers(Role.REGION_OPERATOR, Role.AUDITOR))]
StaffManager = Annotated[Caller, Depends(Callers(Role.REGION_OPERATOR, Role.POINT_MANAGER))]
Employer = Annotated[Caller, Depends(Callers(Role.EMPLOYER))]
"""Somebody of a company; `caller.organisation_id` is which."""
Auditor = Annotated[Caller, Depends(Callers(Role.AUDITOR))]
PhoneOwner = Annotated[Caller, Depends(Callers(Role.MIGRANT, Role.HOST))]
"""Who signs in by a number, for the number itself."""
AccountAlone = Annotated[Caller, Depends(Callers(*(set(Role) - {Role.GUARDIAN})))]
"""Anybody signed in, for what is the account's own and not the ward's of a guardian."""
SignedInCaller = Annotated[Caller, Depends(Callers(*Role))]


async def reading(request: Request) -> AsyncIterator[Reading]:
    runtime, region = await runtime_of(request), await region_of(request)
    async with runtime.database.reading(region, await caller_of(request)) as uow:
        yield uow


async def writing(request: Request) -> AsyncIterator[Writing]:
    runtime, region = await runtime_of(request), await region_of(request)
    key = key_of_request(request)
    caller = await caller_of(request)
    await runtime.keyring.ready(region)
    async with runtime.database.writing(region, caller) as uow:
        if key is None:
            yield uow
            return
        await claim_answer(request, uow, key)
        try:
            yield uow
        except AppError as error:
            # Errors are not kept, not even those whose traces are (a counted try). Others roll the claim back.
            if error.commits:
                await forget_claim(request)
            raise


async def deciding(request: Request) -> Deciding:
    """For a command that reads and decides first: `KeepingRoute` carries out what it leaves, with its answer, and
    releases it. So it need not end here: what ends costs a request an eighth of its time.
    """
    runtime, region = await runtime_of(request), await region_of(request)
    key = key_of_request(request)
    uow = runtime.database.deciding(region, await caller_of(request), attempt=attempt_of(request))
    await decide_under(request, uow, key)
    return uow


DecidingUow = Annotated[Deciding, Depends(deciding)]
ReadingUow = Annotated[Reading, Depends(reading, scope="function")]
WritingUow = Annotated[Writing, Depends(writing, scope="function")]
