"""Idempotency-Key: a POST that is sent again gets the answer it got before (draft-ietf-httpapi-idempotency-key-header).

The key is claimed in the transaction of the command and the answer kept in it: either both the change and its
answer are there, or neither. Errors roll back and are not kept. A second request with the key waits on the first
one's claim. Answers may hold personal data: they are sealed with that key and
the master key, and of the key only a keyed digest is kept.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from app.db.changes import Row
from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.errors import KeyReused
from services.answers import repository

KEEP_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status and JSON body as bytes (empty for 204)."""

    status: int
    body: bytes


class Repeated(Exception):
    """This request was answered before: here is that answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("repeated")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer one request until `expires_at`; `secret` is never stored."""

    digest: bytes
    request_digest: bytes
    expires_at: datetime
    secret: str


def claim_of(uow: Reading, key: str, request: bytes, keep_for: timedelta = KEEP_FOR) -> Claim:
    """`request` is whatever makes requests the same: method, path and body."""
    # A guardian's account acts for several persons: what was answered for one is no answer for another.
    owner = f"{uow.caller.account_id}\0{uow.caller.person_id}" if uow.caller else "anyone"
    secret = f"{uow.region.code}\0{owner}\0{key}"
    digest = uow.vault.mac("answer-key", secret.encode())
    return Claim(digest, sha256(request).digest(), uow.now + keep_for, secret)


async def claim(uow: Writing, claimed: Claim) -> None:
    """Claims the key in the unit of work. `Repeated` if it was answered, KeyReused if that was another request."""
    kept = await repository.claim(uow, claimed.digest, claimed.request_digest, claimed.expires_at)
    if kept is not None:
        _repeat(uow, claimed, kept.request_digest, kept.answer_sealed)


def earlier(uow: Reading, claimed: Claim) -> Part[None]:
    """The same look for a command that decides first: reading the part raises what `claim` would."""

    def read(row: Any) -> None:
        if row is not None:
            request_digest, sealed = (bytes.fromhex(row[name][2:]) for name in ("request_digest", "answer_sealed"))
            _repeat(uow, claimed, request_digest, sealed)

    return repository.kept(claimed.digest, uow.now, read)


def _repeat(uow: Reading, claimed: Claim, request_digest: bytes, sealed: bytes | None) -> None:
    if request_digest != claimed.request_digest or sealed is None:
        raise KeyReused
    status, body = json.loads(uow.vault.open_with(claimed.secret, "kept_answers", sealed))
    raise Repeated(Answer(status, body.encode()))


def _sealed(uow: Reading, claimed: Claim, answer: Answer) -> bytes:
    plain = json.dumps([answer.status, answer.body.decode()]).encode()
    return uow.vault.seal_with(claimed.secret, "kept_answers", plain)


async def keep(uow: Writing, claimed: Claim, answer: Answer) -> None:
    await repository.keep(uow, claimed.digest, _sealed(uow, claimed, answer))


def kept_row(uow: Reading, claimed: Claim, answer: Answer) -> Row:
    """The answer as a row for a command that decided first."""
    return {
        "key_digest": claimed.digest,
        "request_digest": claimed.request_digest,
        "answer_sealed": _sealed(uow, claimed, answer),
        "expires_at": claimed.expires_at,
        "now": uow.now,
    }


async def forget(uow: Writing, claimed: Claim) -> None:
    await repository.delete(uow, claimed.digest)


async def forget_old(uow: Writing) -> None:
    await repository.delete_expired(uow)
