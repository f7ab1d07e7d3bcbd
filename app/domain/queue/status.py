"""The life of a ticket: waiting → called → serving → finished, and the ways around and out."""

from enum import StrEnum


class TicketStatus(StrEnum):
    """`skipped`: called and not there; waits aside until they turn up or are marked as absent. `missed`: did not come
    however often called. `left`: went away by themselves. `closed`: the day ended first.
    """

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    SKIPPED = "skipped"
    FINISHED = "finished"
    MISSED = "missed"
    LEFT = "left"
    CLOSED = "closed"


_S = TicketStatus
AT_COUNTER = frozenset({_S.CALLED, _S.SERVING})
"""A counter has one of these at a time."""
LIVE = AT_COUNTER | {_S.WAITING, _S.SKIPPED}


class Move(StrEnum):
    """What can be done with a ticket. Each can be taken back for some minutes."""

    CALL = "call"
    RECALL = "recall"
    SERVE = "serve"
    FINISH = "finish"
    SKIP = "skip"
    BACK = "back"
    TRANSFER = "transfer"
    NO_SHOW = "no_show"
    LEAVE = "leave"


MOVES: dict[Move, tuple[frozenset[TicketStatus], TicketStatus]] = {
    Move.CALL: (frozenset({_S.WAITING}), _S.CALLED),
    Move.RECALL: (frozenset({_S.CALLED}), _S.CALLED),
    Move.SERVE: (frozenset({_S.CALLED}), _S.SERVING),
    Move.FINISH: (AT_COUNTER, _S.FINISHED),
    Move.SKIP: (frozenset({_S.CALLED}), _S.SKIPPED),
    Move.BACK: (AT_COUNTER | {_S.SKIPPED}, _S.WAITING),
    Move.TRANSFER: (LIVE, _S.WAITING),
    Move.NO_SHOW: (frozenset({_S.CALLED, _S.SKIPPED}), _S.MISSED),
    Move.LEAVE: (frozenset({_S.WAITING, _S.CALLED, _S.SKIPPED}), _S.LEFT),
}
"""From which states a move is possible, and the one it leads to."""
