"""`match.http`: one vacancy's list of 20 by one client, against an empty endpoint of the same server, one client too.

10⁵ people may be found. Every view is looked up for consent, and logged for whoever is shown. The empty endpoint is
GET /health/live. Consents are put where they stand, without the ledger that leads there, of which a list reads nothing.
"""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import h3
import httpx
import numpy as np

from app.adapters.keystore import FolderKeyStore
from app.adapters.vault import LocalVault, derive, load_master_key
from app.db.bulk import copy_rows
from app.domain.consents.purposes import ConsentPurpose
from app.domain.employers.companies import CompanyStatus
from app.domain.employers.profile import WorkProfile
from app.domain.employers.skills import SKILLS
from app.domain.employers.vacancies import Employment, Pay, PayUnit, Posting, VacancyStatus
from app.domain.identity.caller import Caller, Role
from app.domain.matching.terms import Level, Shift, Worked
from app.models.employers import Company, VacancyRow
from app.runtime import Runtime
from app.settings import Settings
from benchmarks.copy import Copy, Say, free_port, start_api
from benchmarks.figures import BenchSettings, Figure, extras, in_turns
from benchmarks.load import HOST, BenchError, Job, Load, put_load, request
from benchmarks.world import add_people, id_of
from services.employers.postings import dump_posting, dump_profile
from services.employers.profiles import FIELD

GOAL = 1 / 20
_SHOWN = 20
_FIRST, FOUND, VACANCIES = 50_000_000, 100_000, 1_000
_AT_ONCE = 5_000
_COLUMNS = (
    *("person_id", "sealed", "changed_at", "visible", "allowed_from", "sure", "names_work", "log_seq", "reckoned_on"),
)
CONSENTS = f"""
    INSERT INTO consent_states (person_id, purpose, scope, consent_id, seq, status, since, expires_at)
    SELECT person_id, '{ConsentPurpose.VISIBLE_TO_EMPLOYERS}', '', md5('consent:' || person_id)::uuid, 2,
        'given', now(), now() + interval '90 days' FROM work_profiles
"""  # noqa: S608 — ours, all of it
_PLACE = (55.79, 49.12)
_WORK = ("7212", "7126", "5120", "9313")


def measure_lists(copy: Copy, options: BenchSettings, say: Say) -> Figure:
    say(f"match.http: {FOUND} people who may be found …")
    begun = time.monotonic()
    wire = copy.inside(partial(_prepare, copy.settings))
    copy.as_owner(CONSENTS, "VACUUM (ANALYZE)")
    prepared = time.monotonic() - begun
    with ExitStack() as stack:
        say("match.http: a process that has just begun …")
        begun, port = time.monotonic(), free_port()
        start_api(stack, copy.settings, port)
        ready = time.monotonic() - begun
        waits = _see_a_list(port, wire)
        looked = time.monotonic() - begun - ready

        def load(asked: str, seconds: float = options.seconds) -> Load:
            return put_load(Job([port], 1, seconds, 200, [asked], again=True))

        load(wire, 2.0)
        empty = request("GET", "/health/live")
        loads, ceilings = in_turns(options.rounds, lambda _: load(wire), lambda _: load(empty).rate, say)
    return Figure(
        name="match.http",
        value=statistics.median(load.rate for load in loads),
        unit="lists/s",
        ceiling=statistics.median(ceilings),
        goal=GOAL,
        extra=extras(loads, ceilings, 1, 1)
        | {
            "found": FOUND,
            "vacancies": VACANCIES,
            "shown": _SHOWN,
            "prepare_seconds": round(prepared, 1),
            "ready_seconds": round(ready, 1),
            "first_look_seconds": round(looked, 1),
            "others_meanwhile_ms": {
                "requests": len(waits),
                **{f"p{part}": round(1000 * float(np.percentile(waits, part)), 1) for part in (50, 95, 99, 100)},
            },
        },
    )


