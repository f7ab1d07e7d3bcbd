"""The `manzil` command: composition root of all that is started by hand.

A command imports what it works with when it runs: `manzil doctor` need not wait for a web framework.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.memory import collect_rarely, keep_what_is_loaded

if TYPE_CHECKING:
    from app.adapters.embedded import EmbeddedPostgres
    from app.demo.seed import Clerk
    from app.runtime import Runtime
    from app.settings import Settings
    from services.staff.commands import Invitation

collect_rarely()
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console(stderr=True)


def _settings() -> Settings:
    from app.settings import Settings

    return Settings()


def fail(message: str) -> typer.Exit:
    console.print(f"[red]{message}")
    return typer.Exit(1)


@contextmanager
def _database(settings: Settings) -> Iterator[tuple[Settings, str, EmbeddedPostgres | None]]:
    """Settings with a database that answers, its owner's URL, and the server if we manage it.

    The one that is set; else the embedded one, ours for as long as this lasts, or that of a `manzil run` beside us.
    """
    from app.adapters.embedded import AlreadyRunning, EmbeddedPostgres
    from app.adapters.embedded_layout import EmbeddedError

    if settings.database_url is not None:
        yield settings, settings.owner_database_url or settings.database_url, None
        return
    embedded = EmbeddedPostgres(settings.data_dir)
    try:
        urls, ours = embedded.start(), embedded
    except AlreadyRunning:
        try:
            urls, ours = embedded.attach(), None
        except EmbeddedError as error:
            raise fail(f"{error}. Another `manzil` is starting or stopping there: try again in a moment.") from None
    except EmbeddedError as error:
        raise fail(str(error)) from None
    try:
        yield settings.model_copy(update={"database_url": urls.app}), urls.owner, ours
    finally:
        embedded.stop()


@app.command()
def run() -> None:
    """Everything in one terminal: database, migrations, demonstration region, API and worker. Ctrl-C stops it."""
    from app.demo import pushes
    from app.greeting import greet
    from app.running import mirror_environment
    from app.supervisor import Supervisor, is_free
    from migrations.run import upgrade

    settings = _settings()
    if not is_free(settings.host, settings.port):
        raise fail(f"Port {settings.port} is taken. Set MANZIL_PORT to another.")
    console.print("Starting the database …")
    with _database(settings) as (ready, owner_url, embedded):
        if embedded is None and settings.database_url is None:
            raise fail(f"Another `manzil run` uses {settings.data_dir}. Set MANZIL_DATA_DIR to another folder.")
        console.print("Migrating …")
        asyncio.run(upgrade(owner_url, ready.regions, app_url=ready.database_url))
        clerks = _seed(ready)
        ours = {} if settings.push else pushes.settings(settings.data_dir)
        console_only = {"MANZIL_SMS": "console", "MANZIL_EMAIL": "console"}
        registry_url = embedded.urls().registry if embedded else os.environ.get("MANZIL_REGISTRY_DATABASE_URL")
        mirrored = mirror_environment(ready, _address(settings), registry_url) if registry_url else {}
        env = {**console_only, **mirrored, **os.environ, **ours, "MANZIL_DATABASE_URL": ready.database_url or ""}
        said = _address(settings), settings.data_dir, clerks, console
        threading.Thread(target=greet, args=said, daemon=True).start()
        beside = [*(["pushes"] if ours else []), *(["registry"] if mirrored else [])]
        Supervisor([*beside, "api", "worker"], env, embedded, console).run()
        console.print("Stopping …")
    console.print("Stopped. The data is kept for the next run.")


def _address(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.port}"


def _seed(settings: Settings) -> list[Clerk]:
    from app.assembly import build_runtime
    from app.demo.fill import fill

    return asyncio.run(fill(lambda: build_runtime(settings), settings.data_dir, console))


@app.command()
def migrate() -> None:
    """Brings the database of every region to the newest revision."""
    from migrations.run import upgrade

    with _database(_settings()) as (ready, owner_url, _):
        asyncio.run(upgrade(owner_url, ready.regions, app_url=ready.database_url))
    console.print("The database is up to date.")


@app.command()
def seed() -> None:
    """Fills the first region with the demonstration points and clerks. Safe to repeat."""
    with _database(_settings()) as (ready, _, _):
        clerks = _seed(ready)
    console.print(f"{len(clerks)} points with their clerks are there.")


@app.command()
def demo(who: Annotated[str, typer.Argument(help="part of a login or a role")] = "") -> None:
    """Who can sign in to the demonstration's pages, with the codes of this moment; and a passport of nobody."""
    from app.demo.people import NoDemo, show

    settings = _settings()
    try:
        show(_address(settings), settings.data_dir, Console(), who)
    except NoDemo:
        raise fail(f"No demonstration in {settings.data_dir}: `manzil run` makes it.") from None


