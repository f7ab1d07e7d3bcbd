"""When itineraries are looked at again, by whichever worker."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from app.domain.pathways.events import EventKind, Source, StepEvent
from app.domain.pathways.rules import Rule
from services.audit.commands import seal_heads
from services.bookings.upkeep import move_bookings
from services.identity.wards import mark_merged
from services.pathways.commands import record_event
from services.routing.itineraries_upkeep import follow_merges, keep_itineraries
from tests.api.helpers import Json, claims, given, refused
from tests.api.test_itineraries import own
from tests.api.test_itinerary_offers import accept, look_again, person, planned
from tests.support.people import Person

__all__ = ["person", "planned"]
pytestmark = pytest.mark.usefixtures("honest_ledger")


async def test_a_change_is_found_within_a_tick_and_a_sealed_one_within_a_minute(person: Person, planned: Json) -> None:
    world = person.world
    given(await person.post(f"/v1/bookings/{planned['exam']['id']}/cancel"))
    assert await look_again(world, everything=False) == 1
    given(await person.post(f"/v1/bookings/{planned['fingerprints']['id']}/cancel"))
    async with world.runtime.database.writing(world.region) as uow:
        await seal_heads(uow)
    assert await look_again(world, everything=False) == 0
    assert await look_again(world) == 1
    assert {each["step"] for each in (await own(person))["offer"]["why"]} >= {"exam", "fingerprints"}


async def test_two_workers_make_one_offer(person: Person, planned: Json) -> None:
    given(await person.post(f"/v1/bookings/{planned['exam']['id']}/cancel"))
    counts = await asyncio.gather(*(look_again(person.world) for _ in range(4)))
    assert sum(counts) == 1
    assert (await own(person))["offer"]


async def test_another_book_of_rules_is_looked_at(person: Person, planned: Json) -> None:
    """A rule that says less time is left, or more is asked, is found without anything of the person changing."""
    world = person.world
    assert await look_again(world) == 0
    book = replace(world.region.book, version="another", rules=tuple(_slower(rule) for rule in world.region.book.rules))
    changed = replace(world.region, book=book)
    looked = await keep_itineraries(world.runtime.database, changed, world.runtime.travel)
    assert looked >= 1
    standing = await own(person)
    assert standing["whole"], "told by the book in force here"
    assert {(each["step"], each["cause"]) for each in standing["offer"]["why"]} == {("application", "not_ready")}
    await look_again(world)  # and back again
    assert (await own(person))["offer"] is None


def _slower(rule: Rule) -> Rule:
    return replace(rule, result_after_working_days=rule.result_after_working_days + 2 * (rule.code == "exam"))


async def test_an_itinerary_of_which_nothing_is_left_to_do_ends(person: Person, planned: Json) -> None:
    world = person.world
    async with world.runtime.database.writing(world.region) as uow:
        for step in ("registration", "insurance", "translation", "medical", "exam", "fingerprints", "application"):
            await record_event(uow, _id_of(person), StepEvent(step, EventKind.DONE, world.today, Source.AGENCY))
        await record_event(uow, _id_of(person), StepEvent("collection", EventKind.DONE, world.today, Source.AGENCY))
    for booking in planned.values():
        given(await person.post(f"/v1/bookings/{booking['id']}/cancel"))
    await look_again(world)
    refused(await person.get("/v1/me/itinerary"), 404, "not_found")


def _id_of(person: Person) -> UUID:
    return UUID(claims(person.tokens["access_token"])["person"])


async def test_the_itinerary_of_somebody_who_was_joined_with_another_is_the_others(
    person: Person, planned: Json
) -> None:
    world = person.world
    other = await world.newcomer()
    given(await person.post(f"/v1/bookings/{planned['exam']['id']}/cancel"))
    async with world.runtime.database.writing(world.region) as uow:
        await move_bookings(uow, _id_of(person), _id_of(other))
        await mark_merged(uow, _id_of(person), _id_of(other))
        await follow_merges(uow)
    async with world.runtime.database.writing(world.region) as uow:
        assert await follow_merges(uow) == 0
    await look_again(world)
    standing = await own(other)
    assert {v["booking"]["id"] for v in standing["visits"]} == {b["id"] for b in planned.values()}
    assert standing["offer"]
    given(await other.post(accept(standing["offer"])))
