"""Estimated waits against queues that are played out one visitor after another."""

import random
from math import exp, inf, log, sqrt
from time import process_time

import pytest

from app.domain.queue.policy import Counter, Ticket, turn_of
from app.domain.queue.service_times import NOTHING, Pace, Times, declared, learned
from app.domain.queue.waits import NEVER, Desk, Expected, Punctuality, Scene, Wait, wait_of
from tests.support.queueing import TERMS, Day, Visitor, after

_MINUTES = {"medical": 40.0, "collection": 10.0}
_CV = 0.35
_LUNCH = (240.0, 300.0)
_USUAL = Punctuality(-3.0, 8.0, 0.1)


def _visitors(dice: random.Random, means: dict[str, float], counters: int) -> list[Visitor]:
    """Booked a bit too tightly, and with walk-ins between."""
    sigma = sqrt(log(1 + _CV**2))
    visitors = []
    for service, every in (("medical", 40.0 / (counters - 0.6)), ("collection", 25.0)):
        at = 0.0
        while at < 500:
            if not _LUNCH[0] - 30 < at < _LUNCH[1]:
                walks_in = dice.random() < 0.15
                never = not walks_in and dice.random() < _USUAL.never
                comes = inf if never else max(0.0, at + dice.gauss(_USUAL.late, _USUAL.varies))
                takes = means[service] * exp(dice.gauss(-sigma * sigma / 2, sigma))
                visitors.append(Visitor(service, None if walks_in else at, comes, takes, dice.random() < 0.04))
            at += every
    return visitors


def test_nine_real_waits_of_ten_fall_below_the_90_percent_figure() -> None:
    """Over points whose visits take longer or shorter than declared, which is learned day by day."""
    dice = random.Random(4)
    below: list[bool] = []
    for _ in range(10):
        means = {service: minutes * exp(dice.gauss(0, 0.2)) for service, minutes in _MINUTES.items()}
        measured = dict.fromkeys(_MINUTES, NOTHING)
        for _ in range(4):
            paces = {s: learned(declared(m, _CV), [NOTHING, measured[s]]) for s, m in _MINUTES.items()}
            count = dice.choice([2, 3, 4])
            counters = [Counter(n, frozenset(_MINUTES)) for n in range(count)]
            visitors = _visitors(dice, means, count)
            told = lambda me, scene: wait_of(me, scene).likely  # noqa: E731
            Day(visitors, counters, paces, (_LUNCH,), told, _USUAL).play()
            # Who is called at once by all that is known is told 0: nothing can be read off that.
            below += [v.called - v.comes <= v.told for v in visitors if v.comes < inf and v.told > 0]
            for service in _MINUTES:
                taken = [v.takes for v in visitors if v.service == service and v.called < inf]
                measured[service] += Times.of(taken)
    assert len(below) > 400
    assert 0.86 <= sum(below) / len(below) <= 0.94


@pytest.mark.parametrize("seed", range(30))
def test_when_all_is_known_the_wait_is_the_one_that_comes(seed: int) -> None:
    """Booked and walk-ins, early and late ones, two services, counters that give one of them or both, a break."""
    dice = random.Random(seed)
    sure = {service: Pace(log(minutes), 1e-9, 1e-9, 1e9) for service, minutes in (("a", 20.0), ("b", 7.0))}
    gives = [frozenset(dice.choice(["ab", "ab", "a", "b"])) for _ in range(dice.choice([1, 2, 3]))]
    counters = [Counter(n, services) for n, services in enumerate([*gives, frozenset("ab")])]
    visitors = []
    for n in range(14):
        service, booked = dice.choice("ab"), dice.choice([None, dice.randrange(0, 150, 5) + n * 0.01])
        comes = dice.uniform(0, 150) if booked is None else max(0.0, booked - 4.0)
        visitors.append(Visitor(service, booked, comes, exp(sure[service].mean), dice.random() < 0.1))
    told: dict[object, Wait] = {}

    def tell(me: Ticket, scene: Scene) -> float:
        told[me.id] = wait_of(me, scene)
        return 0.0

    Day(visitors, counters, sure, ((60.0, 80.0),), tell, Punctuality(-4.0, 1e-6, 1e-9)).play()
    last = max((v.comes for v in visitors if v.booked is None or v.priority), default=0.0)
    for number, visitor in enumerate(visitors):
        if visitor.comes >= last:  # nobody comes who was not expected
            waited = pytest.approx(visitor.called - visitor.comes, abs=0.01)
            assert [told[number].median, told[number].likely] == [waited, waited]


_TEN = {"x": Pace(log(10), 1e-9, 1e-9, 1e9)}
"""Ten minutes, always."""
_ANY = frozenset("x")


def _ticket(number: int, joined: float, booked: float | None = None) -> Ticket:
    turn = turn_of(TERMS, after(joined), None if booked is None else after(booked))
    return Ticket(number, number, "x", turn)


