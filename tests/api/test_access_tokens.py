"""Access tokens: ES256 by our own key for this region, for ten minutes, and nothing else."""

import hmac
import json
from hashlib import sha256
from typing import Any

import httpx
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jose import jwt

from tests.api.helpers import b64, given, refused, stay_signed_in, unb64
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    person = own_time.stranger()
    await person.sign_in()
    return person


async def _me(person: Person, token: str) -> httpx.Response:
    return await person.world.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


async def _refused(person: Person, token: str) -> None:
    refused(await _me(person, token), 401, "not_signed_in")


async def _key(person: Person) -> dict[str, Any]:
    """The published key that signed the person's token."""
    kid = jwt.get_unverified_header(person.tokens["access_token"])["kid"]
    keys = given(await person.world.client.get("/.well-known/jwks.json"))["keys"]
    found: dict[str, Any] = next(key for key in keys if key["kid"] == kid)
    return found


def _public(key: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(unb64(key[name])) for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(b64(json.dumps(part).encode()) for part in (header, claims))


async def test_a_token_lives_ten_minutes(person: Person) -> None:
    assert person.tokens["access_seconds"] == 600
    person.world.clock.move(seconds=599)
    given(await person.get("/v1/me"))
    person.world.clock.move(seconds=1)
    refused(await person.get("/v1/me"), 401, "not_signed_in")
    await stay_signed_in(person)
    given(await person.get("/v1/me"))


async def test_the_published_keys_verify_a_token_without_our_code(person: Person) -> None:
    token, key = person.tokens["access_token"], await _key(person)
    signed, _, signature = token.rpartition(".")
    raw = unb64(signature)
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    _public(key).verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    claims = jwt.decode(
        token, key, algorithms=["ES256"], audience=person.world.region.code, options={"verify_exp": False}
    )
    assert claims["exp"] - claims["iat"] == 600
    assert claims["role"] == "migrant"


async def test_only_public_parts_are_published(person: Person) -> None:
    assert set(await _key(person)) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


async def test_a_token_names_nobody(person: Person) -> None:
    claims = jwt.get_unverified_claims(person.tokens["access_token"])
    assert set(claims) == {"iss", "aud", "sub", "sid", "role", "iat", "exp", "jti", "person"}
    assert person.number[1:] not in json.dumps(claims)


async def test_a_token_with_other_claims_under_the_same_signature_is_refused(person: Person) -> None:
    header, claims, signature = person.tokens["access_token"].split(".")
    changed = json.loads(unb64(claims)) | {"role": "clerk"}
    await _refused(person, f"{header}.{b64(json.dumps(changed).encode())}.{signature}")


async def test_a_token_with_a_changed_signature_is_refused(person: Person) -> None:
    rest, _, signature = person.tokens["access_token"].rpartition(".")
    raw = bytearray(unb64(signature))
    raw[10] ^= 1
    await _refused(person, f"{rest}.{b64(bytes(raw))}")
    await _refused(person, f"{rest}.{b64(bytes(64))}")
    await _refused(person, f"{rest}.")


async def test_a_token_that_claims_no_algorithm_is_refused(person: Person) -> None:
    token = person.tokens["access_token"]
    kid = jwt.get_unverified_header(token)["kid"]
    for name in ("none", "None", "NONE"):
        unsigned = _unsigned({"alg": name, "kid": kid, "typ": "JWT"}, jwt.get_unverified_claims(token))
        await _refused(person, f"{unsigned}.")


async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(person: Person) -> None:
    """RFC 8725 §2.1: the algorithm is ours to say, not the token's."""
    key, claims = await _key(person), jwt.get_unverified_claims(person.tokens["access_token"])
    unsigned = _unsigned({"alg": "HS256", "kid": key["kid"], "typ": "JWT"}, claims)
    pem = _public(key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for secret in (pem, pem.strip(), json.dumps(key).encode()):
        await _refused(person, f"{unsigned}.{b64(hmac.digest(secret, unsigned.encode(), sha256))}")


async def test_a_token_signed_with_another_key_is_refused(person: Person) -> None:
    token = person.tokens["access_token"]
    claims = jwt.get_unverified_claims(token)
    own = {"kid": jwt.get_unverified_header(token)["kid"]}
    for headers in (own, {"kid": "unknown"}, {}, {"jwk": person.device_key}, own | {"jwk": person.device_key}):
        await _refused(person, jwt.encode(claims, person.key, "ES256", headers=headers))


async def test_what_is_no_token_is_refused(person: Person) -> None:
    for token in ("x", "a.b.c", "e30.e30.", person.tokens["refresh_token"], person.qr_pass("no booking")):
        await _refused(person, token)


async def test_a_token_of_another_scheme_is_none(person: Person) -> None:
    headers = {"Authorization": f"Basic {person.tokens['access_token']}"}
    refused(await person.world.client.get("/v1/me", headers=headers), 401, "not_signed_in")


async def test_a_bad_token_is_refused_even_where_none_is_needed(person: Person) -> None:
    headers = {"Authorization": "Bearer x"}
    refused(await person.world.client.get("/v1/points", headers=headers), 401, "not_signed_in")
