"""ETags for what phones keep: a phone on a bad net asks whether anything changed, and mostly gets 304."""

from hashlib import sha256

from fastapi import Request, Response
from pydantic import BaseModel


def unchanged(request: Request, answer: BaseModel) -> Response:
    """304 if the caller has this very answer, else the answer with its ETag (RFC 9110 §8.8.3)."""
    body = answer.model_dump_json().encode()
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Language, Authorization"}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
