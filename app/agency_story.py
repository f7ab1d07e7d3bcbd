"""An agency looks somebody up by its agreement and says why; the person sees it. What is not agreed is refused."""

from pathlib import Path
from typing import Any

import httpx

from app.demo.agencies import officer_of
from app.demo.staff import sign_in_as
from app.phone import Json, Phone, Refused, Staff

KIND = "health"
REASON = {"reason": "Проверка действия медицинского заключения", "case_reference": "17-204/2026"}
Result = dict[str, Any]


class AgencyStory:
    """The officer's part is played with the secrets in this machine's data folder."""

    def __init__(self, client: httpx.Client, phone: Phone, data_dir: Path) -> None:
        self._phone, self._officer, self._data_dir = phone, Staff(client), data_dir

    def look_up(self) -> Result:
        """LookupError when something is refused that is agreed or told that is not, or the person does not see it."""
        sign_in_as(self._officer, self._data_dir, officer_of(KIND))
        station = self._officer.get("/v1/workstation")
        [agreement] = station["agreements"]
        person = {"by": "migrant_id", "migrant_id": self._phone.get("/v1/me")["migrant_id"]}
        asked: Json = {"agreement_id": agreement["agreement_id"], "person": person}
        without = self._refused("/v1/workstation/look-ups", asked)
        listed = self._refused("/v1/workstation/lists", REASON | {"kind": "missed_deadline"})
        told = self._officer.post("/v1/workstation/look-ups", asked | REASON)["fields"]
        if beyond := set(told) - set(agreement["fields"]):
            raise LookupError(f"the agency was told {sorted(beyond)}, which is not agreed")
        entry = next(use for use in self._phone.data_uses() if use["purpose"] == agreement["purpose"])
        if entry["receiver"] != station["name"]["en"]:
            raise LookupError(f"the log says that {entry['receiver']} looked")
        return {
            "agency": station["name"]["ru"],
            "reason": REASON["reason"],
            "told": told,
            "without a reason": without,
            "list of missed deadlines": listed,
            "the person sees": {
                name: entry[name] for name in ("action", "receiver", "purpose", "ground", "system", "actor_role")
            },
        }

    def _refused(self, path: str, body: Json) -> str:
        """The code of the refusal."""
        try:
            self._officer.post(path, body)
        except Refused as refused:
            return refused.code
        raise LookupError(f"{path} was not refused")
