"""Problem details (RFC 9457): what an error looks like, and how a route lists its own."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.domain.profiles.languages import Language
from app.errors import (
    AppError,
    InvalidInput,
    KeyReused,
    NotAllowed,
    NotSignedIn,
    TooLarge,
    TooManyRequests,
    TryAgain,
    Unexpected,
    UnknownRegion,
)
from app.locales.reading import error_title

CONTENT_TYPE = "application/problem+json"


class Problem(BaseModel):
    """`code` is stable; `title` is in the caller's language. Members beyond these depend on the code."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:manzil:problem:place_taken"])
    title: str
    status: int
    code: str
    request_id: str


def problem_body(error: AppError, language: Language, request_id: str) -> dict[str, Any]:
    return {
        **error.context,
        "type": f"urn:manzil:problem:{error.code}",
        "title": error_title(error, language),
        "status": error.status,
        "code": error.code,
        "request_id": request_id,
    }


def problems(*errors: type[AppError], signed_in: bool = True) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: its own errors and those that any route can end in, by status."""
    common: tuple[type[AppError], ...] = (
        InvalidInput,
        KeyReused,
        TooLarge,
        TooManyRequests,
        UnknownRegion,
        TryAgain,
        Unexpected,
    )
    guarded: tuple[type[AppError], ...] = (NotSignedIn, NotAllowed) if signed_in else (NotSignedIn,)
    by_status: dict[int | str, list[type[AppError]]] = {}
    for error in dict.fromkeys((*errors, *guarded, *common)):
        by_status.setdefault(error.status, []).append(error)
    return {
        status: {
            "description": " · ".join(f"`{error.code}`: {error.title['en']}" for error in listed),
            "content": {CONTENT_TYPE: {"schema": _schema(listed)}},
        }
        for status, listed in by_status.items()
    }


def _schema(errors: list[type[AppError]]) -> dict[str, Any]:
    """A problem with one of these codes: a client made from the document knows what can go wrong with each route."""
    codes = {"enum": sorted(error.code for error in errors)}
    return {"$ref": "#/components/schemas/Problem", "properties": {"code": codes}}
