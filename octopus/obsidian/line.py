"""For recognising what a line of a note begins with.

Every pattern is possessive where it could otherwise try twice.
"""

from __future__ import annotations

import re

# The quote marks and the indentation of a line.
PREFIX = re.compile(r"((?:[ \t]*+>)*+)([ \t]*+)")
HEADING = re.compile(r"#{1,6}(?=[ \t]|$)")
FENCE = re.compile(r"`{3,}+(?=[^`\n]*+$)|~{3,}+")
ITEM = re.compile(r"([-*+]|[0-9]{1,9}[.)])(?:([ \t]++)(?:\[(.)\](?=[ \t]|$))?|$)")
BEGINS = re.compile(
    r"#{1,6}(?:[ \t]|$)|`{3}|~{3}|(?:[-*+]|1[.)])(?:[ \t]|$)|\$\$|%%|([-_*])(?:[ \t]*\1){2,}[ \t]*$"
)
RULE = re.compile(r"([-*_])(?:[ \t]*+\1){2,}+[ \t]*+$")
SETEXT = re.compile(r"(?:=++|-++)[ \t]*+$")
TABLE = re.compile(r"\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+(?::?-++:?[ \t]*+)?+)*+$")
CALLOUT = re.compile(r"\[!([^\[\]\n]++)\]([+-]?)[ \t]*+([^\n]*+)")
BLOCK_ID = re.compile(r"(?:^|(?<=[ \t]))\^([A-Za-z0-9-]++)[ \t]*+$", re.MULTILINE)


def width(space: str) -> int:
    """The columns that spaces and tabs take at the start of a line."""
    return len(space) if "\t" not in space else len(space.expandtabs(4))


def heading_title(text: str) -> str:
    """A heading's text without the marks that may close it."""
    title = text.strip(" \t")
    bare = title.rstrip("#")
    if bare != title and (not bare or bare[-1] in " \t"):
        return bare.rstrip(" \t")
    return title
