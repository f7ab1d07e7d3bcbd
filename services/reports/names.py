"""What codes are called: points, services, steps, ways, occupations. In Russian and English."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.db.unit_of_work import Reading
from app.domain.figures.journeys import ALL
from app.domain.reports.report import LANGUAGES, Text
from services.points.queries import all_services
from services.region.queries import point_places

_SHOWN = 3
EVERYBODY = {"ru": "не разделено", "en": "not told apart"}
OCCUPATIONS: Mapping[str, Text] = {
    "0": {"ru": "Военнослужащие", "en": "Armed forces"},
    "1": {"ru": "Руководители", "en": "Managers"},
    "2": {"ru": "Специалисты высшего уровня", "en": "Professionals"},
    "3": {"ru": "Специалисты среднего уровня", "en": "Technicians and associate professionals"},
    "4": {"ru": "Служащие", "en": "Clerical support"},
    "5": {"ru": "Обслуживание и торговля", "en": "Service and sales"},
    "6": {"ru": "Сельское, лесное и рыбное хозяйство", "en": "Agriculture, forestry and fishery"},
    "7": {"ru": "Промышленность и строительство", "en": "Craft and construction"},
    "8": {"ru": "Операторы, сборщики и водители", "en": "Operators, assemblers and drivers"},
    "9": {"ru": "Неквалифицированные рабочие", "en": "Elementary occupations"},
    "unknown": {"ru": "Профессия не указана", "en": "Occupation not stated"},
}
RIGHTS: Mapping[str, Text] = {
    "patent": {"ru": "по патенту", "en": "by patent"},
    "eaeu": {"ru": "граждане ЕАЭС", "en": "citizens of the EAEU"},
}
_DONE = {"ru": "всё пройдено", "en": "everything done"}


@dataclass(frozen=True, slots=True)
class Names:
    """Names by code. A code without a name is told as it is."""

    points: Mapping[str, Text]
    municipalities: Mapping[str, Text]
    services: Mapping[str, Text]
    steps: Mapping[str, Text]
    kinds: Mapping[str, Text]
    language: str

    def of(self, known: Mapping[str, Text], codes: Sequence[str]) -> str:
        """Of a cell that may be any of `codes`: their names, the first ones of many; of none: that it is not told."""
        if not codes:
            return EVERYBODY[self.language]
        told = [self._one(known, code) for code in codes[:_SHOWN]]
        more = len(codes) - _SHOWN
        return ", ".join(told) + (f" (+{more})" if more > 0 else "")

    def _one(self, known: Mapping[str, Text], code: str) -> str:
        text = known.get(code, {})
        return text.get(self.language) or text.get("en") or code


def _both(read: Callable[[str], str]) -> Text:
    return {language: read(language) for language in LANGUAGES}


async def names_of(uow: Reading, language: str) -> Names:
    places = await point_places(uow)
    book = uow.region.book
    return Names(
        points={place.code: place.name for place in places},
        municipalities={place.municipality.get("en", ""): place.municipality for place in places},
        services={service.code: service.name for service, _ in await all_services(uow)},
        steps={**{rule.code: _both(rule.title.read) for rule in book.rules}, ALL: _DONE},
        kinds={kind.id: _both(kind.title.read) for kind in book.kinds},
        language=language,
    )
