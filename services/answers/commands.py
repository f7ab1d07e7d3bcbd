"""Idempotency-Key: a POST that is sent again gets the answer it got before (draft-ietf-httpapi-idempotency-key-header).

The key is claimed in the transaction of the command and the answer kept in it: either both the change and its
answer are there, or neither. Errors roll back and are not kept. A second request with the key waits on the first
one's claim. Answers may hold personal data: they are sealed with that key and
the master key, and of the key only a keyed digest is kept.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from app.db.unit_of_work import Writing
from app.errors import KeyReused
from services.answers import repository

KEEP_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status and JSON body as bytes (empty for 204)."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer one request; `secret` is never stored."""

    digest: bytes
    secret: str


async def claim(uow: Writing, key: str, request: bytes, *, keep_for: timedelta = KEEP_FOR) -> Claim | Answer:
    """A `Claim` for a first request, the kept `Answer` for a repeated one.

    `request` is whatever makes requests the same: method, path and body. KeyReused when the key came with another.
    """
    owner = uow.caller.account_id.hex if uow.caller else "anyone"
    secret = f"{uow.region.code}\0{owner}\0{key}"
    digest = uow.vault.mac("answer-key", secret.encode())
    request_digest = sha256(request).digest()
    kept = await repository.claim(uow, digest, request_digest, uow.now + keep_for)
    if kept is None:
        return Claim(digest, secret)
    if kept.request_digest != request_digest or kept.answer_sealed is None:
        raise KeyReused
    status, body = json.loads(uow.vault.open_with(secret, "kept_answers", kept.answer_sealed))
    return Answer(status, body.encode())


async def keep(uow: Writing, claimed: Claim, answer: Answer) -> None:
    plain = json.dumps([answer.status, answer.body.decode()]).encode()
    await repository.keep(uow, claimed.digest, uow.vault.seal_with(claimed.secret, "kept_answers", plain))


async def forget(uow: Writing, claimed: Claim) -> None:
    await repository.delete(uow, claimed.digest)


async def forget_old(uow: Writing) -> None:
    await repository.delete_expired(uow)
