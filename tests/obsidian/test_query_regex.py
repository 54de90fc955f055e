"""Regular expressions mean what they mean to JavaScript, or are refused with the reason.

What is expected was told by Node.js 20, with the flags ``im`` and, where it takes it, ``u``.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.query_regex import (
    Unreadable,
    as_python,
    compiled,
    fits_anything,
    only_latin,
)


def first(pattern: str, text: str, flags: str = "", *, cased: bool = False) -> str | None:
    match = compiled(pattern, flags, cased).search(text)
    return None if match is None else match.group()


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\d{4}-\d{2}", "on 2026-11-21", "2026-11"),
        (r"\d", "٣", None),
        (r"\D", "٣", "٣"),
        (r"\w+", "мама mia", "mia"),
        (r"\W", "aé", "é"),
        (r"\bмама\b", "мама", None),
        (r"\bpump\b", "a pump.", "pump"),
        (r"\B", "", ""),
        (r"[\w-]+", "é tea-time", "tea-time"),
        (r"[^\W]", "é_", "_"),
        (r"[\D]", "12x", "x"),
        (r"[\S]", " \t\ufeffy", "y"),
        (r"\s", "a\ufeffb", "\ufeff"),
        (r"\s", "a\x1fb", None),
        (r"[\b]", "a\x08", "\x08"),
        (r"a\/b", "a/b", "a/b"),
        (r"[/]", "a/b", "/"),
        (r"\-\e\y", "-ey", "-ey"),
        (r"\x41\u0042\u{43}", "ABC", "ABC"),
        (r"\u{1F600}+", "😀😀", "😀😀"),
        (r"\uD83D\uDE00+", "😀😀", "😀😀"),
        (r"\cJ", "a\nb", "\n"),
        (r"\t\v\f\r\n", "\t\v\f\r\n", "\t\v\f\r\n"),
        (r"\0", "a\0", "\0"),
        (r"\101\8", "A8", "A8"),
        (r"(?<year>\d+)-\k<year>", "7-77-7", "7-7"),
        (r"\k<n>", "k<n>", "k<n>"),
        (r"(?<a>x)|(?<b>y)\k<a>z", "yz", "yz"),
        (r"(a)?\1b", "b", "b"),
        (r"\1(a)", "a", "a"),
        (r"(a\1)", "a", "a"),
        (r"\k<n>(?<n>a)", "a", "a"),
        (r"(?<=€)\d+(?!\d|%)", "€10% €25", "25"),
        (r"(?<!€)\bx", "€x x", "x"),
        (r"^b$", "a\r\nb\r\nc", "b"),
        (r"^b", "a\u2028b", "b"),
        (r".+", "\n\r\u2028ab\u2029c", "ab"),
        (r"[^]+", "a\nb", "a\nb"),
        (r"a[]", "a", None),
        (r"a{,2}", "a{,2}", "a{,2}"),
        (r"a{", "a{", "a{"),
        (r"{x}]", "{x}]", "{x}]"),
        (r"a{2,}?", "aaaa", "aa"),
        (r"[a-c]+", "xabcd", "abc"),
        (r"[a\-c]+", "b-c", "-c"),
        (r"[\w-z]+", "a-z", "a-z"),
        (r"[-a]+", "b-a", "-a"),
        (r"[[a&&b||~~-]+", "x[&&||~~-", "[&&||~~-"),
        (r"(?:ab|c)+", "abcab", "abcab"),
        (r"(?-i:A)b", "aB AB", "AB"),
        (r"STRASSE", "strasse", "strasse"),
    ],
)
def test_means_the_same(pattern: str, text: str, found: str | None) -> None:
    assert first(pattern, text) == found


def test_flags() -> None:
    assert first("a.b", "a\nb") is None
    assert first("a.b", "a\nb", "s") == "a\nb"
    assert first("A", "a", "gmu") == "a"
    assert first("A", "a", cased=True) is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("[", "square bracket is not closed"),
        ("[a-", "square bracket is not closed"),
        ("[a\\", "backslash"),
        ("(a", "bracket is not closed"),
        ("a)", "closing bracket too many"),
        ("*", "nothing that “*”"),
        ("a|*", "nothing that “*”"),
        ("a++", "nothing that “+”"),
        ("a{2}{3}", "nothing that “{3}”"),
        ("{2}", "nothing that “{”"),
        ("^*", "nothing that “*”"),
        (r"\b+", "nothing that “+”"),
        ("(?=x)*", "nothing that “*”"),
        ("(?<=x){2}", "nothing that “{2}”"),
        ("[z-a]", "goes backwards"),
        ("a\\", "backslash"),
        ("(?i)a", "a kind that JavaScript"),
        ("(?P<n>a)", "a kind that JavaScript"),
        ("(?>a)", "a kind that JavaScript"),
        ("(?#a)", "a kind that JavaScript"),
        ("(?<n>a)(?<n>b)", "two groups are called n"),
        (r"(?<n>a)\k<m>", "no group is called m"),
        (r"\p{L}", "kinds of characters"),
        (r"[\P{Lu}]", "kinds of characters"),
        (r"\u{110000}", "no character 110000"),
        ("(?<=a+)b", "fixed length"),
        ("(?<=(b)\\1)", "cannot refer"),
        ("a{99999999999}", "too large"),
        ("(" * 1500 + ")" * 1500, "too large"),
    ],
)
def test_refuses_what_means_nothing_or_something_else(pattern: str, why: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(why)):
        compiled(pattern, "", False)


@given(st.text(alphabet="ab1é[](){}?*+|^$.\\-/<>=!:,dwsbkuxpn", max_size=12))
def test_is_python_or_refused(pattern: str) -> None:
    try:
        ready = compiled(pattern, "", False)
    except Unreadable:
        return
    ready.search("ab 1é")
    assert ready.pattern == as_python(pattern)


@given(st.text(max_size=20))
def test_an_escaped_text_finds_itself(text: str) -> None:
    escaped = re.sub(r"([\\^$.*+?()\[\]{}|/])", r"\\\1", text)
    assert first(escaped, f"({text})", cased=True) == text


@pytest.mark.parametrize(
    ("pattern", "anything"),
    [("a*", True), (".*", True), ("^", True), ("(?:)", True), ("^$", False), (".", False)],
)
def test_knows_what_asks_for_nothing(pattern: str, anything: bool) -> None:
    assert fits_anything(compiled(pattern, "", False)) is anything


def test_knows_where_letters_may_be_missed() -> None:
    assert only_latin(r"\bмама\b")
    assert not only_latin("мама")
    assert not only_latin(r"\bmama\b")


@pytest.mark.parametrize(
    ("pattern", "key", "values"),
    [
        ("(a", "regex.open", {}),
        ("a{2}{3}", "regex.repeat", {"sign": "{3}"}),
        (r"\p{L}", "regex.kind", {"kind": r"\p{L}"}),
        ("[z-a]", "regex.range", {"first": "z", "last": "a"}),
        ("a{3,2}", "regex.bounds", {}),
    ],
)
def test_the_reason_can_be_said_in_other_languages(
    pattern: str, key: str, values: dict[str, str]
) -> None:
    with pytest.raises(Unreadable) as refused:
        compiled(pattern, "", False)
    assert (refused.value.why.key, refused.value.why.values) == (key, values)
