"""A copy as people meet it who work there: visitors in the hall, a vacancy and whom it suits, complaints, requests."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import h3
import httpx

from app.adapters.console import newest_message
from app.demo.agencies import SECOND_OPERATOR
from app.demo.seed import ACCOUNTS, point_id_of
from app.demo.staff import STAFF_ACCOUNTS
from app.domain.profiles.mrz import build, parse
from app.models.feedback import RatingMonth
from app.own_data import OwnData
from app.phone import Desk, Json, Office, Phone, Staff, until
from app.runtime import Runtime
from benchmarks.told import tell

POINT = "airport-1"
CASE = "17-204/2026"
KAZAN = (55.79, 49.12)
WELDER = "7212"
_SMS_SECONDS = 30
_LINES = "P<UTO{name}\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
_NAMES = ["RAHIMOV<<DALER", "KARIMOVA<<NILUFAR", "TOSHMATOV<<BEKZOD", "ABDYKADYROVA<<AIGUL", "NGUYEN<<VAN<MINH"]
_NAMES += ["HAKOBYAN<<ANAHIT<MARIAM", "SULEYMANOV<<RASHAD", "AHMADI<<FARID<AHMAD", "ISMOILOV<<SHERZOD"]
_SKILLS = [["arc_welding", "technical_drawings"], ["arc_welding"], ["technical_drawings"]]
_COMPLAINTS = [
    ("service", "other", "tg", "Ҳеҷ кас нагуфт, ки тарҷума лозим аст. Ман ду соат интизор шудам."),
    ("labour", "unpaid_wages", "ru", "Бригадир не платит второй месяц и говорит, что заплатит весной."),
    (
        "register_entry",
        "controlled_persons",
        "uz-Latn",
        "Meni roʻyxatga notoʻgʻri kiritishgan, chunki ariza vaqtida edi.",
    ),
]
_MEANS = (41, 38, 36, 40, 43, 44, 42)


@dataclass
class Filled:
    """A copy at `base_url`, whose accounts and messages lie in `data_dir`."""

    base_url: str
    data_dir: Path
    region: str
    manager: tuple[str, str, str] = ("", "", "")

    def account(self, name: str, value: str) -> dict[str, Any]:
        """The demonstration's account with that `role`, `login` or `point`."""
        if (name, value) == ("role", "manager"):
            return dict(zip(("login", "password", "totp"), self.manager, strict=True))
        found = [each for file in (STAFF_ACCOUNTS, ACCOUNTS) for each in json.loads((self.data_dir / file).read_text())]
        return next(each for each in found if each.get(name) == value)

    def fill(self) -> str:
        """People first, then what each who works there has of them. The Migrant ID of one of them."""
        with self._client() as client:
            visitors = [self._visitor(client, name) for name in _NAMES]
            migrant_id: str = visitors[0][0].get("/v1/me")["migrant_id"]
            office = Office(client)
            self._staff(office, "role", "region_operator")
            self._hall(client, office, visitors)
            self._complaints(visitors)
            self._requests(client, migrant_id)
            office.post("/v1/what-ifs", {"point_id": str(point_id_of(self.region, POINT)), "counters": 2})
            self._work(client, [phone for phone, _ in visitors[: len(_SKILLS)]])
        return migrant_id

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=self.base_url, timeout=60) as client:
            yield client

    def _visitor(self, client: httpx.Client, name: str) -> tuple[Phone, Json]:
        """Somebody of that name in a passport who has booked the first time at the point."""
        phone, number = Phone(client), f"+7900{secrets.randbelow(10**7):07}"
        phone.ask_code(number)
        text = until(lambda: newest_message(self.data_dir / "sms.jsonl", number), _SMS_SECONDS, "no SMS came")
        phone.sign_in(number, next(word for word in text.split() if word.isdigit() and len(word) == len("000000")))
        phone.give_passport(_passport(name))
        phone.give_entry((datetime.now(UTC) - timedelta(days=3)).date(), "work")
        point_id = str(point_id_of(self.region, POINT))
        free = next(each for each in phone.free_times("medical") if each["point"]["id"] == point_id)
        return phone, phone.confirm(phone.hold("medical", "medical", point_id, free["starts_at"])["id"])

    def _staff(self, member: Staff, name: str, value: str) -> None:
        account = self.account(name, value)
        member.sign_in(account["login"], account["password"], account["totp"])

    def _hall(self, client: httpx.Client, office: Office, visitors: list[tuple[Phone, Json]]) -> None:
        """One was served, one is; one more is called to another counter, and others wait."""
        desks = [Desk(client), Desk(client)]
        self._staff(desks[0], "point", POINT)
        desks[1].sign_in(*self._invited(office, "clerk"))
        self.manager = self._invited(office, "point_manager")
        counters = [desk.open_counter("medical") for desk in desks]
        for phone, booking in visitors[:6]:
            desks[0].check_in(phone.qr_pass(booking["id"]))
        for last in (False, True):
            ticket = desks[0].call(counters[0])
            if ticket is not None:
                ticket = desks[0].say(ticket, "serve")
            if ticket is not None and not last:
                desks[0].say(
                    ticket,
                    "finish",
                    {"outcome": ticket["allowed"][0]["outcome"], "expires_on": None} if ticket["allowed"] else {},
                )
        desks[1].call(counters[1])
        # Who came without a booking would be called before those who are too early.
        for language in ("tg", "uz-Latn"):
            desks[1].post(
                "/v1/queue/tickets", {"service": "medical", "language": language, "priority": language != "tg"}
            )

    def _invited(self, office: Office, role: str) -> tuple[str, str, str]:
        """Somebody of that role who joins the point: login, password, secret of the authenticator."""
        asked = {"role": role, "login": f"{role}-{secrets.token_hex(3)}@{POINT}"}
        invitation = office.post("/v1/staff", asked | {"point_id": str(point_id_of(self.region, POINT))})
        password = secrets.token_urlsafe(16)
        made = office.post("/v1/auth/enrolments", {"token": invitation["token"], "password": password})
        return made["login"], password, made["totp_secret"]

    def _complaints(self, visitors: list[tuple[Phone, Json]]) -> None:
        for (phone, booking), (kind, matter, language, text) in zip(visitors, _COMPLAINTS, strict=False):
            about = {"booking_id": booking["id"]} if kind == "service" else {}
            phone.post(
                "/v1/me/complaints", {"kind": kind, "matter": matter, "text": text, "language": language} | about
            )

    def _requests(self, client: httpx.Client, migrant_id: str) -> None:
        """One that waits, entered by the second operator."""
        second = Office(client)
        self._staff(second, "login", SECOND_OPERATOR)
        agencies = second.get("/v1/exchange/agencies")["items"]
        today = datetime.now(UTC).date()
        second.post(
            "/v1/lawful-requests",
            {
                "agency_id": next(each["organisation_id"] for each in agencies if each["kind"] == "migration"),
                "ground": "court_order",
                "case_number": CASE,
                "migrant_id": migrant_id,
                "categories": ["name", "citizenship", "visits"],
                "first": today.replace(day=1).isoformat(),
                "last": today.isoformat(),
            },
        )

    def _work(self, client: httpx.Client, phones: list[Phone]) -> None:
        """A vacancy, three whom it suits, and one of them asked."""
        for phone, skills in zip(phones, _SKILLS, strict=True):
            work = {"worked": [{"occupation": WELDER, "years": 2 + len(skills)}], "skills": skills, "shifts": ["day"]}
            phone.put("/v1/me/work-profile", work | {"place": h3.latlng_to_cell(*KAZAN, 6)})
            own = OwnData(phone)
            own.agree(next(each for each in own.notices("ru") if each["purpose"] == "visible_to_employers"))
        employer = Staff(client)
        self._staff(employer, "role", "employer")
        for title in ("Сварщик на завод", "Сварщик на стройку"):
            vacancy = employer.post("/v1/employer/vacancies", _posting(title))
            if title == "Сварщик на завод":
                employer.post(f"/v1/employer/vacancies/{vacancy['id']}/publish")
                found = f"/v1/employer/vacancies/{vacancy['id']}/candidates"
                # The worker finds them.
                cards = until(partial(_items, employer, found), _SMS_SECONDS, "the vacancy suits nobody")
                for card in cards[:2]:
                    employer.post(f"/v1/employer/cards/{card['id']}/request")
        self._yes(phones)

    @staticmethod
    def _yes(phones: list[Phone]) -> None:
        """Of the first of those who were asked for their contacts."""
        for phone in phones:
            for asked in phone.get("/v1/me/employer-requests")["items"]:
                notices = OwnData(phone).notices("ru")
                notice = next(each for each in notices if each["scope"] == asked["vacancy_id"])
                seen = {"language": notice["language"], "sha256": notice["sha256"]}
                phone.post(f"/v1/me/employer-requests/{asked['id']}/accept", seen)
                return


