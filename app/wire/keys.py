"""Keys of either side: ES256, published as a JWK set (RFC 7517), named by their thumbprint (RFC 7638)."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.wire.bodies import canonical

_BYTES = 32


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What one side signs with. `kid` is told with each signature."""

    kid: str
    key: ec.EllipticCurvePrivateKey

    @property
    def public_jwk(self) -> dict[str, str]:
        return jwk_of(self.key.public_key())

    def pem(self) -> bytes:
        """Unencrypted: whoever keeps it seals it."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def new_key() -> PrivateKey:
    return _named(ec.generate_private_key(ec.SECP256R1()))


def key_from(pem: bytes) -> PrivateKey:
    """ValueError for anything but a P-256 key."""
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("a key of the mirror is on the curve P-256")  # noqa: TRY004 — the value, not its type
    return _named(key)


def _named(key: ec.EllipticCurvePrivateKey) -> PrivateKey:
    return PrivateKey(thumbprint(jwk_of(key.public_key())), key)


def jwk_of(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _written(numbers.x), "y": _written(numbers.y)}


def _written(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(_BYTES, "big")).decode().rstrip("=")


def _read(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def thumbprint(jwk: Mapping[str, str]) -> str:
    named = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return base64.urlsafe_b64encode(sha256(canonical(named)).digest()).decode().rstrip("=")


def published(jwks: Iterable[Mapping[str, str]]) -> dict[str, list[dict[str, str]]]:
    """The set as it is published."""
    return {"keys": [{**jwk, "kid": thumbprint(jwk), "use": "sig", "alg": "ES256"} for jwk in jwks]}


def read_set(told: Any) -> dict[str, ec.EllipticCurvePublicKey]:
    """The P-256 keys of a published set, by `kid`. ValueError if it is none."""
    try:
        return {
            each["kid"]: ec.EllipticCurvePublicNumbers(_read(each["x"]), _read(each["y"]), ec.SECP256R1()).public_key()
            for each in told["keys"]
            if each.get("kty") == "EC" and each.get("crv") == "P-256"
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("this is no JWK set") from error
