"""What has happened to a person's steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EventKind(StrEnum):
    """The outcome of an attempt. Nothing finer is kept: a reason at the medical would be a medical result.

    `annulled` cancels the result before it: a mistaken record, a patent taken back, a registration removed.
    The others never take a result away, so a failed renewal leaves the old result good until its end.
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


@dataclass(frozen=True, slots=True)
class StepEvent:
    """Something that happened to step `step` on local day `on`.

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
    """One step's past: the result that counts, if any, and the last event."""

    done: StepEvent | None
    last: StepEvent


def histories(events: Iterable[StepEvent]) -> dict[str, History]:
    """The history of each step that has one. Of events of the same day the one recorded later counts."""
    found: dict[str, History] = {}
    for event in sorted(events, key=lambda event: event.on):
        before = found.get(event.step)
        done = before.done if before else None
        if event.kind is EventKind.DONE:
            done = event
        elif event.kind is EventKind.ANNULLED:
            done = None
        found[event.step] = History(done, event)
    return found