def _scene(waiting: list[Ticket], desks: list[Desk], now: float = 0.0, **more: object) -> Scene:
    return Scene(after(now), waiting, desks, _TEN, TERMS, **more)  # type: ignore[arg-type]


def _desk(since: float | None = None, **more: object) -> Desk:
    served = {} if since is None else {"serving": "x", "since": after(since)}
    return Desk(Counter(0, _ANY), **served, **more)  # type: ignore[arg-type]


def _told(wait: Wait) -> tuple[float, float]:
    return round(wait.median, 2), round(wait.likely, 2)


def test_the_closing_is_reckoned_with() -> None:
    first, second = _ticket(1, 0, 0), _ticket(2, 0, 1)
    assert _told(wait_of(second, _scene([first, second], [_desk()]))) == (10, 10)
    assert wait_of(second, _scene([first], [_desk(closes=after(9))])) == NEVER
    assert wait_of(second, _scene([first], [])) == NEVER
    # Of two counters the one that calls longer is left.
    desks = [_desk(closes=after(3)), _desk(-5.0)]
    assert _told(wait_of(second, _scene([first], desks))) == (5, 5)
    assert _told(wait_of(first, _scene([], [_desk(opens=after(25))]))) == (25, 25)


def test_who_comes_later_waits_from_then_on() -> None:
    first, me = _ticket(1, 0, 0), _ticket(2, 6, 6)
    assert _told(wait_of(me, _scene([first], [_desk()]), comes=after(6))) == (4, 4)
    assert _told(wait_of(_ticket(2, 30, 30), _scene([first], [_desk()]), comes=after(30))) == (0, 0)


def test_who_is_long_after_their_time_may_not_come_at_all() -> None:
    expected = [Expected("x", after(0))]
    me = _ticket(2, 0, 41)
    soon = _scene([], [_desk(-1.0)], expected=expected, punctuality=Punctuality(0.0, 12.0, 0.1))
    assert _told(wait_of(me, soon)) == (9, 19)
    late = _scene([], [_desk(32.0)], 40.0, expected=expected, punctuality=Punctuality(0.0, 12.0, 0.1))
    assert _told(wait_of(me, late)) == (2, 2)


def test_whoever_is_served_for_long_is_not_done_sooner_for_it() -> None:
    """With a long tail, the longer it has lasted the longer it lasts; never is it over before now."""
    paces = {"x": declared(20, 0.6)}
    rests = []
    for served in (0.0, 20.0, 60.0, 600.0, 6000.0):
        desk = Desk(Counter(0, _ANY), "x", after(-served))
        rests.append(wait_of(_ticket(1, 0, 0), Scene(after(0), [], [desk], paces, TERMS)).median)
    assert all(rest > 0 for rest in rests)
    assert rests[0] > rests[1]
    assert rests[1] < rests[2] < rests[3]
    assert 15 < rests[0] < 19  # the median of the log-normal: 17.1


def test_a_language_that_one_counter_speaks_is_waited_for() -> None:
    tajik = Desk(Counter(1, _ANY, frozenset({"tg"})), "x", after(-3.0))
    me = Ticket(9, 9, "x", turn_of(TERMS, after(0), after(0)), "tg")
    other = Ticket(8, 8, "x", turn_of(TERMS, after(0), after(-1)))
    assert _told(wait_of(me, _scene([other], [_desk(), tajik]))) == (7, 7)
    assert wait_of(me, _scene([other], [_desk()])).called == 0


@pytest.mark.parametrize("people", [1, 4, 12])
def test_both_ways_of_playing_agree(people: int) -> None:
    """Where all are here and due the order is known before: that way is only quicker."""
    paces = {"x": declared(20, 0.4)}
    waiting = [_ticket(n, 0, -n) for n in range(people)]
    desks = [_desk(-3.0), _desk(-9.0), _desk(closes=after(70))]
    for breaks in ([], [(after(12.0), after(40.0))]):
        scene = Scene(after(0), waiting, desks, paces, TERMS, breaks=breaks)
        quick = wait_of(_ticket(99, 0, 5), scene)
        slow = wait_of(_ticket(99, 0, 5), scene, comes=after(1e-9))
        assert (quick.median, quick.likely, quick.called) == pytest.approx(
            (slow.median, slow.likely, slow.called), abs=1e-4
        )


def test_an_estimate_costs_about_a_millisecond() -> None:
    waiting = [_ticket(n, 0, n) for n in range(6)]
    expected = [Expected("x", after(5.0 * n)) for n in range(6)]
    scene = Scene(after(0), waiting, [_desk(-3.0), _desk(-9.0)], {"x": declared(20, 0.4)}, TERMS, expected=expected)
    wait_of(_ticket(99, 0, 28), scene)
    began = process_time()
    for _ in range(20):
        wait_of(_ticket(99, 0, 28), scene)
    assert (process_time() - began) / 20 < 0.01  # about 1.5 ms; the bound is for a machine that does much else
