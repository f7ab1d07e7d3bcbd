"""A phone's calls about one's own consents, papers and places, and what was made of them."""

import base64
import hashlib
from datetime import datetime
from typing import cast

from app.phone import Json, Phone

_TUS = {"Tus-Resumable": "1.0.0"}


class OwnData:
    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    def notices(self, language: str) -> list[Json]:
        """What can be asked, with the text to show in that language."""
        return cast(list[Json], self._phone.get_in(language, "/v1/me/consents/notices")["items"])

    def agree(self, notice: Json) -> Json:
        """Yes to what was shown; the hash of its text says what it was."""
        return cast(Json, self._phone.post("/v1/me/consents", _answer(notice)))

    def refuse(self, notice: Json) -> Json:
        return cast(Json, self._phone.post("/v1/me/consents/refusals", _answer(notice)))

    def withdraw(self, consent_id: str) -> Json:
        return cast(Json, self._phone.post(f"/v1/me/consents/{consent_id}/withdraw"))

    def consents(self) -> list[Json]:
        return cast(list[Json], self._phone.get("/v1/me/consents")["items"])

    def data_uses(self) -> list[Json]:
        return self._phone.data_uses()

    def receipt_holds(self, consent_id: str) -> bool:
        """Whether the region's receipt of it says, verified, what it says unsigned."""
        receipt = self._phone.get(f"/v1/me/consents/{consent_id}/receipt")
        verified = self._phone.post("/v1/receipts/verify", {"signed": receipt["signed"]})
        return bool(verified["valid"] and verified["receipt"] == receipt["receipt"])

    def upload(self, kind: str, content: bytes, parts: int) -> str:
        """A paper of one page, by tus in so many parts, each asked for where the one before has ended; its id."""
        document: Json = self._phone.post("/v1/me/stored-documents", {"kind": kind})
        told = base64.b64encode(document["id"].encode()).decode()
        made = {"Upload-Length": str(len(content)), "Upload-Metadata": f"document {told}"}
        where = self._phone.send("POST", "/v1/me/uploads", _TUS | made).headers["location"]
        size = -(-len(content) // parts)
        while (here := int(self._phone.send("HEAD", where, _TUS).headers["upload-offset"])) < len(content):
            part = content[here : here + size]
            checksum = base64.b64encode(hashlib.sha256(part).digest()).decode()
            said = {"Upload-Offset": str(here), "Upload-Checksum": f"sha256 {checksum}"}
            said["Content-Type"] = "application/offset+octet-stream"
            self._phone.send("PATCH", where, _TUS | said, part)
        return str(document["id"])

    def stored(self, document_id: str) -> Json:
        return cast(Json, self._phone.get(f"/v1/me/stored-documents/{document_id}"))

    def stored_file(self, document_id: str) -> bytes:
        """Its first page as it is kept."""
        return self._phone.send("GET", f"/v1/me/stored-documents/{document_id}/files/1", {}).content

    def choose_location(self, resolution: int | None, keep_days: int) -> None:
        """Without a resolution: the exact place is kept."""
        self._phone.put("/v1/me/location-choices", {"resolution": resolution, "keep_days": keep_days})

    def share_location(self, at: datetime, lat: float, lon: float) -> list[str]:
        """What became of it."""
        sample = {"at": at.isoformat(), "lat": lat, "lon": lon, "accuracy": 12.0, "source": "gps"}
        return cast(list[str], self._phone.post("/v1/me/locations", {"samples": [sample]})["results"])

    def locations(self) -> list[Json]:
        return cast(list[Json], self._phone.get("/v1/me/locations")["items"])

    def export(self) -> bytes:
        """Everything about oneself: a ZIP."""
        return self._phone.send("GET", "/v1/me/export", {}).content

    def erasures(self) -> list[Json]:
        """What the regional registry was told to erase, and its receipts."""
        return cast(list[Json], self._phone.get("/v1/me/erasures")["items"])


def _answer(notice: Json) -> Json:
    return {name: notice[name] for name in ("purpose", "scope", "language", "sha256")}
