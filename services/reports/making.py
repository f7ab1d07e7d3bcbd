"""The reports there are, and of which sections each consists. All of it from released aggregates."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app.db.unit_of_work import Reading
from app.domain.reports.report import Report, Section, Text
from app.errors import NotFound
from services.reports import labour, spots, ways
from services.reports.columns import words
from services.reports.names import Names, names_of

SectionMaker = Callable[[Reading, Names], Awaitable[Section]]


@dataclass(frozen=True, slots=True)
class Kept:
    title: Text
    sections: tuple[SectionMaker, ...]


REPORTS: Mapping[str, Kept] = {
    "overview": Kept(
        words("Обзор региона", "The region at a glance"),
        (ways.kpis, ways.funnel, ways.finish_times, ways.deadlines, spots.bottlenecks, labour.forecast),
    ),
    "points": Kept(
        words("Пункты и очереди", "Points and queues"),
        (spots.places, spots.hours, spots.bottlenecks, spots.visits_map, ways.flows),
    ),
    "labour": Kept(words("Предложение труда", "Labour supply"), (labour.supply, labour.forecast)),
}


async def make(uow: Reading, key: str, language: str) -> Report:
    """The report as it is now, with names in that language. NotFound when there is none of the name."""
    kept = REPORTS.get(key)
    if kept is None:
        raise NotFound
    names = await names_of(uow, language)
    return Report(
        title=kept.title,
        region=uow.region.name or words(uow.region.code, uow.region.code),
        made_at=uow.now,
        zone=str(uow.region.zone),
        sections=tuple([await section(uow, names) for section in kept.sections]),
    )
