"""Compiles the sentence templates of the language data, and knows when one can be skipped.

``(a|b)`` is a choice, ``[x]`` may be missing (they do not nest), ``{name}`` is what is wanted;
everything else is itself. ``[please] note {text}`` fits "note x" and "please note x".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from octopus.language.token import fold, words

_PART = re.compile(r"\{(\w+)\}|(\s+)|([\[\](|)])|([^\s{}\[\](|)]+)")
_TOP = re.compile(r"\[[^\]]*\]|\{[^}]*\}|\([^)]*\)|[^\s\[\](){}]+")  # brackets do not nest
_POINTS = set(".,:;!?-'\"")
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
    "place": r"[^\n:,]{2,60}?",
    "url": r"https?://\S+",
    "old": r"(?:\"[^\"\n]+\"|[^\n]{1,160}?)",
    "new": r"(?:\"[^\"\n]+\"|[^\n]{1,160}?)",
    "name": r"[^\n:]{1,60}?",
    "value": r"[^\n]+?",
    "tag": r"#?[^\s#]{1,80}",
    "folder": r"[^\n]{1,160}?",
    "template": _SHORT,
    "into": _SHORT,
    "title": _SHORT,
    "level": _SHORT,
    "often": _SHORT,
    "day": _SHORT,
    "words": r"[^\n]+?",
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
        for piece in _TOP.findall(fold(self.said)):
            if piece[0] in "[{":
                continue
            choices = piece[1:-1].split("|") if piece[0] == "(" else [piece]
            heads = {first for choice in choices for first in words(choice)[:1]}
            if len(heads) <= len(choices) and heads and not heads & _POINTS:
                return frozenset(heads)
        return frozenset()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled template: it fits a whole folded message."""
        return re.compile(rf"[\s¿¡]*{_regex(self.said)}[\s.!?]*", re.DOTALL)


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
