"""Which language a caller is answered in: RFC 4647's lookup over thirteen tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.languages.negotiation import LONGEST_KEPT, reading
from app.domain.languages.traits import TRAITS, WRITTEN
from app.domain.pathways.rules import LANGUAGES
from app.domain.profiles.languages import Language


def test_every_language_is_known_to_the_rules_and_has_its_traits() -> None:
    assert set(TRAITS) == set(Language)
    assert {language.value for language in Language} == LANGUAGES
    assert {traits.besides for traits in TRAITS.values()} == set(WRITTEN)


@pytest.mark.parametrize("language", Language)
def test_each_tag_is_answered_in_its_language_however_it_is_written(language: Language) -> None:
    for tag in (language.value, language.value.upper(), language.value.replace("-", "_"), f"{language.value}-x-old"):
        assert reading(tag).own is language


@pytest.mark.parametrize(
    ("header", "own"),
    [
        ("uz", "uz-Latn"),
        ("uz-UZ", "uz-Latn"),
        ("uz-Cyrl-UZ", "uz-Cyrl"),
        ("uz-Latn-UZ", "uz-Latn"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans-SG", "zh-Hans"),
        ("cmn", "zh-Hans"),
        ("fa", "fa-AF"),
        ("fa-IR", "fa-AF"),
        ("prs-AF", "fa-AF"),
        ("tg-Cyrl-TJ", "tg"),
        ("az-Latn-AZ", "az"),
        ("tr-TR,tr;q=0.9,en-US;q=0.8", "tr"),
        ("de, uz;q=0.3, kk;q=0.5", "kk"),
        ("tg;q=0, ky;q=0.1", "ky"),
        ("en-GB-oxendict", "en"),
        ("uz-a-ext-Cyrl", "uz-Latn"),
        ("de-DE, fr", "en"),
        ("be", "ru"),
        ("tt-RU, de", "ru"),
        ("*", "en"),
        ("*, ky", "ky"),
        ("", "en"),
        ("ky;q=x,,;q=", "en"),
        ("ky;q=nan", "en"),
        (";;;,-,--,q=1", "en"),
    ],
)
def test_the_best_of_our_languages_is_found(header: str, own: str) -> None:
    assert reading(header).own == own


@pytest.mark.parametrize(
    ("header", "written"),
    [
        ("tg", "ru"),
        ("hy-AM", "ru"),
        ("zh-CN", "en"),
        ("vi, ru;q=0.5", "ru"),
        ("tg, en;q=0.5", "en"),
        ("ru", "ru"),
        ("en", "en"),
    ],
)
def test_data_is_told_in_the_written_language_that_the_reader_reads_best(header: str, written: str) -> None:
    """Their own word for it comes first, then what speakers of their language are likely to read."""
    assert reading(header).written == written


@given(st.text(alphabet="abcruztgyfakh-_*;q=0.19, ", max_size=3 * LONGEST_KEPT))
def test_no_header_is_too_strange(header: str) -> None:
    found = reading(header)
    assert found.own in Language
    assert found.written in WRITTEN
    assert reading(header) == found
