"""The code that the screen in a hall shows: who can read it stands there, and may take a ticket by themselves."""

from base64 import b32encode
from datetime import datetime, timedelta

CODE_LIVES = timedelta(minutes=15)
_CHARACTERS = 8


def periods_at(now: datetime) -> tuple[int, int]:
    """The number of the period that runs, and the one before: its code is taken for as long again."""
    running = int(now.timestamp() // CODE_LIVES.total_seconds())
    return running, running - 1


def changes_at(now: datetime) -> datetime:
    """When the running period's code gives way to the next."""
    seconds = CODE_LIVES.total_seconds()
    return datetime.fromtimestamp((periods_at(now)[0] + 1) * seconds, now.tzinfo)


def text_of(mac: bytes) -> str:
    """The code as it is shown, from a keyed digest: capital letters and the digits 2 to 7."""
    return b32encode(mac[:10]).decode()[:_CHARACTERS]
