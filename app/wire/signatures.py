"""Signatures of HTTP messages (RFC 9421) as the mirror uses them, both ways; ES256 only.

A request is signed over method, path and content digest, an answer over status and content digest; either with
`created`, `expires` and `nonce`. An answer bears the nonce of its request, so it answers nothing else.

There is one profile, written and read here in some microseconds. A signature that another library has written in
another order of parameters is read by `http_message_signatures`, which the tests also hold this against.
"""

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature as WrongSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from app.wire.bodies import content_digest
from app.wire.keys import PrivateKey

LIVES = timedelta(minutes=1)
SKEW = timedelta(seconds=30)
"""How far the two sides' clocks may differ."""
LONGEST = timedelta(minutes=5)
"""A signature that claims to live longer is refused: its nonce would have to be remembered as long."""
LABEL = TAG = "mirror"
_HALF = 32
_HASH = ec.ECDSA(SHA256())
_PROFILE = re.compile(
    rf'{LABEL}=(\(("@method" "@path"|"@status") "content-digest"\);created=(\d{{1,12}});expires=(\d{{1,12}})'
    rf';nonce="([A-Za-z0-9_-]{{8,64}})";keyid="([A-Za-z0-9_-]{{1,64}})";alg="ecdsa-p256-sha256";tag="{TAG}")\Z'
)
_SIGNATURE = re.compile(rf"{LABEL}=:([A-Za-z0-9+/=]{{88}}):\Z")


