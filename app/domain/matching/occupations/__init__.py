"""Occupations by ISCO-08 (International Labour Organization, 2012), which Russia's OKZ, OK 010-2014, follows.

What counts is the code: one digit is the major group, two are the sub-major, three the minor, four the unit group.
Russian titles are worded after OK 010-2014, shortened where it is long.
"""

from dataclasses import dataclass

from app.domain.matching.occupations import groups_0_2, groups_3_4, groups_5_7, groups_8_9

ALIKE = ("major", "sub_major", "minor", "unit")
DIGITS = len(ALIKE)


@dataclass(frozen=True, slots=True)
class Occupation:
    """A unit group: its four digits, and what it is called in English and in Russian."""

    code: str
    english: str
    russian: str


def _read(*texts: str) -> dict[str, Occupation]:
    read = {}
    for line in "".join(texts).strip().splitlines():
        if line:
            code, titles = line.split(" ", 1)
            english, russian = titles.split(" | ")
            read[code] = Occupation(code, english, russian)
    return read


OCCUPATIONS = _read(groups_0_2.TEXT, groups_3_4.TEXT, groups_5_7.TEXT, groups_8_9.TEXT)
"""All 436 unit groups, by code."""

MAJOR_GROUPS = {
    "0": ("Armed forces occupations", "Военнослужащие"),
    "1": ("Managers", "Руководители"),
    "2": ("Professionals", "Специалисты высшего уровня квалификации"),
    "3": ("Technicians and associate professionals", "Специалисты среднего уровня квалификации"),
    "4": ("Clerical support workers", "Служащие, занятые подготовкой документов и учётом"),
    "5": ("Service and sales workers", "Работники сферы обслуживания и торговли"),
    "6": ("Skilled agricultural, forestry and fishery workers", "Квалифицированные работники сельского хозяйства"),
    "7": ("Craft and related trades workers", "Квалифицированные рабочие промышленности и строительства"),
    "8": ("Plant and machine operators, and assemblers", "Операторы установок и машин, сборщики и водители"),
    "9": ("Elementary occupations", "Неквалифицированные рабочие"),
}
"""Titles of the major groups, in English and in Russian, by their digit."""


def alike(one: str, other: str) -> int:
    """How many first digits two codes share: 4, the same unit group; 0, not even the same major group."""
    shared = 0
    for left, right in zip(one, other, strict=True):
        if left != right:
            break
        shared += 1
    return shared
