"""Who said where they set out from is told when to leave: once for a visit, and as the way is by then."""

from sqlalchemy import text

from app.adapters.travel import GreatCircle
from app.domain.audit.purpose import Purpose
from app.domain.profiles.details import DetailKind
from app.domain.profiles.languages import Language
from app.domain.routing.travel import Speeds
from services.profiles.commands import put_languages
from services.profiles.repository import details
from services.reminders.leaving import follow_the_way
from services.reminders.queries import inbox
from tests.services.reminding import Pocket, Reminded, Someone
from tests.support.clock import MovableClock


async def leaving(here: Reminded, person: Someone) -> list[str]:
    return [when for kind, when in await here.shown(person) if kind == "leave_now"]


async def test_without_a_home_nobody_is_told_when_to_leave_and_with_one_once_for_each_visit(
    here: Reminded, clock: MovableClock
) -> None:
    person = await here.someone()
    booking = await here.book(person, "2026-09-10T10:00")
    await here.plan()
    assert await leaving(here, person) == []
    await here.live_at(person, km=19.9)
    await here.plan()
    assert await leaving(here, person) == ["2026-09-10 08:55"]
    # It goes where the visit goes, and where the person lives.
    await here.move(person, booking, "2026-09-11T12:00")
    await here.plan()
    assert await leaving(here, person) == ["2026-09-11 10:55"]
    await here.live_at(person, km=0.3)
    await here.plan()
    assert await leaving(here, person) == ["2026-09-11 11:42"]
    await here.live_at(person, km=None)
    await here.plan()
    assert await leaving(here, person) == []


async def test_it_rings_by_itself_says_nothing_outside_and_the_inbox_says_how_long_the_way_is(
    here: Reminded, clock: MovableClock
) -> None:
    person = await here.someone()
    await here.live_at(person, km=19.9)
    await here.book(person, "2026-09-10T03:00")  # whoever has to leave at night has to be told at night
    await here.plan()
    clock.at = here.at("2026-09-10T01:54")
    pocket = Pocket()
    await here.send(pocket)
    before = len(pocket.notes)
    clock.move(minutes=1)
    await here.send(pocket)
    await here.send(pocket)
    (note,) = pocket.notes[before:]
    assert (note.title, note.body) == ("Manzil", "Please open the app now.")
    async with here.runtime.database.reading(here.region) as uow:
        found = await inbox(uow, person.person_id, Language.ENGLISH, before=None, limit=5)
    said = next(one.message.brief for one in found if one.message.title == "Time to leave")
    assert said == "The way takes about 60 minutes. Visit at 03:00: Test."
    await here.plan()
    assert await leaving(here, person) == []


async def test_in_the_last_minutes_it_follows_the_roads(here: Reminded, clock: MovableClock) -> None:
    person = await here.someone()
    await here.live_at(person, km=19.9)
    booking = await here.book(person, "2026-09-10T10:00")
    await here.plan()
    jammed, free = GreatCircle(Speeds(kmh_under_30km=19.9)), GreatCircle(Speeds(kmh_under_30km=30))
    clock.at = here.at("2026-09-10T08:39")
    assert await follow_the_way(here.runtime.database, here.region, jammed) == 0  # more than a quarter of an hour
    clock.at = here.at("2026-09-10T08:41")
    assert await follow_the_way(here.runtime.database, here.region, free) == 1
    assert await leaving(here, person) == ["2026-09-10 09:03"]
    # Planned anew, for whatever reason, it stays so.
    async with here.runtime.database.writing(here.region) as uow:
        await put_languages(uow, person.person_id, ["ru"])
    assert await here.plan() == 1
    assert await leaving(here, person) == ["2026-09-10 09:03"]
    assert await follow_the_way(here.runtime.database, here.region, jammed) == 0  # not before 08:48
    clock.at = here.at("2026-09-10T08:50")
    assert await follow_the_way(here.runtime.database, here.region, jammed) == 1
    assert await leaving(here, person) == ["2026-09-10 08:50"]
    pocket = Pocket()
    await here.send(pocket)
    assert "Please open the app now." in {note.body for note in pocket.notes}
    # Told, it is told once; and it is over when the visit moves.
    assert await follow_the_way(here.runtime.database, here.region, jammed) == 0
    await here.move(person, booking, "2026-09-12T10:00")
    await here.plan()
    assert "leave_now" in dict(await here.shown(person, status="outdated"))
    assert await leaving(here, person) == ["2026-09-12 08:55"]


async def test_of_where_somebody_lives_no_more_is_kept_than_the_way_needs(here: Reminded) -> None:
    person = await here.someone()
    for km in (20, 1):
        await here.live_at(person, km=km)
    async with here.runtime.database.reading(here.region) as uow:
        found = await details(uow, person.person_id, Purpose.OWN_ACCESS, {DetailKind.HOME})
    (value,) = [said.value for said in found.values()]
    assert value["lat"] == round(value["lat"], 3)
    async with here.runtime.database.reading(here.region) as uow:
        kept = "SELECT count(*) FROM details WHERE kind = 'home' AND person_id = :person"
        assert await uow.session.scalar(text(kept), {"person": person.person_id}) == 1
