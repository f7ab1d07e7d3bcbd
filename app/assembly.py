"""Puts one process's parts together, from the settings."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import httpx

from app.adapters.clamav import ClamAv
from app.adapters.cleaning.process import ProcessCleaner
from app.adapters.clock import SystemClock
from app.adapters.console import ConsoleEmail, ConsolePush, ConsoleSms
from app.adapters.keystore import FolderKeyStore
from app.adapters.objects import StoreObjects, in_bucket, in_folder
from app.adapters.osrm import travel_by
from app.adapters.rates import MinuteRates
from app.adapters.registry_http import HttpRegistry
from app.adapters.registry_posts import HttpPosts
from app.adapters.registry_queue import QueueRegistry
from app.adapters.rulebooks import (
    load_consent_law,
    load_employment,
    load_feedback_law,
    load_regions,
    load_rulebook,
)
from app.adapters.sms_http import HttpSms
from app.adapters.smtp import SmtpEmail
from app.adapters.vault import LocalVault, derive, load_master_key
from app.db.engine import Engines
from app.db.unit_of_work import Database
from app.domain.identity.limits import CodeLimits
from app.domain.region.policy import RegionPolicy
from app.ports import Clock, Email, Push, Registry, Sms
from app.runtime import Runtime
from app.settings import Settings
from app.wire.keys import read_set
from services.deliveries.sending import Carriers
from services.documents.checking import Checks
from services.identity.keyring import KeyRing
from services.queue.live import LiveQueues
from services.registry.grounds import ConsentGrounds
from services.registry.keys import MirrorKeys
from services.registry.mirroring import Mirror

T = TypeVar("T")


def build_runtime(settings: Settings, *, clock: Clock | None = None) -> Runtime:
    """Connects nothing yet: the first statement does. Makes the master key and the key folder if need be."""
    if settings.database_url is None:
        raise ValueError("no database: start with `manzil run`, or set MANZIL_DATABASE_URL")
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    master = load_master_key(settings.data_dir / "master.key")
    vault = LocalVault(master, FolderKeyStore(settings.keys_folder, derive(master, "person-keys")))
    engines = Engines(settings.database_url, pool_size=settings.pool_size)
    database = Database(engines, clock or SystemClock(), vault)
    regions = {code: region_policy(settings, code) for code in settings.regions}
    rates = MinuteRates(settings.requests_per_minute, settings.address_requests_per_minute)
    queues, travel = LiveQueues(database, regions), travel_by(settings.osrm_url)
    return Runtime(database, KeyRing(database), regions, rates, queues, travel, objects_of(settings))


async def inside(settings: Settings, task: Callable[[Runtime], Awaitable[T]]) -> T:
    """Does something with a runtime of its own."""
    runtime = build_runtime(settings)
    try:
        return await task(runtime)
    finally:
        await runtime.close()


def region_policy(settings: Settings, code: str) -> RegionPolicy:
    """What `app/rules/regions.toml` says of the region; of one that it does not name, the settings."""
    law = load_regions().get(code)
    zone, jurisdiction = (law.zone, law.jurisdiction) if law else (ZoneInfo(settings.zone), settings.jurisdiction)
    book = load_rulebook(jurisdiction)
    if law and (law.days_off or law.yearly):
        book = replace(book, calendar=replace(book.calendar, days_off=law.days_off, yearly=law.yearly))
    return RegionPolicy(
        code=code,
        zone=zone,
        book=book,
        consents=load_consent_law(jurisdiction),
        feedback=load_feedback_law(jurisdiction),
        hold_for=timedelta(minutes=settings.hold_minutes),
        calendar_days=settings.calendar_days,
        employment=load_employment(jurisdiction),
        name=law.name if law else {"ru": code, "en": code},
        codes=CodeLimits(settings.codes_per_address, settings.tries_per_address, settings.codes_to_unknown),
    )


def objects_of(settings: Settings) -> StoreObjects:
    """Where copies of papers lie: the bucket that is named, else a folder."""
    if settings.documents_bucket is None:
        return in_folder(settings.documents_folder)
    return in_bucket(
        settings.documents_bucket,
        region=settings.documents_s3_region,
        endpoint=settings.documents_s3_endpoint,
        key_id=settings.documents_s3_key_id,
        secret=settings.documents_s3_secret,
    )


def build_checks(settings: Settings) -> Checks:
    """What files that came are checked with."""
    scanner = ClamAv(settings.clamav) if settings.clamav else None
    return Checks(objects_of(settings), ProcessCleaner(), scanner)


def build_mirrors(settings: Settings, runtime: Runtime) -> dict[str, Mirror]:
    """By region: what mirrors to the registry that the settings name. None where they name none."""
    if settings.registry_url is None:
        return {}
    return {
        code: Mirror(
            runtime.database,
            region,
            _registry(settings, settings.registry_url, MirrorKeys(runtime.database, region), runtime.database.clock),
            ConsentGrounds(),
            patience=timedelta(seconds=settings.registry_patience),
        )
        for code, region in runtime.regions.items()
    }


def _registry(settings: Settings, url: str, keys: MirrorKeys, clock: Clock) -> Registry:
    if settings.registry_kind == "queue":
        theirs = _needed(settings.registry_keys, "MANZIL_REGISTRY_KEYS").read_text(encoding="utf-8")
        return QueueRegistry(httpx.AsyncClient(base_url=url), keys.signing, read_set(json.loads(theirs)))
    batches = settings.registry_kind == "batches"
    return HttpRegistry(HttpPosts(url), keys.signing, clock, batches=batches, patience=settings.registry_patience)


def build_carriers(settings: Settings) -> Carriers:
    """Who carries messages out of this process. ValueError where something that the settings ask for is missing."""
    return Carriers(push=_push(settings), sms=sms_gateway(settings), email=_email(settings))


def sms_gateway(settings: Settings) -> Sms:
    """Codes on a terminal are for development: whoever wants them there has to say so."""
    match settings.sms:
        case "console":
            return ConsoleSms(settings.data_dir / "sms.jsonl")
        case "http":
            return HttpSms(_needed(settings.sms_url, "MANZIL_SMS_URL"), settings.sms_body, settings.sms_headers)
    raise ValueError("no SMS gateway: MANZIL_SMS=console prints messages here, as `manzil run` does")


def _push(settings: Settings) -> Push | None:
    match settings.push:
        case "console":
            return ConsolePush(settings.data_dir / "pushes.jsonl")
        case "fcm":
            # Only a worker that sends needs the client, which takes a second to load.
            from app.adapters.fcm import FcmPush  # noqa: PLC0415

            return FcmPush(_needed(settings.fcm_key_file, "MANZIL_FCM_KEY_FILE"), endpoint=settings.fcm_endpoint)
    return None


def _email(settings: Settings) -> Email | None:
    match settings.email:
        case "console":
            return ConsoleEmail(settings.data_dir / "emails.jsonl")
        case "smtp":
            return SmtpEmail(_needed(settings.smtp_url, "MANZIL_SMTP_URL"), settings.email_sender)
    return None


def _needed(value: T | None, name: str) -> T:
    if value is None:
        raise ValueError(f"{name} is not set")
    return value
