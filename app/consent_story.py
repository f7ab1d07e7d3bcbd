"""What a newcomer lets leave, and takes back: consents in Tajik, a paper, a place, the same at the regional registry.

The region's part is played by the reader whose token the registry of this machine's data folder keeps.
"""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import h3
import httpx
from PIL import Image

from app.domain.registry.mirror import source_of
from app.own_data import OwnData
from app.phone import Json, Phone, Refused, until
from app.wire.keys import read_set
from app.wire.receipts import ReceiptError, read

TAJIK = "tg"
PAPER = "passport"
PLACE = {"lat": 55.7887, "lon": 49.1221}
CELL = 7
"""H3 resolution: a part of a town."""
ASKED = {"mirror_document": PAPER, "mirror_location": None}
TOKEN = Path("registry") / "reader.token"
REGISTRY = "regional_registry"
Result = dict[str, Any]
_GPS = 0x8825
_PARTS = 2


class Region:
    """A reader of the regional registry."""

    def __init__(self, client: httpx.Client, token: str, source: str) -> None:
        self._client, self._source = client, source
        self._headers = {"Authorization": f"Bearer {token}"}

    def records(self, subject: str) -> list[Json]:
        """What is held of somebody, asked for a purpose, as a registry's clerk has to."""
        asked = {"source": self._source, "purpose": "migration_registration"}
        return cast(list[Json], self._get(f"/v1/people/{subject}", asked)["records"])

    def uses(self, subject: str) -> list[Json]:
        """Who read of them there."""
        return cast(list[Json], self._get(f"/v1/people/{subject}/uses", {"source": self._source})["uses"])

    def proves(self, receipt: str) -> Json:
        """What a receipt of the registry states. LookupError if its signature does not hold."""
        try:
            return read(receipt, read_set(self._get("/.well-known/jwks.json", {})))
        except ReceiptError:
            raise LookupError("the receipt of an erasure does not verify") from None

    def _get(self, path: str, asked: dict[str, str]) -> Json:
        answer = self._client.get(path, params=asked, headers=self._headers)
        if answer.is_error:
            raise Refused(answer)
        return cast(Json, answer.json())


