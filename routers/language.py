"""Which language a caller reads (RFC 9110 §12.5.4), and telling it back: `app.middleware` writes `Content-Language`."""

from fastapi import Request

from app.domain.languages.negotiation import Reading, reading
from app.domain.profiles.languages import Language


def language_of(request: Request) -> Language:
    """The language of an answer made of data, which stands in English and Russian: the one the caller reads better."""
    found = reading(request.headers.get("accept-language", "")).written
    request.state.language = found
    return found


def own_language_of(request: Request) -> Language:
    """The language of an answer made of texts of ours, which stand in all languages; English if none is known."""
    found = reading(request.headers.get("accept-language", "")).own
    request.state.language = found
    return found


def reading_of(request: Request) -> Reading:
    """Both of them, for an answer that has texts of ours and data."""
    found = reading(request.headers.get("accept-language", ""))
    request.state.language = found.own if found.own is found.written else f"{found.own}, {found.written}"
    return found
