"""Shows addresses that a model wrote instead of linking them: one could carry a secret away."""

from __future__ import annotations

import re

_CODE = re.compile(r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\(\s*<?([^)\s>]*)[^)\n]*\)?")
_DEFINITION = re.compile(r"^([ \t]*)\[(?=[^\]\n]+\]:)", re.MULTILINE)
# With a scheme, or what Telegram makes a link of by itself: a host with a top-level domain.
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bmailto:|\btel:)[^\s<>`\"']+"
    r"|\b(?:[\w-]+\.)+[^\W\d_]{2,}(?:[/?:#][^\s<>`\"']*)?",
    re.IGNORECASE,
)
_TAIL = ".,;:!?)]}*_"


def defang(text: str, known: str = "") -> str:
    """The text with every address as code, except those that stand in ``known``.

    Markdown links become their text and their address; code stays as it is.
    """

    def bare(found: re.Match[str]) -> str:
        address = found[0].rstrip(_TAIL)
        if address in known:
            return found[0]
        return f"`{address}`{found[0][len(address) :]}"

    def linked(found: re.Match[str]) -> str:
        label, address = found[1], found[2].replace("`", "")
        if address and address in known:
            return found[0]
        if not address or label in {"", address}:
            return f"`{address or label}`"
        return f"{label} (`{address}`)"

    parts = _CODE.split(text)
    for at in range(0, len(parts), 2):
        plain = _DEFINITION.sub(r"\1\\[", _LINK.sub(linked, parts[at]))
        pieces = _CODE.split(plain)
        pieces[::2] = [_ADDRESS.sub(bare, piece) for piece in pieces[::2]]
        parts[at] = "".join(pieces)
    return "".join(parts)
