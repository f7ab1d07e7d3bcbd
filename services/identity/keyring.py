"""The keys that sign access tokens: ES256 only, one set a region, public parts published as a JWK set (RFC 7517)."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk, jwt
from jose.exceptions import JOSEError

from app.db.unit_of_work import Database, Writing
from app.domain.identity.caller import Caller, Role
from app.domain.identity.terms import ACCESS_LIVES
from app.domain.region.policy import RegionPolicy
from app.errors import NotSignedIn
from app.models.identity import SigningKey
from services.identity import repository
from services.identity.device_keys import ALGORITHM, thumbprint

ISSUER = "manzil"


@dataclass(slots=True)
class _Keys:
    signing_kid: str
    signing: Any
    verifying: dict[str, Any]
    jwks: dict[str, list[dict[str, Any]]]


@dataclass(slots=True)
class KeyRing:
    """Signs and checks tokens without asking the database: a region's keys are loaded once."""

    database: Database
    _keys: dict[str, _Keys] = field(default_factory=dict)
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def load(self, region: RegionPolicy) -> None:
        """Loads the region's keys, making the first one if there is none."""
        async with self.database.writing(region) as uow:
            rows = await repository.signing_keys(uow)
            if not rows:
                rows = [await _make_key(uow)]
        newest = rows[-1]
        private = self.database.vault.open_system("signing_keys", newest.private_sealed)
        self._keys[region.code] = _Keys(
            signing_kid=newest.kid,
            signing=jwk.construct(private.decode(), ALGORITHM),
            verifying={row.kid: jwk.construct(row.public_jwk, ALGORITHM) for row in rows},
            jwks={"keys": [{**row.public_jwk, "kid": row.kid, "use": "sig", "alg": ALGORITHM} for row in rows]},
        )

    async def ready(self, region: RegionPolicy) -> None:
        """Loads the keys if need be. Before a unit of work holds a connection: two at once would wait for each other.

        TamperedError when this process has another master key than the region's: it must not go on.
        """
        await self._of(region)

    async def jwks(self, region: RegionPolicy) -> dict[str, list[dict[str, Any]]]:
        return (await self._of(region)).jwks

    async def _of(self, region: RegionPolicy) -> _Keys:
        if region.code not in self._keys:
            async with self._loading:
                if region.code not in self._keys:
                    await self.load(region)
        return self._keys[region.code]

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
        token: str = jwt.encode(claims, keys.signing, ALGORITHM, headers={"kid": keys.signing_kid})
        return token

    async def verify(self, region: RegionPolicy, token: str, now: datetime) -> Caller:
        """The caller that a token states. NotSignedIn for anything else than a live token of this region.

        The expiry is checked here, against our own clock, and the algorithm is never taken from the token.
        """
        keys = await self._of(region)
        try:
            kid = jwt.get_unverified_header(token).get("kid")
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
            if claims["exp"] <= now.timestamp():
                raise NotSignedIn
            return Caller(
                account_id=UUID(claims["sub"]),
                role=Role(claims["role"]),
                session_id=UUID(claims["sid"]),
                person_id=UUID(claims["person"]) if "person" in claims else None,
                point_id=UUID(claims["point"]) if "point" in claims else None,
                organisation_id=UUID(claims["org"]) if "org" in claims else None,
            )
        except (JOSEError, KeyError, ValueError, TypeError, RecursionError):
            raise NotSignedIn from None


async def _make_key(uow: Writing) -> SigningKey:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public: dict[str, Any] = jwk.construct(pem.decode(), ALGORITHM).public_key().to_dict()
    named = {name: public[name] for name in ("kty", "crv", "x", "y")}
    return await repository.add_first_signing_key(
        uow, thumbprint(named), named, uow.vault.seal_system("signing_keys", pem)
    )
