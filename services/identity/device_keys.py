"""The key a phone keeps: EC P-256. It proves that a refresh comes from that phone, and signs QR passes."""

import base64
import hmac
import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from jose import jwk, jwt
from jose.exceptions import JOSEError

from app.domain.identity.terms import PROOF_LIVES
from services.identity.errors import InvalidKey

ALGORITHM = "ES256"
_PARTS = ("kty", "crv", "x", "y")
# Whatever a stranger's text can make the library raise; JSON nested without end makes it recurse.
_NOT_A_TOKEN = (JOSEError, ValueError, TypeError, KeyError, RecursionError)
_FAR = 1 << 40


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def thumbprint(public_jwk: dict[str, Any]) -> str:
    """RFC 7638: base64url SHA-256 of the key's required members in order, 43 characters."""
    plain = json.dumps({name: public_jwk[name] for name in sorted(_PARTS)}, separators=(",", ":"))
    return base64url(sha256(plain.encode()).digest())


def checked(public_jwk: dict[str, Any]) -> dict[str, str]:
    """The four public members of an EC P-256 key; InvalidKey for anything else, a private key included."""
    if public_jwk.get("kty") != "EC" or public_jwk.get("crv") != "P-256" or "d" in public_jwk:
        raise InvalidKey
    plain = {name: public_jwk.get(name) for name in _PARTS}
    if not all(isinstance(value, str) for value in plain.values()):
        raise InvalidKey
    try:
        jwk.construct(plain, ALGORITHM).public_key().to_pem()
    except (JOSEError, ValueError, TypeError):
        raise InvalidKey from None
    return {name: str(value) for name, value in plain.items()}


def unverified_claims(token: str) -> dict[str, Any]:
    """What a token says, before its signature is checked: only to learn whose key to check it with."""
    try:
        claims: dict[str, Any] = jwt.get_unverified_claims(token)
    except _NOT_A_TOKEN:
        return {}
    return claims


def claims_of(token: str, public_jwk: dict[str, Any]) -> dict[str, Any] | None:
    """What the phone signed, or None if this key did not sign it. Times are the caller's to check."""
    unchecked = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
    try:
        claims: dict[str, Any] = jwt.decode(token, public_jwk, algorithms=[ALGORITHM], options=unchecked)
    except _NOT_A_TOKEN:
        return None
    return claims


def proves(proof: str, public_jwk: dict[str, Any], text: str, now: datetime, claim: str = "rth") -> bool:
    """Whether `proof` is this phone's fresh signature over this text: claims `iat`, and `claim` with its SHA-256."""
    claims = claims_of(proof, public_jwk)
    if claims is None or type(claims.get("iat")) is not int or not isinstance(claims.get(claim), str):
        return False
    if not 0 <= claims["iat"] < _FAR:
        return False
    expected = base64url(sha256(text.encode()).digest())
    fresh = abs(claims["iat"] - now.timestamp()) <= PROOF_LIVES.total_seconds()
    return fresh and hmac.compare_digest(claims[claim].encode(), expected.encode())
