"""What people told a copy, in every way that it might be written, and all places where it might lie in the open."""

import json
import re
import secrets
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import asyncpg
import h3
import httpx
from PIL import Image

from app.adapters.console import newest_message
from app.consent_story import ASKED, TOKEN
from app.demo.seed import ACCOUNTS
from app.demo.staff import STAFF_ACCOUNTS
from app.domain.profiles.mrz import SPECIMEN_TD3, renew
from app.own_data import OwnData
from app.phone import Json, Phone, until
from tests.processes.copies import Copy

PLACE = {"lat": 55.790417, "lon": 49.131873}
HOME = {"lat": 55.783291, "lon": 49.117356}
CONTACTS = {
    "address": "Казань, улица Вишнёвая, дом 26, комната 417",
    "email": "karimova.zarina@pochta.example",
    "messenger": "@zarina_k_1987, после шести вечера",
    "emergency_name": "Рустам Каримов, брат",
    "emergency_phone": "+992927771234",
}
CYRILLIC = {"surname": "Эрикссонова", "given_names": "Зарина"}
WARD = {"surname": "Eriksdotter", "given_names": "Madina"}
NUMBERS = {"inn": "500100732259", "snils": "11223344595"}
SAID = re.compile(rb"^(SMS|E-MAIL) to .*$", re.MULTILINE)
"""What the console shows in place of a telephone: the one who reads it is the person themselves."""
HEX = re.compile(rb"\\\\x((?:[0-9a-f]{2})+)")


@dataclass
class Told:
    """What was told: by what it is, in every way that it might be written."""

    ways: dict[str, set[bytes]] = field(default_factory=dict)

    def add(self, what: str, *texts: str) -> None:
        self.ways.setdefault(what, set()).update(text.casefold().encode() for text in texts)

    def add_place(self, lat: float, lon: float) -> None:
        """To ten metres as text, to the end as the bytes of a number; and the cells that it is in."""
        self.add("place", f"{lat:.4f}", f"{lon:.4f}")
        self.ways["place"] |= {struct.pack(order + "d", value) for order in "<>" for value in (lat, lon)}
        cells = [h3.latlng_to_cell(lat, lon, resolution) for resolution in range(7, 11)]
        self.add("cell", *cells, *(str(int(cell, 16)) for cell in cells))

    def by_walks(self, *walks: dict[str, Any]) -> None:
        """What the specimen person told, and whoever came after them with another passport."""
        for walk in walks:
            self.add("phone", walk["sign-in"]["phone"][1:])
            self.add("document", walk["profile"]["mrz"], walk["profile"]["mrz"][:9])
        self.add("name", "Eriksson", "Anna Maria")
        self.add("number", "ZE184226B")

    def by_staff(self, copy: Copy) -> None:
        for file in (ACCOUNTS, STAFF_ACCOUNTS):
            for account in json.loads((copy.data_dir / file).read_text()):
                self.add("staff", account["password"], account["totp"])
        self.add("staff", (copy.data_dir / TOKEN).read_text())

    def found_in(self, content: bytes) -> list[str]:
        """What of it is there. Texts are looked for whatever their case."""
        folded = content.decode("utf-8", "replace").casefold().encode()
        return sorted(
            f"{what}: {way!r}" for what, ways in self.ways.items() for way in ways if way in folded or way in content
        )


def unfolded(dump: bytes) -> bytes:
    """A dump, and behind it the bytes that it writes as hexadecimal."""
    return dump + b"\n".join([b"", *(bytes.fromhex(found.decode()) for found in HEX.findall(dump))])


async def dumped(schema: str, url: str) -> dict[str, bytes]:
    """Every table of a schema as text, by its name."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = $1::text::regnamespace AND relkind = 'r'", schema
        )
        written = {}
        for (table,) in tables:
            out = BytesIO()
            await connection.copy_from_table(table, schema_name=schema, output=out)
            written[f"{schema}.{table}"] = unfolded(out.getvalue())
        return written
    finally:
        await connection.close()


def in_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def tell_everything(copy: Copy, told: Told) -> Json:
    """A newcomer who leaves nothing out and takes nothing back; their profile."""

    def keep(response: httpx.Response) -> None:
        response.read()
        if response.content and response.headers.get("content-type") == "application/json":
            answer = response.json()
            told.add("token", *(answer[name] for name in ("access_token", "refresh_token") if name in answer))

    number = f"+7900{secrets.randbelow(10**7):07}"
    address, lines = secrets.token_urlsafe(24), renew(SPECIMEN_TD3, f"Y{secrets.randbelow(10**8):08}")
    with httpx.Client(base_url=copy.base_url, timeout=20, event_hooks={"response": [keep]}) as client:
        phone = Phone(client)
        phone.ask_code(number)
        [code] = until(lambda: codes(copy, number), 20, "no code came")
        phone.sign_in(number, code["code"])
        phone.refresh()
        own = OwnData(phone)
        phone.be_reached(address, "ru")
        phone.give_passport(lines)
        profile = phone.give_entry((datetime.now(UTC) - timedelta(days=2)).date(), "work")
        phone.put("/v1/me/names/cyrillic", CYRILLIC)
        phone.put("/v1/me/contacts", CONTACTS)
        phone.post("/v1/me/wards", WARD | {"year": 2017})
        for kind, digits in NUMBERS.items():
            phone.put(f"/v1/me/numbers/{kind}", {"number": digits})
        phone.put("/v1/me/home", HOME)
        phone.plan(dict(HOME))
        for notice in own.notices("ru"):
            if ASKED.get(notice["purpose"], "") == notice["scope"]:
                own.agree(notice)
        own.choose_location(None, 30)
        assert own.share_location(datetime.now(UTC), **PLACE) == ["kept"]
        paper = own.upload("passport", picture := photo(), 2)
        until(lambda: [one] if (one := own.stored(paper))["version"] else [], 20, "not checked in time")
        kept = own.stored_file(paper)
        until(lambda: mirrored(phone), 20, "what was told was not mirrored")
    told.add("phone", number, number[1:], CONTACTS["emergency_phone"][1:])
    told.add("document", lines, *lines.split(), lines.split()[1][:9])
    told.add("name", *CYRILLIC.values(), *WARD.values())
    told.add("number", *NUMBERS.values())
    told.add("free text", *CONTACTS.values(), "Вишнёвая", "zarina")
    told.add("token", address)
    told.add_place(**PLACE)
    told.add_place(**HOME)
    told.ways["picture"] = {picture[200:260], kept[200:260], b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xdb"}
    return profile


def codes(copy: Copy, number: str) -> list[Json]:
    text = newest_message(copy.data_dir / "sms.jsonl", number)
    return [{"code": word} for word in (text or "").split() if word.isdigit() and len(word) == len("000000")]


def mirrored(phone: Phone) -> list[Json]:
    passed = [use for use in phone.data_uses() if use["action"] == "passed_on"]
    return passed if {use["purpose"] for use in passed} == ASKED.keys() else []


def photo() -> bytes:
    out = BytesIO()
    Image.effect_noise((320, 240), 70).convert("RGB").save(out, "JPEG")
    return out.getvalue()
