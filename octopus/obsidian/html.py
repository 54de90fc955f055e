"""For knowing where a block of HTML ends: what is in it is not Markdown."""

from __future__ import annotations

import re

_BLANK = re.compile(r"^[ \t]*+$", re.MULTILINE)
_QUOTE_END = re.compile(r"^(?:[ \t>]*+$|(?![ \t>]*>))", re.MULTILINE)
# The start conditions of HTML blocks, CommonMark 0.31 section 4.6.
_RAW = re.compile(r"<(?:script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE)
_RAW_END = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
_ELEMENT = re.compile(
    r"</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd"
    r"|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]"
    r"|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup"
    r"|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)"
    r"(?=[\s>]|/>|$)",
    re.IGNORECASE,
)
_ALONE = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*+(?:\s[^<>\n]*+)?+>[ \t]*+$")
_DECLARATIONS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))


def html_end(text: str, at: int, end: int, *, interrupts: bool, quoted: bool = False) -> int | None:
    """Where the HTML block ends that starts at ``at``, in the line ending at ``end``; else None.

    ``interrupts``: a paragraph is open, which a lone unknown element cannot end.
    ``quoted``: the block is in a quote and ends with it.
    """
    if _RAW.match(text, at, end):
        close = _RAW_END.search(text, at)
        return close.end() if close else len(text)
    for opening, closing in _DECLARATIONS:
        if text.startswith(opening, at):
            found = text.find(closing, at + len(opening))
            return found + len(closing) if found >= 0 else len(text)
    if _ELEMENT.match(text, at, end) or (not interrupts and _ALONE.match(text, at, end)):
        blank = (_QUOTE_END if quoted else _BLANK).search(text, end + 1)
        return blank.start() - 1 if blank else len(text)
    return None
