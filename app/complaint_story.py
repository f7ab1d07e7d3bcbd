"""A visit is rated and complained of; the region's operator answers, and whoever complained is told and reads it."""

from typing import Any

from app.phone import Json, Office, Phone, until

UZBEK = "uz-Latn"
TEXT = "Navbatda ikki soat kutdim, hech kim sababini aytmadi."
ANSWER = "Uzr soʻraymiz: oʻsha kuni ikkita oyna yopiq edi. Hozir hammasi ochiq."
Result = dict[str, Any]


class ComplaintStory:
    """The operator is signed in already."""

    def __init__(self, phone: Phone, office: Office, patience: float) -> None:
        self._phone, self._office, self._patience = phone, office, patience

    def complaint(self) -> Result:
        """LookupError when the operator is told who complains, or the person is not told of the answer."""
        self._be_told_at_night()
        visit = next(each for each in self._phone.get("/v1/me/bookings")["items"] if each["status"] == "completed")
        stars = self._phone.put(f"/v1/bookings/{visit['id']}/rating", {"stars": 3})["stars"]
        said = {"kind": "service", "text": TEXT, "language": UZBEK, "booking_id": visit["id"]}
        own: Json = self._phone.post("/v1/me/complaints", said)
        seen = self._answered(own["id"])
        if seen["text"] != TEXT or seen["migrant_id"] is not None:
            raise LookupError(f"the operator sees {seen}")

        def told() -> list[Json]:
            return [each for each in self._phone.inbox(UZBEK) if each["kind"] == "complaint_answered"]

        notice = until(told, self._patience, "the answer is not told of in the inbox")[0]
        read = self._phone.get(notice["link"].replace("/complaints", "/v1/me/complaints"))
        if read["answer"] != ANSWER:
            raise LookupError(f"the answer reads {read['answer']}")
        return {
            "stars": stars,
            "number": own["number"],
            "answer by": own["answer_by"],
            "told": notice["title"],
            "status": read["status"],
            "answer": read["answer"],
        }

    def _be_told_at_night(self) -> None:
        """An answer is nothing to wake anybody for: without this it would wait for the morning."""
        chosen: Json = self._phone.get("/v1/me/reminder-preferences")
        del chosen["kinds"]
        self._phone.put("/v1/me/reminder-preferences", chosen | {"quiet": {"begins": "08:00", "ends": "08:00"}})

    def _answered(self, complaint_id: str) -> Json:
        """As the operator does: takes it from the list, reads and answers it."""
        listed = [each["id"] for each in self._office.get("/v1/complaints", limit=100)["items"]]
        if complaint_id not in listed:
            raise LookupError("the complaint is not in the operator's list")
        self._office.post(f"/v1/complaints/{complaint_id}/take")
        said = {"text": ANSWER, "language": UZBEK}
        answered: Json = self._office.post(f"/v1/complaints/{complaint_id}/answer", said)
        return answered
