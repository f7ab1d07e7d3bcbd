"""A vacancy, somebody who fits it, a request in their language, their yes, their contacts, and no longer.

The employer's part is played by the account that the demonstration's data folder keeps. Skills are drawn anew for each
walk, so that among people of earlier walks this one is found.
"""

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import h3
import httpx

from app.demo.staff import sign_in_as
from app.domain.employers.skills import SKILLS
from app.own_data import OwnData
from app.phone import Json, Phone, Refused, Staff, until

UZBEK = "uz-Latn"
PLACE = (55.7887, 49.1221)
CELL = 6
"""H3 resolution: a town."""
WELDER = "7212"
_SKILLS = 6
Result = dict[str, Any]


class EmployerStory:
    """Each step does one thing and tells of it; LookupError when it did not happen as it should."""

    def __init__(self, phone: Phone, client: httpx.Client, data_dir: Path, patience: float) -> None:
        self._phone, self._own, self._data_dir, self._patience = phone, OwnData(phone), data_dir, patience
        self._number = ""
        self._personal: list[str] = []
        self._heard: list[str] = []
        self._employer = Staff(client, self._heard)
        self._skills = sorted(secrets.SystemRandom().sample(sorted(SKILLS), _SKILLS))
        self._visible, self._revealed = "", ""
        self._vacancy: Json = {}
        self._card: Json = {}

    def whose(self, number: str, personal: list[str]) -> None:
        """Who walks: what no answer to the employer may hold before the yes."""
        self._number, self._personal = number, [number, *personal]

    def work(self) -> Result:
        """What one has worked, in codes, and the yes to being found."""
        profile = {
            "worked": [{"occupation": WELDER, "years": 6}],
            "skills": self._skills,
            "place": h3.latlng_to_cell(*PLACE, CELL),
            "shifts": ["day"],
            "languages": [{"language": UZBEK, "level": "C2"}, {"language": "ru", "level": "B1"}],
        }
        told = self._phone.put("/v1/me/work-profile", profile)
        notice = self._notice("visible_to_employers", None)
        self._visible = self._own.agree(notice)["id"]
        return {"may work": told["allowed"], "asked": notice["title"], "language": notice["language"]}

    def vacancy(self) -> Result:
        """A text that leaves people out is stopped; the next one is published."""
        sign_in_as(self._employer, self._data_dir, "employer@demo")
        made = self._employer.post("/v1/employer/vacancies", self._posting("Мужчины 20–35 лет, славянская внешность."))
        path = f"/v1/employer/vacancies/{made['id']}"
        try:
            self._employer.post(f"{path}/publish")
        except Refused as refused:
            if refused.code != "vacancy_refused":
                raise
        else:
            raise LookupError("a vacancy for men of one kind was published")
        fair = self._posting("Сварка рам по чертежам. Спецодежда, обучение и обеды за счёт завода.")
        self._employer.put(path, {"version": made["version"], "posting": fair})
        self._vacancy = self._employer.post(f"{path}/publish")
        posting = self._vacancy["posting"]
        return {"title": posting["title"], "occupation": posting["occupationalCategory"], "skills": posting["skills"]}

    def card(self) -> Result:
        """Who fits: a card without a name. Whether that is one's own, one knows by one's skills alone."""

        def mine() -> list[Json]:
            found = self._employer.get(f"/v1/employer/vacancies/{self._vacancy['id']}/candidates")["items"]
            return [card for card in found if card["skills"] == self._skills]

        self._card = until(mine, self._patience, "no card of the person is in the list")[0]
        self._nothing_told()
        parts = {part["about"]: f"{part['points']} of {part['most']}" for part in self._card["match"]["parts"]}
        return {"score": self._card["match"]["score"], "parts": parts, "allowed": self._card["allowed"]}

    def request(self) -> Result:
        """The person is asked in Uzbek; the employer waits, and sees no contact meanwhile."""
        asked = self._employer.post(f"/v1/employer/cards/{self._card['id']}/request")
        self._refused_contact()
        self._nothing_told()

        def told() -> list[Json]:
            return [item for item in self._phone.inbox(UZBEK) if item["kind"] == "employer_request"]

        item = until(told, self._patience, "the request is not in the inbox")[0]
        return {"state": asked["state"], "title": item["title"], "text": item["brief"], "more": item["more"]}

    def yes(self) -> Result:
        """To the very text that was read, for this vacancy alone; with a receipt."""
        [request] = [each for each in self._phone.get("/v1/me/employer-requests")["items"] if each["open"]]
        notice = self._notice("reveal_contacts", request["vacancy_id"])
        answer = {"language": notice["language"], "sha256": notice["sha256"]}
        self._revealed = self._phone.post(f"/v1/me/employer-requests/{request['id']}/accept", answer)["consent_id"]
        if not self._own.receipt_holds(self._revealed):
            raise LookupError("no good receipt of the yes")
        return {"company": request["company"]["ru"], "read": notice["text"], "receipt": "holds"}

    def contact(self) -> Result:
        """What the employer sees now; and that a withdrawal hides it at once."""
        path = f"/v1/employer/cards/{self._card['id']}/contact"
        shown = self._employer.get(path)
        if shown["phone"] != self._number:
            raise LookupError("the contact is another's")
        self._own.withdraw(self._revealed)
        self._refused_contact()
        self._own.withdraw(self._visible)
        left = self._employer.get(f"/v1/employer/vacancies/{self._vacancy['id']}/candidates")["items"]
        if any(card["id"] == self._card["id"] for card in left):
            raise LookupError("the card is shown after the withdrawal")
        self._employer.post(f"/v1/employer/vacancies/{self._vacancy['id']}/close")
        return {"name": shown["name"], "phone": shown["phone"], "after the withdrawal": "hidden"}

    def told(self, uses: list[Json]) -> Result:
        """What one's own log tells of all that."""
        looks = [use for use in uses if (use["purpose"] or "").startswith("employer_")]
        if {use["purpose"] for use in looks} != {"employer_card", "employer_contact"}:
            raise LookupError(f"the log tells of {[use['purpose'] for use in looks]}")
        return {use["purpose"]: f"{use['receiver']}: {use['ground']}" for use in looks}

    def _refused_contact(self) -> None:
        try:
            self._employer.get(f"/v1/employer/cards/{self._card['id']}/contact")
        except Refused as refused:
            if refused.code != "contact_not_shown":
                raise
            return
        raise LookupError("contacts are shown without a yes")

    def _nothing_told(self) -> None:
        """LookupError if any answer to the employer holds anything that names the person."""
        # As words: within a token or an identifier three letters are found by chance.
        words = {text: re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE) for text in self._personal}
        said = [text for text, word in words.items() for answer in self._heard if word.search(answer)]
        if said:
            raise LookupError(f"the employer was told {sorted(set(said))}")

    def _notice(self, purpose: str, scope: str | None) -> Json:
        for notice in self._own.notices(UZBEK):
            if (notice["purpose"], notice["scope"]) == (purpose, scope):
                if hashlib.sha256(notice["text"].encode()).hexdigest() != notice["sha256"]:
                    raise LookupError("the hash is not of the text that was shown")
                return notice
        raise LookupError(f"no notice of {purpose}")

    def _posting(self, text: str) -> Json:
        today = datetime.now(UTC).date()
        body: Json = {
            "title": "Сварщик",
            "description": text,
            "occupationalCategory": WELDER,
            "skills": self._skills,
            "jobLocation": {
                "geo": {"latitude": PLACE[0], "longitude": PLACE[1]},
                "address": {"addressLocality": "Казань"},
            },
            "workHours": ["day"],
            "baseSalary": {"currency": "RUB", "value": {"minValue": 90_000, "maxValue": 120_000, "unitText": "MONTH"}},
            "validThrough": (today + timedelta(days=30)).isoformat(),
            "jobStartDate": (today + timedelta(days=120)).isoformat(),
            "totalJobOpenings": 3,
            "experienceRequirements": {"monthsOfExperience": 36},
            "languageRequirements": [
                {"language": "ru", "level": "A2", "reason": "Инструктаж по охране труда проводится на русском."}
            ],
        }
        return body
