"""Receipts: statements of one side that stand by themselves, as compact JWS (RFC 7515), ES256."""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jose import jws
from jose.exceptions import JOSEError

from app.wire.bodies import canonical
from app.wire.keys import PrivateKey

ERASURE = "erasure-receipt+jws"


class ReceiptError(Exception):
    """A receipt that was not issued by any of these keys, or was changed."""


def issue(statement: Mapping[str, Any], key: PrivateKey, kind: str = ERASURE) -> str:
    """The statement, signed. Whoever has the signer's published keys can check it for good."""
    signed: str = jws.sign(canonical(statement), key.pem().decode(), {"kid": key.kid, "typ": kind}, "ES256")
    return signed


def read(receipt: str, keys: Mapping[str, ec.EllipticCurvePublicKey], kind: str = ERASURE) -> dict[str, Any]:
    """What the receipt states. ReceiptError if it does not hold."""
    try:
        headers = jws.get_unverified_header(receipt)
        public = keys[headers["kid"]].public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        stated: dict[str, Any] = json.loads(jws.verify(receipt, public.decode(), ["ES256"]))
    except (JOSEError, KeyError, ValueError, TypeError, AttributeError):
        raise ReceiptError from None
    if headers.get("typ") != kind or not isinstance(stated, dict):
        raise ReceiptError
    return stated
