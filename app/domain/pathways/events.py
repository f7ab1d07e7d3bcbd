"""What has happened to a person's steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class EventKind(StrEnum):
    """The outcome of an attempt. Nothing finer is kept: a reason at the medical would be a medical result.

    `annulled` takes back a result that was recorded by mistake, or that the state took away. The others never
    take a result away, so a failed renewal leaves the old result good until its end.
    """

    DONE = "done"
    INCOMPLETE = "incomplete"
    COME_AGAIN = "come_again"
    ANNULLED = "annulled"


class Source(StrEnum):
    """Who says so."""

    SELF_DECLARED = "self_declared"
    DOCUMENT = "document"
    POINT = "point"
    AGENCY = "agency"
    HOST = "host"


class EvidenceKind(StrEnum):
    """What shows it. A booking is a visit that took place, an invitation the one that a host answered."""

    BOOKING = "booking"
    DOCUMENT = "document"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that something happened: by its identifier only."""

    kind: EvidenceKind
    id: UUID


@dataclass(frozen=True, slots=True)
class StepEvent:
    """Something that happened to step `step` on local day `on`; for `annulled`, the day of the result taken back.

    `expires_on`: the last day the result is good for, where a document or a contract says so, whatever the
    rule's validity. An early end (of a contract, say) is a new `done` event with the earlier date.
    """

    step: str
    kind: EventKind
    on: date
    source: Source
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """One step's past: the results that stand, oldest first, and the last event."""

    results: tuple[StepEvent, ...]
    last: StepEvent

    @property
    def done(self) -> StepEvent | None:
        """The result that counts."""
        return self.results[-1] if self.results else None


def may_annul(source: Source, result: StepEvent) -> bool:
    """Whether `source` may take `result` back: who said it, may. An agency may take any.

    The person may also dispute what their host said of them, and falls back on what was known before.
    """
    return source in {result.source, Source.AGENCY} or (source is Source.SELF_DECLARED and result.source is Source.HOST)


def histories(events: Iterable[StepEvent]) -> dict[str, History]:
    """The history of each step that has one. Of events of the same day the one recorded later counts."""
    found: dict[str, History] = {}
    for event in sorted(events, key=lambda event: event.on):
        before = found.get(event.step)
        results = before.results if before else ()
        if event.kind is EventKind.DONE:
            results = (*results, event)
        elif event.kind is EventKind.ANNULLED:
            results = _without(results, event)
        found[event.step] = History(results, event)
    return found


def _without(results: tuple[StepEvent, ...], annulment: StepEvent) -> tuple[StepEvent, ...]:
    """An agency takes away all there was; anybody else the last result that is theirs to take back."""
    if annulment.source is Source.AGENCY:
        return ()
    for place in reversed(range(len(results))):
        if may_annul(annulment.source, results[place]):
            return (*results[:place], *results[place + 1 :])
    return results