async def put_figures(runtime: Runtime) -> None:
    """What was told of the region until today, and ratings of the point by month."""
    region = next(iter(runtime.regions.values()))
    today = region.day_of(runtime.database.clock.now())
    await tell(runtime, region, today)
    async with runtime.database.writing(region) as uow:
        for at, mean in enumerate(_MEANS):
            month = date(today.year - 1, 5 + at, 1)
            rated = {"month": month, "people": 12 + 3 * at, "mean": Decimal(mean) / 10}
            uow.session.add(RatingMonth(point_id=point_id_of(region.code, POINT), **rated))


def _items(member: Staff, path: str) -> list[Json]:
    found: list[Json] = member.get(path)["items"]
    return found


def _passport(name: str) -> str:
    lines = _LINES.format(name=name.ljust(39, "<"))
    return build(replace(parse(lines), number=f"X{secrets.randbelow(10**8):08}"))


def _posting(title: str) -> Json:
    today = datetime.now(UTC).date()
    return {
        "title": title,
        "description": "Сварка металлоконструкций по чертежам, спецодежда и обучение за счёт завода.",
        "occupationalCategory": WELDER,
        "skills": ["arc_welding", "technical_drawings"],
        "workHours": ["day"],
        "employmentType": "FULL_TIME",
        "jobLocation": {"geo": {"latitude": KAZAN[0], "longitude": KAZAN[1]}, "address": {"addressLocality": "Казань"}},
        "baseSalary": {"currency": "RUB", "value": {"minValue": 80000, "maxValue": 110000, "unitText": "MONTH"}},
        "validThrough": (today + timedelta(days=60)).isoformat(),
        "jobStartDate": (today + timedelta(days=60)).isoformat(),
        "totalJobOpenings": 3,
        "experienceRequirements": {"monthsOfExperience": 24},
        "languageRequirements": [],
    }
