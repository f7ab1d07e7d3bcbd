"""What endpoints ask for: who is calling, a unit of work, the runtime.

A unit of work is opened with `scope="function"`: it commits when the endpoint has returned and *before* the
answer is sent, so a commit that fails is an error the caller sees.
"""

from collections.abc import AsyncIterator
from typing import Annotated, ClassVar

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.db.unit_of_work import Deciding, Reading, Writing
from app.domain.identity.caller import Caller, Role
from app.domain.region.policy import RegionPolicy
from app.errors import AppError, NotAllowed, NotSignedIn, UnknownRegion
from app.runtime import Runtime
from routers.idempotency import attempt_of, claim_answer, decide_under, forget_claim

bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="An access token (ES256, ten minutes).")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]


async def runtime_of(request: Request) -> Runtime:
    """Asynchronous, like all of these: FastAPI runs a plain function in a thread, a detour for a look-up."""
    runtime: Runtime = request.app.state.runtime
    return runtime


Run = Annotated[Runtime, Depends(runtime_of)]


async def region_of(
    runtime: Run,
    manzil_region: Annotated[str | None, Header(description="The region's code; the first one by default.")] = None,
) -> RegionPolicy:
    if manzil_region is None:
        return next(iter(runtime.regions.values()))
    if manzil_region not in runtime.regions:
        raise UnknownRegion
    return runtime.regions[manzil_region]


Region = Annotated[RegionPolicy, Depends(region_of)]


async def caller_of(runtime: Run, region: Region, credentials: Bearer) -> Caller | None:
    """None without a token; a token that does not hold is refused even where none is needed."""
    if credentials is None:
        return None
    return await runtime.keyring.verify(region, credentials.credentials, runtime.database.clock.now())


MaybeCaller = Annotated[Caller | None, Depends(caller_of)]


class Callers:
    """The roles that a route serves. Every route has exactly one of these: a test refuses the one that forgot."""

    ANYONE: ClassVar["Callers"]

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, caller: MaybeCaller) -> Caller | None:
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
Auditor = Annotated[Caller, Depends(Callers(Role.AUDITOR))]
SignedInCaller = Annotated[Caller, Depends(Callers(*Role))]


Key = Annotated[
    str | None,
    Header(
        min_length=8,
        max_length=128,
        description="Any unique text, a UUID say: a POST sent again with it is done once and answered the same.",
    ),
]


async def reading(runtime: Run, region: Region, caller: MaybeCaller) -> AsyncIterator[Reading]:
    async with runtime.database.reading(region, caller) as uow:
        yield uow


async def writing(
    request: Request,
    runtime: Run,
    region: Region,
    caller: MaybeCaller,
    idempotency_key: Key = None,
) -> AsyncIterator[Writing]:
    await runtime.keyring.ready(region)
    async with runtime.database.writing(region, caller) as uow:
        if idempotency_key is None or request.method != "POST":
            yield uow
            return
        await claim_answer(request, uow, idempotency_key)
        try:
            yield uow
        except AppError as error:
            # Errors are not kept, not even those whose traces are (a counted try). Others roll the claim back.
            if error.commits:
                await forget_claim(request)
            raise


async def deciding(
    request: Request, runtime: Run, region: Region, caller: MaybeCaller, idempotency_key: Key = None
) -> AsyncIterator[Deciding]:
    """For a command that reads and decides first: `KeepingRoute` carries out what it leaves, with its answer."""
    async with runtime.database.deciding(region, caller, attempt=attempt_of(request)) as uow:
        await decide_under(request, uow, idempotency_key)
        yield uow


DecidingUow = Annotated[Deciding, Depends(deciding, scope="function")]
ReadingUow = Annotated[Reading, Depends(reading, scope="function")]
WritingUow = Annotated[Writing, Depends(writing, scope="function")]
