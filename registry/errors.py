"""What a sender or reader is told, as problem details (RFC 9457). `code` is stable: it is part of the contract."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

CONTENT_TYPE = "application/problem+json"
STATUSES = {
    "signature_missing": 401,
    "signature_invalid": 401,
    "signature_early": 401,
    "signature_expired": 401,
    "key_unknown": 401,
    "nonce_reused": 401,
    "reader_unknown": 401,
    "digest_mismatch": 400,
    "malformed": 400,
    "source_not_yours": 403,
    "sequence_taken": 409,
    "too_large": 413,
    "content_changed": 422,
    "purpose_missing": 422,
    "invalid": 422,
    "busy": 503,
}
_TITLES = {
    "signature_missing": "The message bears no signature of the mirror's profile.",
    "signature_invalid": "The signature does not hold.",
    "signature_early": "The signature is of the future: look at the clocks.",
    "signature_expired": "The signature has expired.",
    "key_unknown": "This key signs for nobody known here.",
    "nonce_reused": "This signature was used before.",
    "reader_unknown": "Only readers known here are answered.",
    "digest_mismatch": "The body is not what was signed.",
    "malformed": "The body is not as the contract says.",
    "source_not_yours": "This key does not sign for that source.",
    "sequence_taken": "Another event has this number of this person's sequence.",
    "too_large": "The body is too large.",
    "content_changed": "This event came before with another content.",
    "purpose_missing": "Whoever reads of a person says what for.",
    "invalid": "Something in the question is not as the contract says.",
    "busy": "Try again in a moment; nothing was stored.",
}


class Refused(Exception):
    """`retry_after` in seconds."""

    def __init__(self, code: str, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code, self.detail, self.retry_after = code, detail, retry_after

    @property
    def status(self) -> int:
        return STATUSES[self.code]

    def body(self) -> dict[str, Any]:
        told = {
            "type": f"urn:manzil:registry:{self.code}",
            "title": _TITLES[self.code],
            "status": self.status,
            "code": self.code,
        }
        return told | ({"detail": self.detail} if self.detail else {})


async def answer_refused(_: Request, error: Exception) -> JSONResponse:
    """Whatever was wrong with a question, and is not ours to raise, is `invalid`; its values are not told back."""
    refused = error if isinstance(error, Refused) else Refused("invalid")
    headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after is not None else None
    return JSONResponse(refused.body(), refused.status, headers, CONTENT_TYPE)
