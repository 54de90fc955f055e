"""What is kept of each change comes back byte for byte, and is small."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.backends.sqlite.image import pack, unpack
from octopus.core.effect import Image

TEXTS = st.none() | st.binary(max_size=60) | st.text("ab\n", max_size=40).map(str.encode)


@given(TEXTS, TEXTS)
def test_it_comes_back_as_it_was(before: bytes | None, after: bytes | None) -> None:
    assert unpack(pack(Image(before, after))) == Image(before, after)


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40), st.binary())
def test_a_change_in_the_middle_comes_back(a: bytes, b: bytes, c: bytes, d: bytes) -> None:
    image = Image(a + b + c, a + d + c)
    assert unpack(pack(image)) == image


@pytest.mark.parametrize("size", [1_000, 100_000, 1_000_000])
def test_a_line_more_costs_the_old_text_once(size: int) -> None:
    words = random.Random(1).choices(["lamp", "chair", "bulb", "hall", "green", "table"], k=size)
    text = " ".join(words).encode()[:size]
    before, after, _ = pack(Image(text, text + b"- a line more\n"))
    assert before is not None
    assert after is not None
    assert len(before) < size / 2
    assert len(after) < 60
    before, after, _ = pack(Image(text, text[: size // 2] + b"in between" + text[size // 2 :]))
    assert after is not None
    assert len(after) < 60


def test_what_an_earlier_release_kept_is_read_as_it_is() -> None:
    assert unpack((b"old", b"new", 0)) == Image(b"old", b"new")
