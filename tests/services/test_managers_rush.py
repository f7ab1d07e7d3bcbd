"""Two managers of one point at the same moment."""

import asyncio

from tests.services.offices import Office


async def test_of_two_managers_at_once_one_is_told(office: Office) -> None:
    """Who waits for the turn reads the plan anew, not what it had read before."""
    plans = [await office.plan() for _ in range(6)]
    for number, plan in enumerate(plans):
        plan["plan"]["hours"] = {"0": [[f"{8 + number:02}:00", "17:00"]]}
    answers = await asyncio.gather(*(office.put(plan) for plan in plans))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    (won,) = [number for number, answer in enumerate(answers) if answer.status_code == 200]
    assert (await office.plan())["plan"]["hours"]["0"] == plans[won]["plan"]["hours"]["0"]
