"""What people read: in full in the app, short enough for a push and an SMS, and discreet outside the app."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.adapters.rulebooks import jurisdictions, load_rulebook
from app.demo.region import load_region
from app.domain.consents.status import ConsentStatus
from app.domain.languages.traits import TRAITS
from app.domain.profiles.documents import DocumentKind
from app.domain.profiles.languages import Language
from app.domain.reminders import messages
from app.domain.reminders.kinds import KINDS, Kind
from app.domain.reminders.messages import BODY_LIMIT, TITLE_LIMIT, Facts, Message, detailed_push, message
from app.domain.reminders.names import READERS, paper_name, reader_name
from app.domain.reminders.templates import LABELS, TEMPLATES, WARNINGS
from app.locales.catalogue import catalogue
from app.locales.reading import Reader, rule_text, written
from services.identity.messages import CODES
from tests.locales.test_catalogues import OTHER_DIGITS

KAZAN = ZoneInfo("Europe/Moscow")
LEGAL = {Kind.DEADLINE_NEAR, Kind.PAPER_EXPIRING, Kind.TAX_DUE, Kind.PATENT_RENEWAL}
RULES = [rule for jurisdiction in jurisdictions() for rule in load_rulebook(jurisdiction).rules]
POINTS = [point.name for point in load_region().points]
ISOLATES = re.compile("[\u2068\u2069]")
GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)

in_each = pytest.mark.parametrize("language", Language)


def fits_one_sms(text: str) -> bool:
    """One segment: 160 characters of GSM 7-bit (3GPP TS 23.038), or 70 of UCS-2."""
    return len(text) <= (160 if GSM_7.issuperset(text) else 70)


def facts(kind: Kind, language: Language, days: int = 14, **others: Any) -> Facts:
    """The longest that there are: of steps, of points, of weekdays and months."""
    step = max((rule_text(rule.title, language) for rule in RULES), key=len)
    point = max((name[TRAITS[language].besides] for name in POINTS), key=len)
    papers = max((rule.bring for rule in RULES), key=len)
    at = datetime(2026, 9, 23, 10, 30, tzinfo=KAZAN)
    whole = Facts(
        on=date(2026, 9, 20),
        step=step,
        point=point,
        at=at,
        was_at=at - timedelta(days=1),
        offer_at=at + timedelta(days=1),
        offer_point=point,
        next_step=step,
        next_day=date(2026, 9, 30),
        answer_by=at - timedelta(days=2),
        minutes=45,
        ahead=3,
        ticket="M-017",
        counter="Окно 4",
        documents=tuple(rule_text(paper, language) for paper in papers),
        paper=step,
        employer="ООО «Камский завод»",
        vacancy="Сварщик",
        purpose="Сообщения по SMS",
        consent=ConsentStatus.WITHDRAWN,
        reader="УВМ МВД",
        number="2026-000123",
    )
    if kind in LEGAL:
        whole = replace(whole, day=whole.on + timedelta(days=days))
    return replace(whole, **others)


def told(kind: Kind, language: Language, days: int = 14, **others: Any) -> Message:
    return message(kind, "0197", facts(kind, language, days, **others), Reader(language))


@in_each
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_told_in_every_language(kind: Kind, language: Language) -> None:
    said = told(kind, language)
    for text in (said.title, said.brief, said.more):
        plain = ISOLATES.sub("", text)
        assert text.strip() == text
        assert plain
        assert not re.search(r"[{}]|\.\.|: *\.|None", plain)
        assert not OTHER_DIGITS.search(plain)
    if kind in LEGAL:
        assert "2026" in said.brief
    assert said.link.startswith("/")
    assert "{" not in said.link


@in_each
@pytest.mark.parametrize("kind", Kind)
def test_a_push_is_never_longer_than_a_phone_shows(kind: Kind, language: Language) -> None:
    """Only the names of places and the list of papers, which stand last, may be cut."""
    longest = told(kind, language)
    push = detailed_push(longest)
    assert push.title == longest.title
    assert len(push.title) <= TITLE_LIMIT
    assert len(push.body) <= BODY_LIMIT
    short = told(kind, language, point="Казань", offer_point="Казань", documents=("Паспорт", "СНИЛС"))
    assert detailed_push(short).body == short.brief


@in_each
def test_what_a_stranger_may_see_is_short_and_says_nothing(language: Language) -> None:
    words = Reader(language)
    sentences = set()
    for kind in Kind:
        for days_left in (None, 14, 1):
            push = messages.discreet_push(kind, "0198", words, days_left)
            sms = messages.discreet_sms(kind, words, days_left)
            assert (push.title, push.link, sms) == ("Manzil", "/inbox/0198", f"Manzil: {push.body}")
            assert fits_one_sms(sms), sms
            assert len(push.body) <= BODY_LIMIT
            sentences.add(push.body)
    assert len(sentences) == 4
    assert not any(re.search(r"\d", sentence) for sentence in sentences)


def test_the_last_day_is_more_urgent() -> None:
    words = Reader(Language.ENGLISH)
    said = {days: messages.public_text(Kind.DEADLINE_NEAR, words, days) for days in (14, 3, 1, 0)}
    assert said[14] == said[3] != said[1] == said[0]


@in_each
def test_a_sign_in_code_fits_one_sms(language: Language) -> None:
    for texts in CODES.values():
        sms = written(texts, "sms", language).format(code="123456")
        assert "123456" in sms
    assert fits_one_sms(written(next(iter(CODES.values())), "sms", language).format(code="123456"))


@pytest.mark.parametrize(
    ("language", "one", "few", "many"),
    [
        (Language.RUSSIAN, "Остался 1 день", "Осталось 3 дня", "Осталось 14 дней"),
        (Language.ENGLISH, "1 day left", "3 days left", "14 days left"),
        (Language.UZBEK_LATIN, "1 kun qoldi", "3 kun qoldi", "14 kun qoldi"),
        (Language.TAJIK, "1 рӯз монд", "3 рӯз монд", "14 рӯз монд"),
        (Language.CHINESE, "还剩 1 天", "还剩 3 天", "还剩 14 天"),
        (Language.DARI, "\u20681\u2069 روز مانده", "\u20683\u2069 روز مانده", "\u206814\u2069 روز مانده"),
    ],
)
def test_days_are_counted_as_the_language_does(language: Language, one: str, few: str, many: str) -> None:
    assert [told(Kind.DEADLINE_NEAR, language, days).title for days in (1, 3, 14)] == [one, few, many]


@in_each
@pytest.mark.parametrize("kind", [Kind.DEADLINE_NEAR, Kind.PAPER_EXPIRING])
def test_of_the_last_day_no_number_is_told(kind: Kind, language: Language) -> None:
    assert not re.search(r"\d", told(kind, language, 0).title)


@pytest.mark.parametrize(
    ("language", "day"),
    [
        (Language.RUSSIAN, "вторник, 12 мая 2026\u00a0г."),
        (Language.UZBEK_LATIN, "seshanba, 12-may, 2026"),
        (Language.UZBEK_CYRILLIC, "сешанба, 12 май, 2026"),
        (Language.DARI, "سه‌شنبه 12 می 2026"),
        (Language.CHINESE, "2026年5月12日星期二"),
        (Language.ENGLISH, "Tuesday, 12 May 2026"),
    ],
)
def test_days_are_gregorian_and_in_latin_digits(language: Language, day: str) -> None:
    assert Reader(language).day(date(2026, 5, 12)) == day


@in_each
def test_every_day_of_a_year_is_told_with_its_number_and_year(language: Language) -> None:
    words = Reader(language)
    for number in range(0, 365, 5):
        day = date(2026, 1, 1) + timedelta(days=number)
        digits = {int(found) for found in re.findall("[0-9]+", words.day(day))}
        assert {day.day, day.year} <= digits
        assert not OTHER_DIGITS.search(words.day(day))


def test_facts_between_words_written_from_the_right_are_isolated() -> None:
    said = told(Kind.VISIT_TOMORROW, Language.DARI)
    assert said.title.count("\u2068") == said.title.count("\u2069") == 1
    assert "\u206810:30\u2069" in said.title
    assert "\u2068" not in told(Kind.VISIT_TOMORROW, Language.UZBEK_LATIN).brief


def test_what_is_cut_leaves_no_isolate_open() -> None:
    text = "\u2068" + "واژه " * 60 + "\u2069"
    cut = messages.cut(text, BODY_LIMIT)
    assert len(cut) <= BODY_LIMIT
    assert cut.count("\u2068") == cut.count("\u2069")
    assert messages.cut("x" * 300, 20) == "x" * 18 + "…"
    assert messages.cut("a word or two", 20) == "a word or two"


def test_the_fullest_text_that_the_facts_allow_is_told() -> None:
    def brief(**known: Any) -> str:
        return told(Kind.STEP_DONE, Language.ENGLISH, step="Exam", **known).brief

    assert brief(next_step="Patent", next_day=date(2026, 5, 12)) == "Exam. Next: Patent, by Tuesday, 12 May 2026."
    assert brief(next_step="Patent", next_day=None) == "Exam. Next: Patent."
    assert brief(next_step=None, next_day=None) == "Exam. Nothing else has to be done now."
    unoffered = told(Kind.POINT_CLOSED, Language.ENGLISH, offer_at=None).brief
    assert unoffered.endswith("Please choose another time.")


def test_an_answer_on_the_same_day_is_told_by_the_hour() -> None:
    by = datetime(2026, 9, 20, 18, 0, tzinfo=KAZAN)
    assert "Answer by 18:00." in told(Kind.WAITLIST_OFFER, Language.ENGLISH, answer_by=by).brief
    assert "Answer by Monday, 21 September 2026 10:30." in told(Kind.WAITLIST_OFFER, Language.ENGLISH).brief


@pytest.mark.parametrize("kind", Kind)
def test_a_message_without_its_facts_is_refused(kind: Kind) -> None:
    with pytest.raises(ValueError, match="facts are missing"):
        message(kind, "0197", Facts(on=date(2026, 9, 20)), Reader(Language.ENGLISH))


def test_every_kind_has_its_template_its_name_and_if_essential_its_warning() -> None:
    assert set(TEMPLATES) == set(KINDS) == set(LABELS) == set(Kind)
    assert set(WARNINGS) == {kind for kind, rule in KINDS.items() if rule.essential}
    words = Reader(Language.TAJIK)
    assert {kind for kind in Kind if messages.warning(kind, words)} == set(WARNINGS)
    assert all(messages.label(kind, words) for kind in Kind)


@in_each
def test_papers_and_readers_have_names(language: Language) -> None:
    words = Reader(language)
    assert len({paper_name(kind, words) for kind in DocumentKind}) == len(DocumentKind)
    assert len({reader_name(role, words) for role in (*READERS, "somebody else")}) == len(READERS) + 1


@in_each
def test_a_digest_tells_how_many(language: Language) -> None:
    for count in (2, 5, 21):
        assert str(count) in messages.digest_title(count, Reader(language))
    assert catalogue(Language.ENGLISH).texts == {}
