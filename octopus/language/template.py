"""Compiles the sentence templates of the language data, and knows when one can be skipped.

``(a|b)`` is a choice, ``[x]`` may be missing, ``{name}`` is what is wanted; everything else is
itself. ``[please] note {text}`` fits "note x" and "please note x".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from octopus.language.token import fold, words

_PART = re.compile(r"\{(\w+)\}|(\s+)|([\[\](|)])|([^\s{}\[\](|)]+)")
_SHORT = r"[^\n]{1,160}?"
_SLOTS = {  # a name fits on one line, a text may go on
    "text": r".+",
    "note": _SHORT,
    "from": _SHORT,
    "to": _SHORT,
    "heading": _SHORT,
    "list": r"[^\n:,]{1,60}?",
    "date": r"[^\n]{1,60}?",
    "when": r"[^\n]{1,80}?",
    "query": r".+?",
    "question": r".+",
    "change": r".+",
    "url": r"https?://\S+",
}
_SIGNS = {"(": "(?:", "[": "(?:", "|": "|", ")": ")", "]": ")?"}
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Template:
    """One way to say something: the intent, how it is said, and arguments that follow from it."""

    intent: str
    said: str
    args: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def needs(self) -> frozenset[str]:
        """Words of which a message must have at least one; empty when any message may fit."""
        best: frozenset[str] = frozenset()
        for piece in _top_level(fold(self.said)):
            if piece.startswith(("[", "{")):
                continue
            choices = piece[1:-1].split("|") if piece.startswith("(") else [piece]
            if any(set("[]()") & set(choice) for choice in choices):
                continue
            firsts = [words(choice)[:1] for choice in choices]
            heads = frozenset(first[0] for first in firsts if first and first[0].isalnum())
            if heads and len(heads) == len(set(choices)):
                return heads
        return best

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled template: it fits a whole folded message."""
        return re.compile(rf"[\s¿¡]*{_regex(self.said)}[\s.!?]*", re.DOTALL)


def _top_level(said: str) -> list[str]:
    """The template's parts at its outermost level."""
    parts: list[str] = []
    depth = 0
    for char in said:
        if char in "[({" and depth == 0:
            parts.append("")
        elif char.isspace() and depth == 0:
            parts.append("")
            continue
        if not parts:
            parts.append("")
        depth += (char in "[({") - (char in "])}")
        parts[-1] += char
        if char in "])}" and depth == 0:
            parts.append("")
    return [part for part in parts if part]


def _regex(said: str) -> str:
    """The template as a regular expression over folded text."""
    out: list[str] = []
    for match in _PART.finditer(said):
        name, space, sign, literal = match.groups()
        if name:
            out.append(f"(?P<{name}>{_SLOTS[name]})")
        elif space:
            out.append(r"\s*")
        elif sign:
            out.append(_SIGNS[sign])
        else:
            out.append(_literal(fold(literal)))
    return "".join(out)


def _literal(literal: str) -> str:
    """A word that is a whole word in the message; Han text has no gaps between its words."""
    if _HAN.search(literal):
        return re.sub(r"[:,]", r"\\s*\g<0>\\s*", literal)
    before = r"(?<![^\W_])" if literal[0].isalnum() else ""
    after = r"(?![^\W_])" if literal[-1].isalnum() else ""
    return before + re.sub(r"(?:\\)?([:,])", r"\\s*\1\\s*", re.escape(literal)) + after
