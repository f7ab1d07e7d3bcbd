"""A region's work profiles and vacancies for `match`: as uneven as they are, each vacancy asking for everything."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from app.domain.matching.occupations import OCCUPATIONS
from app.domain.matching.terms import Cell, LanguageNeed, Level, MayWork, Shift, Vacancy, Worked, Worker
from benchmarks.world import id_of

SKILLS = 400
_LANGUAGES = ("ru", "uz-Latn", "tg", "ky", "kk", "hy", "az", "en")


class Market:
    """The same people and vacancies for the same seed. Some occupations and skills are far more common than others."""

    def __init__(self, seed: int, today: date) -> None:
        self.chance, self.today = random.Random(seed), today  # noqa: S311 — the same market in every run
        codes = sorted(OCCUPATIONS)
        self.chance.shuffle(codes)
        self.codes, self.skills = codes, [f"skill-{n}" for n in range(SKILLS)]

    def _one(self, among: list[str]) -> str:
        """The first of the list is the most common (Zipf's law, nearly)."""
        return among[int(len(among) ** self.chance.random()) - 1]

    def _some(self, among: list[str], most: int) -> frozenset[str]:
        return frozenset(self._one(among) for _ in range(self.chance.randint(1, most)))

    def _cell(self) -> Cell:
        return Cell.of((self.chance.gauss(55.8, 0.3), self.chance.gauss(49.1, 0.5)))

    def workers(self, count: int) -> Iterator[Worker]:
        chance = self.chance
        for n in range(count):
            planned = chance.random() < 1 / 2
            since = self.today + timedelta(days=chance.randint(1, 90) if planned else -chance.randint(0, 200))
            yield Worker(
                id=id_of("worker", n),
                may_work=MayWork(
                    since if chance.random() > 1 / 20 else None,
                    since + timedelta(days=365),
                    80 if planned else 100,
                    self._some(self.codes, 2) if chance.random() < 1 / 4 else None,
                ),
                worked=tuple(Worked(self._one(self.codes), chance.randint(0, 20)) for _ in range(chance.randint(1, 3))),
                skills=self._some(self.skills, 12),
                cell=self._cell() if chance.random() > 1 / 10 else None,
                shifts=frozenset(chance.sample(list(Shift), chance.randint(0, 3))),
                wishes=self._some(self.codes, 2) if chance.random() < 1 / 2 else frozenset(),
                languages=tuple((tag, Level(chance.randint(1, 6))) for tag in chance.sample(_LANGUAGES, 2)),
            )

    def vacancies(self, count: int) -> Iterator[Vacancy]:
        chance = self.chance
        for n in range(count):
            yield Vacancy(
                id=id_of("vacancy", n),
                occupation=self._one(self.codes),
                start=self.today + timedelta(days=chance.randint(0, 60)),
                openings=chance.randint(1, 10),
                skills=self._some(self.skills, 6),
                years=chance.randint(1, 5),
                cell=self._cell(),
                shifts=frozenset(chance.sample(list(Shift), chance.randint(1, 2))),
                languages=(LanguageNeed("ru", Level(chance.randint(1, 4)), "the safety briefing"),),
            )
