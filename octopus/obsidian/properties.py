"""For reading the properties of a note: YAML 1.2 as Obsidian reads it, nothing guessed.

Dates, times, "yes" and numbers with leading zeros stay the text that they are. The plain forms that
Obsidian itself writes are read by a quick path; everything else goes through ruamel.yaml.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from octopus.errors import Sentence
from octopus.obsidian.inline import WIKI
from octopus.obsidian.note import Link

_OPEN = re.compile(r"---[ \t]*\n")
_CLOSE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_HEX = re.compile(r"0x[0-9a-fA-F]{1,15}")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# The quick path: a key, and a value that is plain, quoted without escapes, or a list of such.
_PLAIN = r"(?:[^\s\[\]{}#&*!|>'\"%@`,?:-]|[-](?=[^\s,\[\]{}]))(?:[^\n:#]|:(?=[^\s])|(?<=[^\s])#)*"
_QUOTED = r"\"[^\"\\\n]*\"|'[^'\n]*'"
_KEY = r"[A-Za-z_\u00c0-\u02ff\u0370-\u1fff\u3040-\ud7ff][^\n:#\"'\[\]{},&*!|>%@`\\]*"
_LINE = re.compile(
    rf"(?P<key>{_KEY}):(?:[ \t]+(?:(?P<plain>{_PLAIN})|(?P<quoted>{_QUOTED})"
    r"|\[(?P<flow>[^\[\]\n]*)\])?)?[ \t]*"
)
_ENTRY = re.compile(rf"(?P<indent> *)- +(?:(?P<plain>{_PLAIN})|(?P<quoted>{_QUOTED}))[ \t]*")
_FLOW_ENTRY = re.compile(
    r"[ \t]*(?:(?P<plain>[^\s\[\]{}#&*!|>'\"%@`,?:-][^,\[\]{}:#'\"\n]*)"
    rf"|(?P<quoted>{_QUOTED}))[ \t]*(?:,|$)"
)
_NO_YAML = Sentence("they are not valid YAML", "properties.no_yaml")
_MAX_YAML = 200_000  # characters that are handed to the YAML reader
_MAX_NODES = 20_000  # values after aliases are followed: a bomb of aliases stops here
_MAX_DEPTH = 60

LISTS = ("tags", "aliases", "cssclasses")


class Frontmatter(NamedTuple):
    """Where the properties are: the text between the fences, and where the body starts."""

    start: int
    end: int
    body: int


class _Unquick(Exception):
    """Not one of the plain forms."""


def frontmatter(text: str) -> Frontmatter | None:
    """The properties' place: "---" in the very first line and again in a later one."""
    opening = _OPEN.match(text)
    if opening is None:
        return None
    close = _CLOSE.search(text, opening.end())
    if close is None:
        return None
    return Frontmatter(opening.end(), close.start(), min(close.end() + 1, len(text)))


def scalar(text: str) -> Any:
    """The value of a plain scalar: null, a boolean, a number, or else the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "-+.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return int(text, 16) if _HEX.fullmatch(text) else text


def parse(text: str) -> tuple[dict[str, Any], str]:
    """The properties in ``text`` (between the fences), and why they cannot be read, or ""."""
    if not text.strip():
        return {}, ""
    try:
        return _quick(text), ""
    except _Unquick:
        pass
    if text.lstrip()[0] == "{":
        try:
            value = json.loads(text, parse_constant=str)
            return (value, "") if isinstance(value, dict) else ({}, "not a set of properties")
        except (ValueError, RecursionError):
            pass  # a YAML flow mapping looks alike
    return _slow(text)


def _unquote(text: str) -> str:
    return text[1:-1]


def _quick(text: str) -> dict[str, Any]:
    """The plain forms, line by line. Raises _Unquick at the first thing that is not plain."""
    values: dict[str, Any] = {}
    key, entries, indent = "", None, ""
    for line in text.split("\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            entries, indent = _quick_entry(line, key, entries, indent, values)
            continue
        key, entries = match.group("key").rstrip(), None
        if key in values or key == "<<":
            raise _Unquick
        kind = match.lastgroup
        if kind == "plain":
            values[key] = scalar(match.group("plain").rstrip())
        elif kind == "quoted":
            values[key] = _unquote(match.group("quoted"))
        elif kind == "flow":
            values[key] = _flow(match.group("flow"))
        else:
            values[key] = None
    return values


def _quick_entry(
    line: str, key: str, entries: list[Any] | None, indent: str, values: dict[str, Any]
) -> tuple[list[Any] | None, str]:
    """One line that is no property: an entry of the list below ``key``, blank, or a comment."""
    if not line.strip(" "):
        return entries, indent
    match = _ENTRY.fullmatch(line)
    if match is None:
        if line.lstrip(" ")[:1] == "#":
            return entries, indent
        raise _Unquick
    if entries is None:
        if not key or values[key] is not None:
            raise _Unquick
        entries, indent = [], match.group("indent")
        values[key] = entries
    elif match.group("indent") != indent:
        raise _Unquick
    plain = match.group("plain")
    entries.append(scalar(plain.rstrip()) if plain is not None else _unquote(match.group("quoted")))
    return entries, indent


def _flow(text: str) -> list[Any]:
    if not text.strip(" \t"):
        return []
    found: list[Any] = []
    at = 0
    while at < len(text):
        match = _FLOW_ENTRY.match(text, at)
        if match is None:
            raise _Unquick
        plain = match.group("plain")
        found.append(
            scalar(plain.rstrip()) if plain is not None else _unquote(match.group("quoted"))
        )
        at = match.end()
    return found


def compose(text: str) -> tuple[Any, str]:
    """The YAML node of ``text`` with the places of everything in it, and what is wrong, or ""."""
    # ruamel.yaml is loaded on need: most notes never need it, and it costs a tenth of a second.
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    if len(text) > _MAX_YAML:
        return None, Sentence("they are too long", "properties.long")
    if _deep(text):
        return None, Sentence("they are nested too deeply", "properties.deep")
    try:
        return YAML(typ="safe", pure=True).compose(text), ""
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or _NO_YAML
        return None, _at_line(mark.line + 2, problem) if mark else problem
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        # The scanner trips over some garbage with errors that are not its own.
        return None, _NO_YAML


def _at_line(line: int, problem: str) -> Sentence:
    return Sentence("line {line}: {problem}", "properties.line", line=line, problem=problem)


def _deep(text: str) -> bool:
    """Whether flow brackets or indentation nest deeper than any person's properties do."""
    depth = 0
    for char in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if char in "[{" else max(0, depth - 1)
        if depth > _MAX_DEPTH:
            return True
    longest = max((len(found) for found in re.findall(r"^(?: |- |\? )+", text, re.M)), default=0)
    return longest > 4 * _MAX_DEPTH