class SignatureError(Exception):
    """A message that is not as its sender signed it. `code` is what a sender is told."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Message:
    """What of a message is signed. `status` is an answer's; method and path are a request's."""

    headers: Mapping[str, str]
    body: bytes
    method: str = ""
    path: str = ""
    status: int | None = None

    def lines(self) -> str:
        if self.status is not None:
            return f'"@status": {self.status}\n'
        return f'"@method": {self.method}\n"@path": {self.path}\n'


@dataclass(frozen=True, slots=True)
class Signed:
    """Whose signature it was, and by which nonce it is told from others until when."""

    kid: str
    nonce: str
    expires: datetime


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


def sign(message: Message, key: PrivateKey, now: datetime, *, nonce: str) -> dict[str, str]:
    """The header fields to send with the message, its content digest among them."""
    digest = content_digest(message.body)
    covered = '("@status" "content-digest")' if message.status is not None else '("@method" "@path" "content-digest")'
    created = int(now.timestamp())
    parameters = (
        f"{covered};created={created};expires={created + int(LIVES.total_seconds())}"
        f';nonce="{nonce}";keyid="{key.kid}";alg="ecdsa-p256-sha256";tag="{TAG}"'
    )
    base = f'{message.lines()}"content-digest": {digest}\n"@signature-params": {parameters}'
    r, s = decode_dss_signature(key.key.sign(base.encode(), _HASH))
    signature = base64.b64encode(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")).decode()
    return {
        "Content-Digest": digest,
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": f"{LABEL}=:{signature}:",
    }


def key_of(message: Message) -> str:
    """The key that a message says it is signed with, before anything of it is believed. SignatureError if none."""
    found = re.search(r';keyid="([A-Za-z0-9_-]{1,64})"', message.headers.get("signature-input", ""))
    if found is None:
        raise SignatureError("signature_missing")
    return found[1]


def verify(
    message: Message, keys: Mapping[str, ec.EllipticCurvePublicKey], now: datetime, *, nonce: str | None = None
) -> Signed:
    """Whose message it is. SignatureError with the reason: what was sent is then to be thrown away.

    `nonce`: the one that it has to bear. That it was not used before is for the caller to see.
    """
    told = message.headers.get("signature-input", "")
    found = _PROFILE.match(told)
    if found is None:
        return _verify_otherwise(message, keys, now, nonce)
    parameters, covered, created, expires, stated, kid = found.groups()
    if (covered == '"@status"') != (message.status is not None):
        raise SignatureError("signature_invalid")
    _check_times(int(created), int(expires), now)
    public = keys.get(kid)
    if public is None:
        raise SignatureError("key_unknown")
    digest = message.headers.get("content-digest", "")
    base = f'{message.lines()}"content-digest": {digest}\n"@signature-params": {parameters}'
    _check_signature(message.headers.get("signature", ""), base, public)
    if digest != content_digest(message.body):
        raise SignatureError("digest_mismatch")
    if nonce is not None and nonce != stated:
        raise SignatureError("nonce_mismatch")
    return Signed(kid, stated, datetime.fromtimestamp(int(expires), UTC))


def _check_times(created: int, expires: int, now: datetime) -> None:
    instant, skew = now.timestamp(), SKEW.total_seconds()
    if created > instant + skew:
        raise SignatureError("signature_early")
    if expires < instant - skew:
        raise SignatureError("signature_expired")
    if not created < expires <= created + LONGEST.total_seconds():
        raise SignatureError("signature_invalid")


def _check_signature(field_value: str, base: str, public: ec.EllipticCurvePublicKey) -> None:
    found = _SIGNATURE.match(field_value)
    try:
        raw = base64.b64decode(found[1], validate=True) if found else b""
        if len(raw) != 2 * _HALF:
            raise SignatureError("signature_invalid")
        halves = (int.from_bytes(part, "big") for part in (raw[:_HALF], raw[_HALF:]))
        public.verify(encode_dss_signature(*halves), base.encode(), _HASH)
    except (WrongSignature, ValueError):
        raise SignatureError("signature_invalid") from None


@dataclass(frozen=True, slots=True)
class _Seen:
    """A message as the library looks at it."""

    headers: dict[str, str]
    method: str
    url: str


@dataclass(frozen=True, slots=True)
class _SeenAnswer:
    headers: dict[str, str]
    status_code: int


class _Resolver(HTTPSignatureKeyResolver):
    def __init__(self, keys: Mapping[str, ec.EllipticCurvePublicKey]) -> None:
        self._keys = keys

    def resolve_private_key(self, key_id: str) -> Any:
        raise NotImplementedError

    def resolve_public_key(self, key_id: str) -> Any:
        if key_id not in self._keys:
            raise SignatureError("key_unknown")
        return self._keys[key_id]


@dataclass
class _Times:
    now: datetime
    stated: dict[str, Any] = field(default_factory=dict)


class _Verifier(HTTPMessageVerifier):
    """By our clock: the library's own looks at the machine's."""

    times: _Times

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:  # noqa: ARG002 — the library's
        created, expires = sig_input.params.get("created"), sig_input.params.get("expires")
        if type(created) is not int or type(expires) is not int:
            raise SignatureError("signature_invalid")
        _check_times(created, expires, self.times.now)
        self.times.stated = dict(sig_input.params)


def _verify_otherwise(
    message: Message, keys: Mapping[str, ec.EllipticCurvePublicKey], now: datetime, nonce: str | None
) -> Signed:
    headers = {name.title(): value for name, value in message.headers.items()}
    if "Signature-Input" not in headers or "Signature" not in headers:
        raise SignatureError("signature_missing")
    verifier = _Verifier(signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=_Resolver(keys))
    verifier.times = _Times(now)
    covered = ("@status",) if message.status is not None else ("@method", "@path")
    seen = (
        _SeenAnswer(headers, message.status)
        if message.status is not None
        else _Seen(headers, message.method, f"http://registry{message.path}")
    )
    try:
        verifier.verify(seen, max_age=None, expect_tag=TAG, require_components=(*covered, "content-digest"))
    except SignatureError:
        raise
    except HTTPMessageSignaturesException as error:
        cause = error.__cause__
        raise SignatureError(cause.code if isinstance(cause, SignatureError) else "signature_invalid") from None
    if headers.get("Content-Digest") != content_digest(message.body):
        raise SignatureError("digest_mismatch")
    stated = verifier.times.stated
    used = stated.get("nonce")
    if not isinstance(used, str) or not used or len(used) > 64:  # noqa: PLR2004 — as in the profile
        raise SignatureError("signature_invalid")
    if nonce is not None and nonce != used:
        raise SignatureError("nonce_mismatch")
    return Signed(stated["keyid"], used, datetime.fromtimestamp(stated["expires"], UTC))
