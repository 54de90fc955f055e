"""The same is read by every Python 3.11: the earliest took up a failed group in its middle."""

from __future__ import annotations

import pytest

from octopus.obsidian.scan import scan


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[[C]]", ["C"]),
        ("[[a]b]]", ["a]b"]),
        ("[[a[b]]", ["a[b"]),
        ("[[a[[b]]", ["b"]),
        ("[[a]", []),
        ("[t](a(b))", ["a(b)"]),
        ("[t](a(b )", []),
        ('[t](a "b")', ["a"]),
        ('[t](a "b)', []),
        ("[t](a 'b) c'", []),
        ("[t[u](a)", ["a"]),
        ("[t[u]](a)", ["a"]),
    ],
)
def test_links_that_begin_like_one_and_are_none(text: str, links: list[str]) -> None:
    assert [link.target for link in scan(text).links] == links


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("x [a::b]", [("a", "b")]),
        ("x [a:b::c]", [("a:b", "c")]),
        ("x [a::[[b]]]", [("a", "[[b]]")]),
        ("x [a::[b]c]", [("a", "[b]c")]),
        ("x (a::(b)c)", [("a", "(b)c")]),
        ("x [a::[[]:b]", []),
        ("x (a::(b", []),
    ],
)
def test_fields_that_begin_like_one_and_are_none(text: str, fields: list[tuple[str, str]]) -> None:
    assert [(field.key, field.value) for field in scan(text).fields] == fields


def test_a_name_of_thousands_of_brackets_is_none() -> None:
    assert len(scan(f"[[{']a' * 900}]]").links) == 1
    assert scan(f"[[{']a' * 5000}]]").links == ()