def _slow(text: str) -> tuple[dict[str, Any], str]:
    node, error = compose(text)
    if error or node is None:
        return {}, error
    try:
        value = _value(node, [_MAX_NODES], 0)
    except ValueError as wrong:
        return {}, wrong.args[0]
    if value is None:
        return {}, ""
    if not isinstance(value, dict):
        return {}, Sentence("they are not names with values", "properties.no_names")
    return value, ""


def _value(node: Any, budget: list[int], depth: int) -> Any:
    """A node as a value that JSON can hold. ``budget`` is what may still be made."""
    budget[0] -= 1
    if budget[0] < 0 or depth > _MAX_DEPTH:
        raise ValueError(Sentence("they are too large", "properties.large"))
    kind = node.id
    if kind == "sequence":
        return [_value(each, budget, depth + 1) for each in node.value]
    if kind == "mapping":
        found: dict[str, Any] = {}
        for name, value in node.value:
            if name.id != "scalar":
                raise ValueError(
                    Sentence("one has a list or a map as its name", "properties.odd_name")
                )
            if name.value in found:
                raise ValueError(
                    Sentence("“{name}” is there twice", "properties.twice", name=name.value)
                )
            found[name.value] = _value(value, budget, depth + 1)
        return found
    if node.style is None and str(node.tag) != "tag:yaml.org,2002:str":
        return scalar(node.value)
    return scalar(node.value) if node.style is None and not node.value else node.value


def named(properties: Mapping[str, Any], name: str) -> Any:
    """A reserved property. Obsidian honours its name in lower case and in capitals."""
    return properties[name] if name in properties else properties.get(name.upper())


def tags_of(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """The tags among the properties without "#".

    A list, or one single word: Obsidian takes "a, b" in a text property for no tags at all.
    """
    value = named(properties, "tags")
    found: dict[str, str] = {}
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, str):
            continue
        name = each.strip().removeprefix("#").rstrip("/")
        if name and not _NO_TAG.search(name) and not (name.isascii() and name.isdigit()):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


_NO_TAG = re.compile(
    r"[\s\ufeff\u2000-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\]"
)  # the same characters that end a tag in the text


def aliases_of(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """The aliases. A text with commas is read as several: generous to old notes, never written."""
    value = named(properties, "aliases")
    if isinstance(value, str):
        value = value.split(",")
    elif not isinstance(value, list):
        value = [value]
    names = (str(each).strip() for each in value if isinstance(each, str | int | float))
    return tuple(dict.fromkeys(name for name in names if name))


def links_of(properties: Mapping[str, Any]) -> list[Link]:
    """Links in text properties and lists of them: they count in Obsidian's graph."""
    found: list[Link] = []
    _collect(properties, "", found)
    return found


def _collect(value: Any, name: str, found: list[Link]) -> None:
    if isinstance(value, str):
        if "[[" in value:
            found.extend(_property_link(match, name) for match in WIKI.finditer(value))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            _collect(each, f"{name}.{key}" if name else str(key), found)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _collect(each, f"{name}.{index}", found)


def _property_link(match: re.Match[str], name: str) -> Link:
    written, bar, label = match.group(1).partition("|")
    path, mark, sub = written.partition("#")
    subpath = f"#{sub.strip()}" if mark else ""
    kind = "property"
    return Link(kind, path.strip(), subpath, label if bar else None, None, -1, -1, False, name)
