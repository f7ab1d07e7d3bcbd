"""Which ways a person's message takes, and when."""

from datetime import timedelta
from uuid import UUID, uuid4

from app.domain.reminders.dispatch import Way, dispatch
from app.domain.reminders.kinds import Channel, Kind
from app.domain.reminders.planning import Reminder
from app.domain.reminders.preferences import Preferences
from tests.domain.reminding import KAZAN, instant

NOW = instant("2026-09-01T10:00")
WARD, MOTHER, PHONE, HERS = (uuid4() for _ in range(4))
HOUR = timedelta(hours=1)
ALL = Preferences(sms=True, email=True)


def due(kind: Kind = Kind.DEADLINE_NEAR, *, until: timedelta = timedelta(days=3)) -> Reminder:
    return Reminder(kind, "step", "medical", NOW + until, 7, NOW, NOW + until)


def ways(
    *reminders: Reminder,
    ward: Preferences | None = None,
    mother: Preferences | None = None,
    devices: dict[UUID, UUID] | None = None,
) -> list[Way]:
    recipients = {WARD: ward or Preferences()} | ({MOTHER: mother} if mother else {})
    return dispatch(reminders or [due()], recipients, devices or {}, KAZAN, NOW).ways


def test_the_next_channel_waits_for_the_push_to_be_heard_and_goes_at_once_where_there_is_none() -> None:
    assert ways(ward=ALL, devices={PHONE: WARD}) == [
        Way(Channel.PUSH, PHONE, NOW),
        Way(Channel.SMS, WARD, NOW + HOUR),
        Way(Channel.EMAIL, WARD, NOW + 2 * HOUR),
    ]
    assert ways(ward=Preferences(sms=True)) == [Way(Channel.SMS, WARD, NOW)]
    assert ways() == []


def test_several_at_once_are_one_message_over_every_channel_that_one_of_them_asks_for() -> None:
    two = due(Kind.DOCUMENTS_TO_BRING), due(Kind.DEADLINE_NEAR)
    assert [way.channel for way in ways(*two, ward=ALL, devices={PHONE: WARD})] == ["push", "sms", "email"]
    assert [way.channel for way in ways(two[0], ward=ALL, devices={PHONE: WARD})] == ["push"]


def test_what_would_come_after_its_time_does_not_set_out() -> None:
    """Case 18."""
    assert ways(due(until=HOUR), ward=ALL, devices={PHONE: WARD}) == [Way(Channel.PUSH, PHONE, NOW)]
    over = due(until=timedelta(0))
    out = dispatch([over], {WARD: ALL}, {PHONE: WARD}, KAZAN, NOW)
    assert (out.told, out.lapsed, out.ways) == ([], [over], [])


def test_who_is_told_too_is_reached_as_they_chose_themselves() -> None:
    both = {PHONE: WARD, HERS: MOTHER}
    assert ways(mother=Preferences(sms=True), devices=both) == [
        Way(Channel.PUSH, PHONE, NOW),
        Way(Channel.PUSH, HERS, NOW),
        Way(Channel.SMS, MOTHER, NOW + HOUR),
    ]
    assert ways(ward=Preferences(sms=True), mother=Preferences()) == [Way(Channel.SMS, WARD, NOW)]
    quiet = Preferences(muted={Kind.DEADLINE_NEAR: frozenset({Channel.PUSH})})
    assert ways(mother=quiet, devices=both) == [Way(Channel.PUSH, PHONE, NOW)]


def test_an_sms_that_falls_into_the_night_waits_for_the_morning() -> None:
    late = instant("2026-09-01T21:30")
    one = Reminder(Kind.DEADLINE_NEAR, "step", "medical", late, 7, late, late + timedelta(days=3))
    out = dispatch([one], {WARD: ALL}, {PHONE: WARD}, KAZAN, late)
    assert [way.at for way in out.ways[1:]] == [instant("2026-09-02T08:00"), instant("2026-09-02T09:00")]
