"""`Retry-After`: how long a server asks to be left alone (RFC 9110 §10.2.3)."""

from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Errors of the client by which the server has nothing of the request."""


def retry_after(response: httpx.Response, now: datetime) -> timedelta | None:
    """Told in seconds or as a date; None where it is neither."""
    told = response.headers.get("retry-after", "").strip()
    if told.isdigit():
        return timedelta(seconds=int(told))
    with suppress(ValueError, TypeError):
        return max(parsedate_to_datetime(told) - now, timedelta(0))
    return None
