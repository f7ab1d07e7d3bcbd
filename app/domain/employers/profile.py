"""What somebody says of their work: codes and numbers only, so that nothing in it can name them."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.matching.terms import MOST_YEARS, Cell, Level, MayWork, Shift, Worked, Worker

MOST_OCCUPATIONS = 8
MOST_SAID = 30
FINEST_CELL, COARSEST_CELL = 7, 4
"""H3 resolutions of the place that is chosen: a part of a town to a district. Coordinates never leave the phone."""


@dataclass(frozen=True, slots=True)
class WorkProfile:
    """`worked` and `wishes`: ISCO-08 unit groups. `place`: an H3 cell by its name. `permitted`: the unit groups that
    a work permit names; empty where it names none, or is not there yet. `languages`: BCP 47 tags, how well.
    """

    worked: tuple[Worked, ...] = ()
    skills: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    place: str | None = None
    shifts: tuple[Shift, ...] = ()
    wishes: tuple[str, ...] = ()
    languages: tuple[tuple[str, Level], ...] = ()
    permitted: tuple[str, ...] = ()

    def worker(self, identity: UUID, may_work: MayWork, cell: Cell | None) -> Worker:
        """What matching knows of them. Years beyond those that a vacancy may ask for would tell of an age."""
        return Worker(
            id=identity,
            may_work=may_work,
            worked=tuple(
                [each if each.years <= MOST_YEARS else Worked(each.occupation, MOST_YEARS) for each in self.worked]
            ),
            skills=frozenset(self.skills + self.certificates),
            cell=cell,
            shifts=frozenset(self.shifts),
            wishes=frozenset(self.wishes),
            languages=self.languages,
        )