def _see_a_list(port: int, wire: str) -> list[float]:
    """The first list of this process; how long others waited meanwhile, for an answer that asks the database."""
    head, *_ = wire.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers, waits = dict(line.split(": ", 1) for line in lines), []
    with ThreadPoolExecutor(1) as beside, httpx.Client(base_url=f"http://{HOST}:{port}", timeout=60) as client:
        asked = beside.submit(httpx.get, f"http://{HOST}:{port}{first.split()[1]}", headers=headers, timeout=120)
        while not asked.done():
            begun = time.monotonic()
            client.get("/health/ready").raise_for_status()
            waits.append(time.monotonic() - begun)
            time.sleep(0.01)
        answer = asked.result()
    if answer.status_code != httpx.codes.OK or len(answer.json()["items"]) != _SHOWN:
        raise BenchError(f"no list, but {answer.status_code}: {answer.text[:500]}")
    return waits


class _Keys(FolderKeyStore):
    """Without waiting for the disk: nothing of a copy outlives its benchmark."""

    async def create(self, person_id: UUID) -> bytes:
        path, wrapped = self._path(person_id), self._new(person_id)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(wrapped)
        return self._opened(person_id, wrapped)


async def _prepare(settings: Settings, runtime: Runtime) -> str:
    """People who may work already and agreed to be found, a company and its vacancy; the request for its list."""
    region, now = next(iter(runtime.regions.values())), runtime.database.clock.now()
    await add_people(runtime, _FIRST, FOUND, with_profiles=True)
    company, vacancy = id_of("company", 0), id_of("http-vacancy", 0)
    async with runtime.database.writing(region) as uow:
        uow.session.add(_company(company, now))
        await uow.session.flush()
        uow.session.add_all(_vacancy(number, company, now) for number in range(VACANCIES))
    master = load_master_key(settings.data_dir / "master.key")
    vault = LocalVault(master, _Keys(settings.keys_folder, derive(master, "person-keys")))
    for first in range(_FIRST, _FIRST + FOUND, _AT_ONCE):
        rows = [await _sealed(vault, number) for number in range(first, first + _AT_ONCE)]
        async with runtime.database.writing(region) as uow:
            said = [(*row, uow.now, True, now.date(), 100, False, 0, now.date()) for row in rows]
            await copy_rows(uow, "work_profiles", _COLUMNS, said)
    employer = Caller(id_of("hr", 0), Role.EMPLOYER, id_of("hr-session", 0), organisation_id=company)
    token = await runtime.keyring.issue(region, employer, now)
    return request("GET", f"/v1/employer/vacancies/{vacancy}/candidates", Authorization=f"Bearer {token}")


async def _sealed(vault: LocalVault, number: int) -> tuple[UUID, bytes]:
    person = id_of("person", number)
    return person, await vault.seal(person, FIELD, dump_profile(_profile(number)))


def _profile(number: int) -> WorkProfile:
    skills = sorted(SKILLS)
    return WorkProfile(
        worked=(Worked(_WORK[number % len(_WORK)], number % 9),),
        skills=tuple(skills[(number + each * each) % len(skills)] for each in range(4)),
        place=h3.latlng_to_cell(_PLACE[0] + number % 40 / 100, _PLACE[1], 6),
        shifts=(list(Shift)[number % 3],),
        languages=(("ru", Level(number % 6 + 1)),),
    )


def _company(company_id: UUID, now: datetime) -> Company:
    return Company(
        id=company_id,
        number_kind="inn",
        number="7707083893",
        name={"ru": "Завод", "en": "Works"},
        contact_sealed=b"",
        status=CompanyStatus.APPROVED,
        applied_at=now,
        decided_at=now,
        decided_by=company_id,
    )


def _vacancy(number: int, company_id: UUID, now: datetime) -> VacancyRow:
    today = now.date()
    posting = Posting(
        title="Сварщик на завод",
        description="Сварка металлоконструкций по чертежам.",
        occupation=_WORK[number % len(_WORK)],
        place=_PLACE,
        locality="Казань",
        employment=next(iter(Employment)),
        shifts=(Shift.DAY,),
        pay=Pay("RUB", 80_000, None, PayUnit.MONTH),
        start=today + timedelta(days=number % 30),
        valid_through=today + timedelta(days=60),
        skills=tuple(sorted(SKILLS)[number % 7 :][:4]),
        years=2,
    )
    return VacancyRow(
        id=id_of("http-vacancy", number),
        company_id=company_id,
        status=VacancyStatus.PUBLISHED,
        posting=dump_posting(posting),
        valid_through=posting.valid_through,
        created_at=now,
        changed_at=now,
        published_at=now,
    )
