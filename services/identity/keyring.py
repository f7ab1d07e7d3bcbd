"""The keys that sign access tokens, and others that sign receipts: ES256 only, a set of each a region, public parts
published as one JWK set (RFC 7517).
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk, jws, jwt
from jose.exceptions import JOSEError

from app.db.locks import take_turn
from app.db.unit_of_work import Database, Writing
from app.domain.identity.caller import Caller, Role
from app.domain.identity.keys import next_start, over, signing
from app.domain.identity.terms import ACCESS_LIVES
from app.domain.region.policy import RegionPolicy
from app.errors import NotSignedIn
from app.models.identity import ReceiptKey, SigningKey
from services.identity import repository
from services.identity.device_keys import ALGORITHM, thumbprint

ISSUER = "manzil"
RECEIPT = "consent-receipt+jws"
"""The type of what receipt keys sign: no token says that of itself."""
RECEIPT_KEY_SIGNS = timedelta(days=365)
_TURN = "signing_keys"


_FRESH = timedelta(minutes=10)
"""Whoever signs has looked for new keys at most this long ago: keys are published days before they sign."""
_LOOK_AGAIN = timedelta(seconds=5)
"""Tokens with an unknown key make us look at most this often, whoever makes them up."""
_REMEMBERED = 20_000
"""So many tokens are known at sight: a phone sends the same one for ten minutes, and its signature stays good."""


@dataclass(slots=True)
class _Keys:
    """By when they begin to sign. `jwks` is what is published.

    `seen`: of tokens whose signature was checked by these keys, when they expire and whom they state. It goes with
    the keys, which are loaded anew every few minutes. `receipts`: public keys that sign or signed receipts, and no
    tokens; the newest one signs.
    """

    loaded_at: datetime
    starts: list[datetime]
    kids: list[str]
    private: list[Any]
    verifying: dict[str, Any]
    jwks: dict[str, list[dict[str, Any]]]
    receipts: dict[str, dict[str, Any]]
    receipt_kid: str
    receipt_key: Any
    seen: dict[str, tuple[float, Caller]] = field(default_factory=dict)


@dataclass(slots=True)
class KeyRing:
    """Signs and checks tokens without asking the database: keys are loaded now and then, and for an unknown `kid`."""

    database: Database
    _keys: dict[str, _Keys] = field(default_factory=dict)
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def load(self, region: RegionPolicy) -> None:
        """Loads the region's keys, making the first one if there is none."""
        async with self.database.reading(region) as uow:
            rows, receipts, now = await repository.signing_keys(uow), await repository.receipt_keys(uow), uow.now
        if not rows or not receipts:
            async with self.database.writing(region) as writing:
                rows, receipts = await _first_keys(writing)
        known, proving = self._keys.get(region.code), {row.kid: row.public_jwk for row in receipts}
        self._keys[region.code] = _Keys(
            loaded_at=now,
            starts=[row.signs_from for row in rows],
            kids=[row.kid for row in rows],
            private=[self._private(row) for row in rows],
            verifying={
                row.kid: (known.verifying.get(row.kid) if known else None) or jwk.construct(row.public_jwk, ALGORITHM)
                for row in rows
            },
            jwks={
                "keys": [
                    {**public, "kid": kid, "use": "sig", "alg": ALGORITHM}
                    for kid, public in (*((row.kid, row.public_jwk) for row in rows), *proving.items())
                ]
            },
            receipts=proving,
            receipt_kid=receipts[-1].kid,
            receipt_key=self._opened(receipts[-1].private_sealed or b""),
        )

    def _private(self, row: SigningKey) -> Any:
        return self._opened(row.private_sealed)

    def _opened(self, sealed: bytes) -> Any:
        return jwk.construct(self.database.vault.open_system("signing_keys", sealed).decode(), ALGORITHM)

    async def ready(self, region: RegionPolicy) -> None:
        """Looks for keys if need be. Before a unit of work holds a connection: two at once would wait for each other.

        TamperedError when this process has another master key than the region's: it must not go on.
        """
        await self._of(region, _FRESH)

    async def jwks(self, region: RegionPolicy) -> dict[str, list[dict[str, Any]]]:
        return (await self._of(region, _FRESH)).jwks

    async def _of(self, region: RegionPolicy, fresh: timedelta | None = None) -> _Keys:
        """The keys, looked up again if that was longer ago than `fresh`."""
        if self._stale(region, fresh):
            async with self._loading:
                if self._stale(region, fresh):
                    await self.load(region)
        return self._keys[region.code]

    def _stale(self, region: RegionPolicy, fresh: timedelta | None) -> bool:
        keys = self._keys.get(region.code)
        return keys is None or (fresh is not None and self.database.clock.now() - keys.loaded_at >= fresh)

    async def issue(self, region: RegionPolicy, caller: Caller, now: datetime) -> str:
        """An access token of ten minutes that states the caller; it names nobody outside this database."""
        keys = await self._of(region)
        claims = {
            "iss": ISSUER,
            "aud": region.code,
            "sub": str(caller.account_id),
            "sid": str(caller.session_id),
            "role": caller.role.value,
            "iat": int(now.timestamp()),
            "exp": int((now + ACCESS_LIVES).timestamp()),
            "jti": uuid4().hex,
        }
        if caller.person_id:
            claims["person"] = str(caller.person_id)
        if caller.point_id:
            claims["point"] = str(caller.point_id)
        if caller.organisation_id:
            claims["org"] = str(caller.organisation_id)
        place = signing(keys.starts, now)
        token: str = jwt.encode(claims, keys.private[place], ALGORITHM, headers={"kid": keys.kids[place]})
        return token

    async def sign_receipt(self, region: RegionPolicy, payload: bytes) -> str:
        """A compact JWS (RFC 7515) over the payload, by a key that signs nothing else."""
        keys = await self._of(region)
        signed: str = jws.sign(payload, keys.receipt_key, {"kid": keys.receipt_kid, "typ": RECEIPT}, ALGORITHM)
        return signed

    async def verify_receipt(self, region: RegionPolicy, signed: str) -> bytes | None:
        """The payload of a receipt that the region signed, however long ago; None for anything else."""
        try:
            header = jws.get_unverified_header(signed)
            kid = header.get("kid")
            keys = await self._of(region)
            if kid not in keys.receipts:
                keys = await self._of(region, _LOOK_AGAIN)
            if kid not in keys.receipts or header.get("typ") != RECEIPT:
                return None
            payload: bytes = jws.verify(signed, keys.receipts[kid], [ALGORITHM])
        except (JOSEError, ValueError, TypeError, RecursionError):
            return None
        return payload

    async def verify(self, region: RegionPolicy, token: str, now: datetime) -> Caller:
        """The caller that a token states. NotSignedIn for anything else than a live token of this region.

        The expiry is checked here, against our own clock, and the algorithm is never taken from the token.
        """
        keys = await self._of(region)
        seen = keys.seen.get(token)
        if seen is None:
            seen = await self._checked(region, keys, token)
        expires, caller = seen
        if expires <= now.timestamp():
            raise NotSignedIn
        return caller

    async def _checked(self, region: RegionPolicy, keys: _Keys, token: str) -> tuple[float, Caller]:
        """When a token with a good signature expires, and whom it states."""
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            if kid not in keys.verifying:
                keys = await self._of(region, _LOOK_AGAIN)
            if kid not in keys.verifying:
                raise NotSignedIn
            claims = jwt.decode(
                token,
                keys.verifying[kid],
                algorithms=[ALGORITHM],
                audience=region.code,
                issuer=ISSUER,
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            seen = float(claims["exp"]), _caller(claims)
        except (JOSEError, KeyError, ValueError, TypeError, RecursionError):
            raise NotSignedIn from None
        if len(keys.seen) >= _REMEMBERED:
            keys.seen.clear()
        keys.seen[token] = seen
        return seen


def _caller(claims: dict[str, Any]) -> Caller:
    return Caller(
        account_id=UUID(claims["sub"]),
        role=Role(claims["role"]),
        session_id=UUID(claims["sid"]),
        person_id=UUID(claims["person"]) if "person" in claims else None,
        point_id=UUID(claims["point"]) if "point" in claims else None,
        organisation_id=UUID(claims["org"]) if "org" in claims else None,
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )


async def _first_keys(uow: Writing) -> tuple[list[SigningKey], list[ReceiptKey]]:
    """Processes that start together agree on one of each."""
    await take_turn(uow, _TURN)
    keys = await repository.signing_keys(uow) or [await _make_key(uow, uow.now)]
    if not await repository.receipt_keys(uow):
        await _make_receipt_key(uow)
    return keys, await repository.receipt_keys(uow)


async def rotate(uow: Writing) -> None:
    """Makes the next key some days before it is due; removes those whose last token is over."""
    await take_turn(uow, _TURN)
    receipts = await repository.receipt_keys(uow)
    if receipts and receipts[-1].created_at + RECEIPT_KEY_SIGNS <= uow.now:
        await _make_receipt_key(uow)
    keys = await repository.signing_keys(uow)
    starts = [key.signs_from for key in keys]
    if not keys:
        return
    start = next_start(starts, uow.now)
    if start is not None:
        await _make_key(uow, start)
    if gone := keys[: over(starts, uow.now)]:
        await repository.delete_signing_keys(uow, [key.kid for key in gone])


async def _make_key(uow: Writing, signs_from: datetime) -> SigningKey:
    kid, public, sealed = _new_key(uow)
    return await repository.add_signing_key(uow, kid, public, sealed, signs_from)


async def _make_receipt_key(uow: Writing) -> None:
    await repository.add_receipt_key(uow, *_new_key(uow))


def _new_key(uow: Writing) -> tuple[str, dict[str, Any], bytes]:
    """Its name, its public part and its private part, sealed."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public: dict[str, Any] = jwk.construct(pem.decode(), ALGORITHM).public_key().to_dict()
    named = {name: public[name] for name in ("kty", "crv", "x", "y")}
    return thumbprint(named), named, uow.vault.seal_system("signing_keys", pem)
