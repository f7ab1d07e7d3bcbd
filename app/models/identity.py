"""Persons (the subject every other row hangs on), accounts, devices, sessions and what signs tokens."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.identity.caller import AT_POINT, BY_PHONE, OF_ORGANISATION, Role


def _names(roles: Collection[Role]) -> str:
    return ", ".join(f"'{role}'" for role in sorted(roles))


class Person(Base):
    """One human being. Holds nothing personal: it is what is locked, referred to and chained by hash.

    `merged_into`: it turned out to be the same human being as that one, who has all of theirs but the log.
    `erased_at`: they had all of it deleted, and nothing is added any more.
    """

    __tablename__ = "persons"
    __table_args__ = (Index("ix_persons_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    erased_at: Mapped[datetime | None]


class Organisation(Base):
    """An employer or an agency, whose staff see what concerns it. `name` by language."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("kind IN ('employer', 'agency')", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[dict[str, str]] = mapped_column(JSONB)
    created_at: Mapped[datetime]


class Account(Base):
    """A way to sign in: migrants and hosts by phone, staff by login, password and one-time password."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint(f"role IN ({_names(set(Role) - {Role.GUARDIAN})})", name="role"),
        CheckConstraint(
            # Nobody has a number while they wait for a new phone, nor staff a password until they have enrolled.
            f"CASE WHEN role IN ({_names(BY_PHONE)}) THEN login IS NULL AND password_hash IS NULL"
            " AND totp_sealed IS NULL"
            " ELSE login IS NOT NULL AND phone_index IS NULL AND (password_hash IS NULL) = (totp_sealed IS NULL) END",
            name="credentials",
        ),
        # Who is bound to a person, a point or an organisation is, and nobody else.
        CheckConstraint(
            "(person_id IS NOT NULL) = (role = 'migrant')"
            f" AND (point_id IS NOT NULL) = (role IN ({_names(AT_POINT)}))"
            f" AND (organisation_id IS NOT NULL) = (role IN ({_names(OF_ORGANISATION)}))",
            name="scope",
        ),
        # One number may be a migrant's and a host's: two accounts, and neither sees the other's.
        Index("uq_accounts_phone_role", "phone_index", "role", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"), index=True)
    phone_index: Mapped[bytes | None]
    phone_sealed: Mapped[bytes | None]
    login: Mapped[str | None] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_sealed: Mapped[bytes | None]
    totp_last_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    failed_tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    locked_until: Mapped[datetime | None]
    point_id: Mapped[UUID | None] = mapped_column(ForeignKey("points.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    disabled_at: Mapped[datetime | None]
    disabled_by: Mapped[UUID | None]


class SignInCode(Base):
    """The one live code of a phone number; a new one replaces it."""

    __tablename__ = "sign_in_codes"

    phone_index: Mapped[bytes] = mapped_column(primary_key=True)
    code_mac: Mapped[bytes]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class Tally(Base):
    """How often something was done since a first time, forgotten at `until`. `subject` is a keyed digest: it names
    neither the number nor the address that it counts for.
    """

    __tablename__ = "tallies"

    subject: Mapped[bytes] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime] = mapped_column(index=True)


class Device(Base):
    """A phone and its public key (JWK, EC P-256), certified by us until a date to sign QR passes offline.

    `name_sealed` is what it calls itself. `seen_at` is when it last asked for tokens, to the hour.
    """

    __tablename__ = "devices"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    certified_until: Mapped[datetime]
    name_sealed: Mapped[bytes | None]
    seen_at: Mapped[datetime]


class Session(Base):
    """One sign-in: a family of refresh tokens, over at `ends_at`. `device_id` is empty for staff, who use a browser."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("devices.id"))
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class RefreshToken(Base):
    """Kept by its SHA-256: whoever reads the database cannot use it."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        Index("uq_refresh_tokens_live", "session_id", unique=True, postgresql_where=text("used_at IS NULL")),
    )

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SigningKey(Base):
    """An EC P-256 key of the region that signs access tokens from a time on; the private part is sealed."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String(43), primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    private_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    signs_from: Mapped[datetime]


class ReceiptKey(Base):
    """An EC P-256 key of the region that signs receipts, until a newer one does. Its public part stays for good, since
    receipts do; the private part is sealed, and gone once it signs no more.
    """

    __tablename__ = "receipt_keys"

    kid: Mapped[str] = mapped_column(String(43), primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    private_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]


class Enrolment(Base):
    """The one live invitation of a staff account, by the keyed digest of its token. Gone once it was used.

    One that `needs_second` opens the account only together with the half that whoever confirmed it was shown.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        CheckConstraint(
            "(confirmed_by IS NULL) = (second_digest IS NULL) AND (confirmed_by IS NULL OR needs_second)"
            " AND (needs_second IS FALSE OR made_by IS NOT NULL) AND confirmed_by <> made_by"
            " AND confirmed_by <> account_id",
            name="two_people",
        ),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    needs_second: Mapped[bool]
    confirmed_by: Mapped[UUID | None]
    second_digest: Mapped[bytes | None]


class NumberChange(Base):
    """An account's move to another number that waits. Gone once it was done or stopped: the person's log tells."""

    __tablename__ = "number_changes"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    phone_index: Mapped[bytes]
    phone_sealed: Mapped[bytes]
    asked_at: Mapped[datetime]
    takes_effect_at: Mapped[datetime] = mapped_column(index=True)


class Recovery(Base):
    """The one live code on paper by which an account that lost its phone signs in on a new number."""

    __tablename__ = "recoveries"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
