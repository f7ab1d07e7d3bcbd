"""Every setting, with a default that works on a fresh machine. Read by composition roots and migrations only."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.db.engine import schema_of


class Settings(BaseSettings):
    """Environment variables `MANZIL_…`; lists are JSON (`MANZIL_REGIONS='["ru_ta"]'`)."""

    model_config = SettingsConfigDict(env_prefix="MANZIL_")

    port: int = Field(8000, ge=1, le=65535, description="where the API listens")
    host: str = Field("127.0.0.1", description="the address the API binds")
    data_dir: Path = Field(Path(".data"), description="database, keys and messages of this copy")
    database_url: str | None = Field(None, repr=False, description="any PostgreSQL 15–18; empty: the embedded one")
    owner_database_url: str | None = Field(None, repr=False, description="for migrations, if not the same login")
    keys_dir: Path | None = Field(None, description="per-person keys; apart from the database's backups")
    documents_dir: Path | None = Field(None, description="sealed copies of papers, where no bucket is named")
    documents_bucket: str | None = Field(None, description="of an S3-compatible store: copies of papers lie there")
    documents_s3_endpoint: str | None = Field(None, description="its address, where it is not Amazon's own")
    documents_s3_region: str = "us-east-1"
    documents_s3_key_id: str | None = Field(None, repr=False, description="empty: as the machine's own role says")
    documents_s3_secret: str | None = Field(None, repr=False)
    clamav: str | None = Field(None, description="unix:/run/clamav/clamd.ctl or tcp://host:3310; empty: no scanning")
    regions: list[str] = Field(["ru_ta"], min_length=1, description="region codes; the first is the default")
    zone: str = Field("Europe/Moscow", description="the zone of regions that app/rules/regions.toml does not name")
    jurisdiction: str = Field("ru", description="the rule book of such regions")
    sms: Literal["console", "http"] | None = Field(None, description="console: messages are printed, for development")
    sms_url: str | None = Field(None, description="of the gateway: one POST a message")
    sms_body: str = Field(
        '{"to": "{phone}", "text": "{text}"}', description="JSON; a text may be {phone}, {text} or {key}"
    )
    sms_headers: dict[str, str] = Field({}, repr=False, description="of each request to the gateway: its key, say")
    push: Literal["console", "fcm"] | None = Field(None, description="empty: the inbox is all there is")
    fcm_key_file: Path | None = Field(None, description="the service account's key, as Firebase's console gives it")
    fcm_endpoint: str = Field("https://fcm.googleapis.com", description="another one for tests and proxies")
    email: Literal["console", "smtp"] | None = Field(None, description="empty: no e-mail is sent")
    smtp_url: str | None = Field(None, repr=False, description="smtp://user:password@host:587, or smtps://")
    email_sender: str = Field("manzil@localhost", description="the address that e-mail comes from")
    registry_url: str | None = Field(None, description="the regional registry; empty: nothing is mirrored")
    registry_kind: Literal["batches", "events", "queue"] = Field(
        "batches", description="how it is spoken with: openapi/registry.yaml, or the message bus that it is behind"
    )
    registry_keys: Path | None = Field(None, description="of a registry behind a bus: the JWK set that it signs with")
    registry_patience: float = Field(5, ge=0.5, le=60, description="seconds that it may take for one request")
    api_processes: int = Field(1, ge=1, le=64)
    pool_size: int = Field(10, ge=2, le=200, description="connections of one process to one region")
    osrm_url: str | None = Field(None, description="an OSRM server of one's own for travel times; empty: estimates")
    requests_per_minute: int = Field(300, ge=1, description="of one account to one process")
    address_requests_per_minute: int = Field(
        3000, ge=1, description="of all who share an address and are not signed in"
    )
    codes_per_address: int = Field(60, ge=1, description="sign-in codes an hour that one network address may ask for")
    tries_per_address: int = Field(200, ge=1, description="wrong codes and passwords a day from one network address")
    codes_to_unknown: int = Field(1000, ge=1, description="codes an hour to numbers unknown here, in a whole region")
    hold_minutes: int = Field(5, ge=1, le=60)
    calendar_days: int = Field(31, ge=1, le=366, description="how far ahead places can be booked")

    @field_validator("regions")
    @classmethod
    def _plain_codes(cls, regions: list[str]) -> list[str]:
        for region in regions:
            schema_of(region)
        return regions

    @field_validator("database_url", "owner_database_url")
    @classmethod
    def _async_driver(cls, url: str | None) -> str | None:
        """`postgres://` and `postgresql://` URLs, as others write them, mean the asyncpg driver here."""
        if not url:
            return None
        scheme, separator, rest = url.partition("://")
        if separator and scheme in {"postgres", "postgresql"}:
            return f"postgresql+asyncpg://{rest}"
        return url

    @property
    def keys_folder(self) -> Path:
        return self.keys_dir or self.data_dir / "keys"

    @property
    def documents_folder(self) -> Path:
        return self.documents_dir or self.data_dir / "documents"
