"""Turns whatever goes wrong into problem details. Nothing personal is logged or echoed."""

import structlog
from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from app.db.driver import DRIVER_ERRORS, PASSING, UNSTORABLE, Passing, Refused, is_passing
from app.errors import AppError, InvalidInput, MethodNotAllowed, NotFound, TooLarge, TryAgain, Unexpected
from routers.language import own_language_of
from routers.problems import CONTENT_TYPE, problem_body
from services.bookings.errors import ElsewhereThen, StepBooked
from services.identity.errors import NumberTaken
from services.points.errors import PlaceTaken
from services.profiles.errors import DocumentKnown
from services.queue.errors import AlreadyInLine, CounterBusy, StandsElsewhere
from services.staff.errors import LoginTaken, ScopeWrong

_log = structlog.get_logger()

# The database decides; the name of the constraint that decided says what the caller is told.
CONFLICTS: dict[str, type[AppError]] = {
    "ck_capacity_days_within_capacity": PlaceTaken,
    "ex_bookings_one_place": ElsewhereThen,
    "uq_bookings_live_step": StepBooked,
    "uq_bookings_held_step": StepBooked,
    "uq_identity_documents_number_index": DocumentKnown,
    "uq_accounts_login": LoginTaken,
    "fk_accounts_point_id": ScopeWrong,
    "uq_accounts_phone_role": NumberTaken,
    "uq_tickets_at_counter": CounterBusy,
    "uq_tickets_walk_in": AlreadyInLine,
    "uq_counters_staff": StandsElsewhere,
}
_BY_STATUS: dict[int, type[AppError]] = {404: NotFound, 405: MethodNotAllowed, 413: TooLarge}


def install(app: FastAPI) -> None:
    app.add_exception_handler(AppError, _handle)
    app.add_exception_handler(RequestValidationError, _handle)
    app.add_exception_handler(HTTPException, _handle)
    app.add_exception_handler(DBAPIError, _handle)
    app.add_exception_handler(PoolTimeoutError, _handle)
    app.add_exception_handler(OSError, _handle)
    app.add_exception_handler(Refused, _handle)
    app.add_exception_handler(Passing, _handle)
    for error in DRIVER_ERRORS:
        app.add_exception_handler(error, _handle)


async def _handle(request: Request, exception: Exception) -> JSONResponse:
    return problem_response(request, exception)


def problem_response(request: Request, exception: Exception) -> JSONResponse:
    """The answer to a request that ended in `exception`."""
    error = as_app_error(exception)
    if isinstance(error, Unexpected | TryAgain):
        # The type only: the text of a database error holds the row.
        _log.error("request.unanswered", code=error.code, cause=type(exception).__name__)
    body = problem_body(error, own_language_of(request), getattr(request.state, "request_id", ""))
    headers = dict(exception.headers or {}) if isinstance(exception, HTTPException) else {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == status.HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, error.status, headers=headers, media_type=CONTENT_TYPE)


def as_app_error(exception: Exception) -> AppError:
    """The error that a caller is told of."""
    match exception:
        case AppError():
            return exception
        case RequestValidationError():
            # Where and what, never the value: it may be a passport.
            faults = [{"at": ".".join(map(str, e["loc"])), "fault": e["msg"]} for e in exception.errors()]
            return InvalidInput(errors=faults)
        case HTTPException():
            return _BY_STATUS.get(exception.status_code, InvalidInput)()
        case IntegrityError():
            return CONFLICTS.get(_detail(exception, "constraint_name"), Unexpected)()
        case Refused():
            return CONFLICTS.get(exception.constraint, Unexpected)()
        case _ if _sqlstate(exception) in UNSTORABLE:
            return InvalidInput()
        case _ if _passes(exception):
            return TryAgain(retry_after=1)
    return Unexpected()


def _passes(exception: Exception) -> bool:
    """Whether the database was busy, restarting or gone, by whichever layer it was said."""
    if isinstance(exception, Passing | PoolTimeoutError | OSError | OperationalError) or is_passing(exception):
        return True
    return isinstance(exception, DBAPIError) and (exception.connection_invalidated or _sqlstate(exception) in PASSING)


def _sqlstate(exception: Exception) -> str:
    own = getattr(exception, "sqlstate", None)
    return str(own or (_detail(exception, "sqlstate") if isinstance(exception, DBAPIError) else ""))


def _detail(exception: DBAPIError, name: str) -> str:
    """An attribute of the driver's own error, which SQLAlchemy wraps twice."""
    return str(getattr(getattr(exception.orig, "__cause__", None), name, "") or "")
