"""Who says no to everything has the whole main job all the same, and nobody who works here learns of the no."""

from app.domain.consents.purposes import ConsentPurpose
from app.own_data import OwnData
from app.phone import Json, Phone, Staff

RUSSIAN = "ru"
TELLING = ("consent", "refus", "declin", "соглас", "отказ", "withdraw", *ConsentPurpose)
"""Words that would tell of it."""
Result = dict[str, object]


class RefusalStory:
    """`heard`: all that the server has answered to whoever works in the region."""

    def __init__(self, phone: Phone, heard: list[str]) -> None:
        self._own, self._heard = OwnData(phone), heard

    def refuse(self) -> Result:
        """All that is asked. LookupError when one of them lives anyhow."""
        asked = self._own.notices(RUSSIAN)
        for notice in asked:
            self._own.refuse(notice)
        answered = self._own.consents()
        if not asked or len(answered) != len(asked) or any(each["live"] for each in answered):
            raise LookupError(f"of {len(asked)} notices {len(answered)} are answered")
        return {"refused": len(asked)}

    def offices(self, offices: dict[str, Staff], point_id: str) -> Result:
        """Looks at whatever may be looked at: what goes to the registry, who hides what, how the point stands."""
        looks: dict[str, tuple[str, ...]] = {
            "region_operator": (
                *("/v1/registry/standing", "/v1/registry/dead-letters", "/v1/registry/alarms"),
                *(f"/v1/points/{point_id}/plan", "/v1/figures/hidden-uses"),
            ),
            "auditor": ("/v1/data-use-hidings",),
        }
        for role, paths in looks.items():
            for path in paths:
                offices[role].get(path)
        return {role: list(paths) for role, paths in looks.items()}

    def kept_quiet(self) -> Result:
        """LookupError when one of the answers to a clerk or an office holds a word of it."""
        told = {word for word in TELLING for answer in self._heard if word in answer.casefold()}
        if told or not self._heard:
            raise LookupError(f"{len(self._heard)} answers were given to staff, and they hold {sorted(told)}")
        return {"answers to staff": len(self._heard), "telling": 0}

    def passed_on(self, uses: list[Json]) -> int:
        """None; LookupError when the log tells of any."""
        if passed := [use["purpose"] for use in uses if use["action"] == "passed_on"]:
            raise LookupError(f"without a consent there were passed on: {passed}")
        return 0
