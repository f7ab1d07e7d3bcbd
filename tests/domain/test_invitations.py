"""Codes that go from phone to phone, and the name that a host sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pathways.invitations import LENGTH, read, short_name, written


@given(st.lists(st.integers(0, 31), min_size=LENGTH, max_size=LENGTH))
def test_a_code_is_read_however_it_is_typed(numbers: list[int]) -> None:
    code = written(numbers)
    assert len(code) == LENGTH + 1
    plain = code.replace("-", "")
    typed = {code, code.lower(), plain, f" {plain[:2]} {plain[2:]} ", code.replace("0", "O").replace("1", "l")}
    assert {read(text) for text in typed} == {plain}


@pytest.mark.parametrize("text", ["", "-", "7K2M-90Q", "7K2M-90QXX", "7K2M-90QU", "7К2М-90QХ", "7K2M_90QX"])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("name", "short"),
    [("AZIZ KARIMOV", "AZIZ K."), ("ANNA MARIA ERIKSSON", "ANNA E."), ("ARKFREITH", "ARKFREITH"), ("", "")],
)
def test_a_host_sees_a_first_name_and_an_initial(name: str, short: str) -> None:
    assert short_name(name) == short
