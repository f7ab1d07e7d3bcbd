from datetime import timedelta

import pytest

from app.domain.backoff import backoff
from app.domain.reminders.delivery import MOST_TRIES, Answer, DeliveryStatus, Next, Verdict, after
from app.domain.reminders.kinds import KINDS, Channel, Kind
from app.domain.reminders.preferences import Preferences
from tests.domain.reminding import instant

NOW = instant("2026-09-01T10:00")
LATER = NOW + timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("answer", "tries", "said"),
    [
        (Answer(Verdict.ACCEPTED, "x"), 1, Next(DeliveryStatus.ACCEPTED)),
        (Answer(Verdict.GONE), 1, Next(DeliveryStatus.FAILED)),
        (Answer(Verdict.REFUSED), 1, Next(DeliveryStatus.FAILED)),
        (Answer(Verdict.BUSY), 1, Next(DeliveryStatus.WAITING, NOW + SECOND)),
        (Answer(Verdict.BUSY), 4, Next(DeliveryStatus.WAITING, NOW + 8 * SECOND)),
        (Answer(Verdict.UNKNOWN), 2, Next(DeliveryStatus.WAITING, NOW + 2 * SECOND)),
        # The carrier knows better, but nobody asks more often than by the backoff.
        (Answer(Verdict.BUSY, retry_after=30 * SECOND), 1, Next(DeliveryStatus.WAITING, NOW + 30 * SECOND)),
        (Answer(Verdict.BUSY, retry_after=SECOND), 6, Next(DeliveryStatus.WAITING, NOW + 32 * SECOND)),
        (Answer(Verdict.QUOTA, retry_after=2 * SECOND), 1, Next(DeliveryStatus.WAITING, NOW + 2 * SECOND)),
        (Answer(Verdict.QUOTA), 1, Next(DeliveryStatus.WAITING, NOW + 60 * SECOND)),
        (Answer(Verdict.QUOTA), 3, Next(DeliveryStatus.WAITING, NOW + 240 * SECOND)),
        (Answer(Verdict.BUSY), MOST_TRIES, Next(DeliveryStatus.FAILED)),
    ],
)
def test_what_follows_from_an_answer(answer: Answer, tries: int, said: Next) -> None:
    assert after(answer, tries, NOW, LATER) == said


def test_what_would_come_too_late_is_not_tried_again() -> None:
    """Case 18: no try after the moment it was for."""
    assert after(Answer(Verdict.BUSY), 1, NOW, NOW + SECOND) == Next(DeliveryStatus.LAPSED)
    assert after(Answer(Verdict.BUSY), 1, NOW, NOW + 2 * SECOND).status is DeliveryStatus.WAITING


def test_no_wait_is_longer_than_five_minutes() -> None:
    assert max(map(backoff, range(1, 1000))) == timedelta(minutes=5)


def test_sms_and_email_need_an_agreement_and_what_is_muted_is_left_out() -> None:
    kind = Kind.DEADLINE_NEAR
    assert Preferences().channels(kind) == (Channel.PUSH,)
    agreed = Preferences(sms=True, email=True)
    assert agreed.channels(kind) == KINDS[kind].channels == (Channel.PUSH, Channel.SMS, Channel.EMAIL)
    muted = Preferences(sms=True, muted={kind: frozenset({Channel.PUSH})})
    assert muted.channels(kind) == (Channel.SMS,)
    assert muted.channels(Kind.TAX_DUE) == (Channel.PUSH, Channel.SMS)


def test_it_is_told_of_which_essential_kinds_less_comes_through() -> None:
    push = frozenset({Channel.PUSH})
    muted = Preferences(muted={Kind.DEADLINE_NEAR: push, Kind.STEP_DONE: push})
    assert muted.silenced(Preferences()) == [Kind.DEADLINE_NEAR]
    assert muted.silenced(muted) == []
    assert Preferences().silenced(muted) == []
