"""Wording that leaves people out is stopped with its reason; ordinary vacancies pass."""

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.wording.folding import folded
from app.domain.wording.kinds import REASONS, Kind
from app.domain.wording.lint import findings

TEXTS = Path(__file__).parent / "wording"
ORDINARY = TEXTS.joinpath("ordinary.txt").read_text(encoding="utf-8").splitlines()
STOPPED = [
    (Kind(kind), text)
    for line in TEXTS.joinpath("discriminating.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for kind, text in [line.split(" | ")]
]


def test_ordinary_vacancies_pass() -> None:
    stopped = {text: [(found.kind, found.text) for found in findings(text)] for text in ORDINARY}
    assert {text: found for text, found in stopped.items() if found} == {}
    assert len(set(ORDINARY)) >= 200


@pytest.mark.parametrize("kind", Kind)
def test_every_discriminating_text_is_stopped_as_what_it_is(kind: Kind) -> None:
    texts = [text for of_kind, text in STOPPED if of_kind is kind]
    assert len(texts) >= 10
    assert [text for text in texts if kind not in {found.kind for found in findings(text)}] == []


def test_there_are_texts_of_each_kind_in_both_languages() -> None:
    count = Counter((kind, text.isascii()) for kind, text in STOPPED)
    assert all(count[kind, in_english] >= 5 for kind in Kind for in_english in (True, False))


def test_a_finding_stands_where_it_says_and_has_a_reason_in_both_languages() -> None:
    text = "Сварщик. Только  с л а в я н е, оплата сдельная."
    (found,) = findings(text)
    assert found.text == text[found.start : found.end] == "Только  с л а в я н е"
    assert found.kind is Kind.NATIONALITY
    assert "гражданство" in found.reason.russian
    assert "citizenship" in found.reason.english
    assert "13.11.1" in found.reason.law
    assert set(REASONS) == set(Kind)


def test_a_long_vacancy_is_stopped_for_one_line_of_it() -> None:
    text = "\n".join([*ORDINARY, "Мужчины от 25 до 40 лет, прописка РТ.", *ORDINARY])
    assert {found.kind for found in findings(text)} == {Kind.SEX, Kind.AGE, Kind.RESIDENCE}


WORDS = "только|не берем|без|женщина|русский|пол, возраст и|18-|от 18|регистрация в|а-|men and|no|looking for a|age,"


@pytest.mark.parametrize("word", WORDS.split("|"))
def test_no_text_takes_long_to_read(word: str) -> None:
    """The longest vacancy there may be, of the words that rules begin with."""
    text = (f"{word} " * 8000)[:8000]
    begun = time.process_time()
    findings(text)
    assert time.process_time() - begun < 2


LETTERS = st.text(st.sampled_from("ТОЛЬКОславянеabcё 3046.-*·'\u200b\u0301Ⅳﬁ\n!"), max_size=60)


@given(LETTERS)
def test_folding_keeps_places_in_order(text: str) -> None:
    meant = folded(text)
    assert len(meant.text) == len(meant.places)
    assert list(meant.places) == sorted(meant.places)
    assert all(0 <= place < len(text) for place in meant.places)


@settings(max_examples=40)
@given(st.sampled_from(STOPPED), st.sampled_from(["\u200b", "\u00ad", "\u2060"]), st.data())
def test_invisible_characters_hide_nothing(stopped: tuple[Kind, str], hidden: str, data: st.DataObject) -> None:
    kind, text = stopped
    place = data.draw(st.integers(0, len(text)))
    assert kind in {found.kind for found in findings(text[:place] + hidden + text[place:])}


@settings(max_examples=40)
@given(st.sampled_from(STOPPED))
def test_capitals_hide_nothing(stopped: tuple[Kind, str]) -> None:
    kind, text = stopped
    assert kind in {found.kind for found in findings(text.upper())}