class ConsentStory:
    """Each step does one thing and tells of it; LookupError when it did not happen as it should."""

    def __init__(self, phone: Phone, registry: httpx.Client, data_dir: Path, patience: float) -> None:
        self._own, self._registry = OwnData(phone), registry
        self._data_dir, self._patience = data_dir, patience
        self._consents: dict[str, str] = {}
        self._paper = ""
        self._region: Region | None = None
        self._subject = ""

    def consent(self) -> Result:
        """Two of them, each read in Tajik and answered by the hash of what was read. Each has a receipt."""
        shown = {}
        for notice in self._own.notices(TAJIK):
            if ASKED.get(notice["purpose"], "") != notice["scope"]:
                continue
            if hashlib.sha256(notice["text"].encode()).hexdigest() != notice["sha256"]:
                raise LookupError(f"the hash of {notice['purpose']} is not of the text that was shown")
            given = self._own.agree(notice)
            self._consents[notice["purpose"]] = given["id"]
            shown[notice["purpose"]] = {part: notice[part] for part in ("title", "text", "language", "sha256")}
            if not (given["live"] and self._own.receipt_holds(given["id"])):
                raise LookupError(f"no good receipt of {notice['purpose']}")
        if shown.keys() != ASKED.keys():
            raise LookupError(f"the notices offered are {sorted(shown)}")
        return {"given": shown}

    def upload(self) -> Result:
        """A photo of the passport in two parts; where it was taken is gone from what is kept."""
        photo = _photo()
        self._paper = self._own.upload(PAPER, photo, _PARTS)

        def kept() -> list[Json]:
            found = self._own.stored(self._paper)
            if refused := [file["refusal"] for each in found["versions"] for file in each["files"] if file["refusal"]]:
                raise LookupError(f"the photo was refused: {refused}")
            return [found] if found["version"] else []

        until(kept, self._patience, "the photo was not checked in time")
        cleaned = Image.open(io.BytesIO(self._own.stored_file(self._paper))).getexif()
        if not Image.open(io.BytesIO(photo)).getexif().get_ifd(_GPS) or cleaned.get_ifd(_GPS):
            raise LookupError("the photo still tells where it was taken")
        return {"kind": PAPER, "parts": _PARTS, "bytes": len(photo), "gps": "dropped"}

    def location(self) -> Result:
        """Once, as a cell: the exact place is not kept."""
        self._own.choose_location(CELL, 30)
        verdicts = self._own.share_location(datetime.now(UTC), **PLACE)
        kept = self._own.locations()
        cell = h3.latlng_to_cell(PLACE["lat"], PLACE["lon"], CELL)
        if verdicts != ["kept"] or [(each["cell"], each["lat"]) for each in kept] != [(cell, None)]:
            raise LookupError(f"the location was {verdicts}, and what is kept is {len(kept)} samples")
        return {"cell": cell, "resolution": CELL, "exact": "not kept"}

    def registry(self) -> Result:
        """Both, as the region reads them; that it read, and what for, stands in its log, and comes back into mine."""
        if not (self._data_dir / TOKEN).exists():
            return {"not looked at": "this copy has no regional registry beside it"}
        region = self._region = Region(self._registry, (self._data_dir / TOKEN).read_text(), self._whose())

        def both() -> bool:
            return self.told(self._own.data_uses(), whole=False).keys() == ASKED.keys()

        until(both, self._patience, "my log does not tell that both were passed on")
        held = region.records(self._subject)
        if (kinds := {one["kind"] for one in held}) != {"document", "location"}:
            raise LookupError(f"the registry holds {kinds}")
        uses = region.uses(self._subject)

        def told() -> list[Json]:
            return [use for use in self._own.data_uses() if (use["action"], use["system"]) == ("used", REGISTRY)]

        mine = until(told, self._patience, "my log does not tell who read at the registry")
        return {
            "document": next(one["content"] for one in held if one["kind"] == "document"),
            "location": next(one["content"] for one in held if one["kind"] == "location"),
            "ground": held[0]["ground"],
            "read_for": uses[0]["purpose"],
            "my_log_tells": {name: mine[0][name] for name in ("at", "purpose", "ground", "receiver", "system")},
        }

    def _whose(self) -> str:
        """Under which pseudonym one is known there stands in the export of everything about oneself."""

        def mirrored() -> list[Json]:
            export = zipfile.ZipFile(io.BytesIO(self._own.export()))
            people: list[Json] = json.loads(export.read("registry.json"))["mirror_people"]
            return [each | json.loads(export.read("about.json")) for each in people]

        [mine] = until(mirrored, self._patience, "nothing was mirrored")
        self._subject = mine["subject"]
        return source_of(mine["region"])

    def withdraw(self) -> Result:
        """By one call each."""
        ended = {purpose: self._own.withdraw(consent)["status"] for purpose, consent in self._consents.items()}
        try:
            self._own.share_location(datetime.now(UTC), **PLACE)
        except Refused as refused:
            if refused.code != "no_consent":
                raise
            return ended | {"another location": "refused"}
        raise LookupError("a location was taken after the withdrawal")

    def gone(self) -> Result:
        """Nothing is held there any more, and its signed receipts prove it."""
        if self._region is None:
            return {"not looked at": "this copy has no regional registry beside it"}

        def proven() -> list[Json]:
            found = self._own.erasures()
            return found if len(found) == len(self._consents) and all(each["receipt"] for each in found) else []

        erasures = until(proven, self._patience, "no receipts of the erasure came")
        stated = {each["consent_id"]: self._region.proves(each["receipt"]) for each in erasures}
        if stated.keys() != set(self._consents.values()):
            raise LookupError(f"there are receipts of {len(stated)} consents")
        if held := self._region.records(self._subject):
            raise LookupError(f"the registry still holds {[one['kind'] for one in held]}")
        return {"held": 0, "receipts": list(stated.values())}

    def told(self, uses: list[Json], *, whole: bool = True) -> Result:
        """To whom what was passed on, as one's log tells it; `whole`: all of it has to be there."""
        passed = {
            use["purpose"]: f"{use['receiver']}, {use['system']}"
            for use in uses
            if use["action"] == "passed_on" and use["purpose"] in ASKED
        }
        if whole and self._region is not None and passed.keys() != ASKED.keys():
            raise LookupError(f"the log tells of what was passed on: {sorted(passed)}")
        return passed


def _photo() -> bytes:
    """As a phone takes it: with where it was taken."""
    exif = Image.Exif()
    exif[_GPS] = {1: "N", 2: (55.0, 47.0, 19.3), 3: "E", 4: (49.0, 7.0, 19.6)}
    out = io.BytesIO()
    Image.effect_noise((320, 220), 60).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()
