"""The registry's settings: its own, with defaults that fit a `manzil run` beside it."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class RegistrySettings(BaseSettings):
    """Environment variables `MANZIL_REGISTRY_…`; dictionaries are JSON."""

    model_config = SettingsConfigDict(env_prefix="MANZIL_REGISTRY_")

    host: str = "127.0.0.1"
    port: int = Field(8010, ge=1, le=65535)
    database_url: str | None = Field(None, repr=False, description="a database of its own")
    data_dir: Path = Field(Path(".data/registry"), description="keys of what it holds, apart from the database")
    peers: dict[str, str] = Field({}, description="who may send: source → address or file of its JWK set")
    readers: dict[str, str] = Field({}, repr=False, description="who may ask: name → token")
    pool_size: int = Field(10, ge=2, le=100)