@app.command()
def operator(login: str) -> None:
    """Invites LOGIN as a region operator: each of the first two, or one who lost password and authenticator."""
    from app.assembly import inside
    from services.staff.commands import invite_operator
    from services.staff.errors import LoginTaken

    async def invite(runtime: Runtime) -> Invitation:
        async with runtime.database.writing(next(iter(runtime.regions.values()))) as uow:
            return await invite_operator(uow, login)

    with _database(_settings()) as (ready, _, _):
        try:
            made = asyncio.run(inside(ready, invite))
        except LoginTaken as error:
            raise fail(error.title["en"]) from None
    console.print(f"For {made.login} alone, once, until {made.expires_at:%Y-%m-%d %H:%M} UTC:")
    console.print("POST /v1/auth/enrolments with their password (12 characters or more) and this token:")
    print(made.token)


@app.command()
def api() -> None:
    """The API processes (MANZIL_API_PROCESSES of them). Needs MANZIL_DATABASE_URL."""
    from app.serving import serve
    from app.supervisor import end_with_parent

    end_with_parent()
    settings = _given_database()
    serve(settings.host, settings.port, settings.api_processes)


@app.command()
def worker() -> None:
    """The worker: relays events, lets holds expire, seals the audit chains. Needs MANZIL_DATABASE_URL."""
    from app.supervisor import end_with_parent
    from app.worker import run

    end_with_parent()
    keep_what_is_loaded()
    try:
        run(_given_database())
    except ValueError as error:
        raise fail(str(error)) from None


@app.command()
def registry() -> None:
    """The reference regional registry. Needs MANZIL_REGISTRY_DATABASE_URL, a database of its own."""
    from app.supervisor import end_with_parent
    from registry.serve import serve

    end_with_parent()
    serve()


@app.command(hidden=True)
def pushes() -> None:
    """In place of Firebase, for the demonstration: `manzil run` starts it."""
    from app.demo.pushes import serve_pushes

    serve_pushes(_settings().data_dir)


def _given_database() -> Settings:
    settings = _settings()
    if settings.database_url is None:
        raise fail("No database: set MANZIL_DATABASE_URL, or start everything with `manzil run`.")
    return settings


Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command()
def doctor(as_json: Json = False) -> None:
    """Is the data whole? Exits with 1 if not."""
    from app.assembly import inside
    from app.doctor import examine

    with _database(_settings()) as (ready, _, _):
        findings = asyncio.run(inside(ready, examine))
    for finding in findings:
        print(json.dumps(asdict(finding)) if as_json else finding.told())
    if any(finding.faults for finding in findings):
        raise typer.Exit(1)


@app.command()
def reconcile() -> None:
    """Compares what is mirrored with the regional registry, and mends what differs. Ends with 0 if all agree, 1 if
    something differed, 2 if the registry does not answer.
    """
    from app.assembly import build_mirrors, inside
    from app.reconcile import reconcile as compare

    with _database(_settings()) as (ready, _, _):
        told, found = asyncio.run(inside(ready, lambda runtime: compare(build_mirrors(ready, runtime))))
    print(told)
    raise typer.Exit(found)


@app.command()
def walkthrough(
    as_json: Json = False,
    url: Annotated[str | None, typer.Option(help="the server; this copy's by default")] = None,
    patience: Annotated[float, typer.Option(help="seconds that an SMS may take")] = 15,
    no_consent: Annotated[bool, typer.Option("--no-consent", help="every consent is refused")] = False,
) -> None:
    """Walks the main job as a phone and a clerk would, over HTTP, against a running server."""
    from app.walkthrough import servers, walk

    settings = _settings()
    where = servers(url or _address(settings), settings.registry_url, settings.data_dir)
    if not walk(where, settings.data_dir, as_json=as_json, patience=patience, consent=not no_consent):
        raise typer.Exit(1)


@app.command()
def openapi() -> None:
    """Prints the OpenAPI document."""
    from app.main import create_app
    from app.openapi import render

    print(render(create_app()), end="")


@app.command()
def bench(names: list[str], as_json: Json = False) -> None:
    """Measures NAMES (`booking`, `search`) on a server of its own, each against a ceiling in the same run."""
    from benchmarks.run import run_benchmarks

    run_benchmarks(names, as_json=as_json)


@app.command()
def simulate(
    as_json: Json = False,
    full: Annotated[bool, typer.Option("--full", help="The whole scenario: several minutes.")] = False,
    scenario: Annotated[Path | None, typer.Option(help="A file of the form of app/simulation/scenario.json.")] = None,
) -> None:
    """Plays a season of arrivals with the planner, the queue and the booking rules, beside rivals and a lower bound."""
    from app.simulation.scenario import ScenarioError
    from app.simulation.show import simulate as play

    try:
        play(scenario, full=full, as_json=as_json)
    except ScenarioError as error:
        raise fail(str(error)) from None


if __name__ == "__main__":
    app()
