"""For setting properties line by line: quotes, order, comments and every other line stay.

Each edit is read back before it is handed out: the property has its new value, all others have
theirs, or the edit is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from octopus.errors import Refused
from octopus.obsidian.edit import Source, open_source
from octopus.obsidian.properties import LISTS, compose, frontmatter, parse
from octopus.obsidian.scan import plain_newlines, shadow
from octopus.obsidian.yaml_text import write_property, write_scalar

Value = str | int | float | bool | Sequence[Any] | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """One property in the text between the fences; offsets count from there."""

    name: str
    start: int
    colon: int  # right after it
    end: int  # after the last line that belongs to it
    node: Any  # its value, with marks

    @property
    def inside(self) -> bool:
        """Whether the value stands where it is used, not at an anchor elsewhere."""
        return bool(self.colon <= self.node.start_mark.index <= self.end)


def set_property(data: bytes, name: str, value: Value) -> bytes:
    """The note with the property ``name`` set to a value or a list. A new one comes last."""
    source = open_source(data)
    key = _spelling(source, name)
    yaml = _yaml(source)
    wanted = list(value) if isinstance(value, list | tuple) else value
    entry = next((each for each in _entries(yaml) if each.name == key), None)
    if entry is None:
        new = yaml + write_property(key, wanted) + "\n"
    elif entry.node.id == "scalar" and entry.inside and not isinstance(wanted, list):
        new = _set_scalar(yaml, entry, wanted)
    else:
        text = write_property("x", wanted).removeprefix("x:")
        new = yaml[: entry.colon] + text + "\n" + yaml[entry.end :]
    return _finish(source, yaml, new, key, wanted)


def remove_property(data: bytes, name: str) -> bytes:
    """The note without the property ``name``; the fences go with the last one."""
    source = open_source(data)
    key = _spelling(source, name)
    if key not in source.note.properties:
        return data
    yaml = _yaml(source)
    entry = next(each for each in _entries(yaml) if each.name == key)
    return _finish(source, yaml, yaml[: entry.start] + yaml[entry.end :], key, _GONE)


def add_to_property(data: bytes, name: str, value: str | int | float) -> bytes:
    """The note with ``value`` in the list ``name``; a single value becomes a list first."""
    source = open_source(data)
    key = _spelling(source, name)
    old = source.note.properties.get(key)
    items = _items(key, old)
    if _has(key, items, value):
        return data
    entry = None
    yaml = _yaml(source)
    if isinstance(old, list):
        entry = next(each for each in _entries(yaml) if each.name == key)
    if entry is None or not entry.inside:
        return set_property(data, key, [*items, value])
    add = _add_flow if entry.node.flow_style else _add_block
    return _finish(source, yaml, add(yaml, entry, value), key, [*items, value])


def remove_from_property(data: bytes, name: str, value: str | int | float) -> bytes:
    """The note without ``value`` in the list ``name``; an empty list stays as "[]"."""
    source = open_source(data)
    key = _spelling(source, name)
    old = source.note.properties.get(key)
    items = _items(key, old)
    left = [each for each in items if not _same(key, each, value)]
    if len(left) == len(items):
        return data
    if not isinstance(old, list) or not left:
        return set_property(data, key, left)
    yaml = _yaml(source)
    entry = next(each for each in _entries(yaml) if each.name == key)
    if entry.node.flow_style or not entry.inside:
        return set_property(data, key, left)
    new = yaml
    for node in reversed(entry.node.value):
        if _same(key, parse(f"x: {_raw(yaml, node)}")[0].get("x"), value):
            start = yaml.rfind("\n", 0, node.start_mark.index) + 1
            end = yaml.find("\n", node.end_mark.index)
            new = new[:start] + new[end + 1 :]
    return _finish(source, yaml, new, key, left)


def merge_properties(data: bytes, values: Mapping[str, Any]) -> bytes:
    """The note with ``values`` added: what it has stays, lists are united, the rest is new.

    Inserting a template and merging two notes do this. What is null in the note counts as missing.
    """
    for name, value in values.items():
        properties = open_source(data).note.properties
        old = properties.get(_match(properties, name))
        if old is None and (value is not None or _match(properties, name) not in properties):
            data = set_property(data, name, value)
        elif isinstance(value, list) and (isinstance(old, list) or name.lower() in LISTS):
            for each in value:
                data = add_to_property(data, name, each)
        elif name.lower() in LISTS and value is not None:
            data = add_to_property(data, name, value)
    return data


_GONE = object()


def _match(properties: Mapping[str, Any], name: str) -> str:
    """The property's own spelling: names are the same whatever their case."""
    if name in properties:
        return name
    return next((each for each in properties if each.casefold() == name.casefold()), name)


def _spelling(source: Source, name: str) -> str:
    return _match(source.note.properties, name.strip())


def _items(key: str, old: Any) -> list[Any]:
    """What is in the property now, as a list; tags in one text count one by one."""
    if isinstance(old, list):
        return list(old)
    if old is None or old == "":
        return []
    if isinstance(old, str) and key.lower() in ("tags", "aliases"):
        return [part.strip() for part in old.split(",") if part.strip()]
    return [old]


def _same(key: str, one: Any, other: Any) -> bool:
    if key.lower() == "tags":
        return str(one).lstrip("#").casefold() == str(other).lstrip("#").casefold()
    return bool(one == other)


def _has(key: str, items: list[Any], value: Any) -> bool:
    return any(_same(key, each, value) for each in items)


def _yaml(source: Source) -> str:
    """The text between the fences with plain newlines, "" where there are no properties."""
    flat = shadow(source.text)
    place = frontmatter(flat)
    if place is None:
        return ""
    return plain_newlines(source.text[place.start : place.end])


def _entries(yaml: str) -> list[_Entry]:
    """The properties one after the other. Raises Refused for JSON between the fences."""
    node, _ = compose(yaml)
    if node is None:
        return []
    if node.id != "mapping" or node.flow_style:
        raise Refused(
            "The properties of this note are JSON. Change one in Obsidian first.",
            "error.properties_json",
        )
    starts = [yaml.rfind("\n", 0, name.start_mark.index) + 1 for name, _ in node.value]
    found = []
    for (name, value), start, after in zip(
        node.value, starts, [*starts[1:], len(yaml)], strict=True
    ):
        if yaml[start : start + 1] == "?":
            raise Refused(
                "A property of this note is written in a way that cannot be edited.",
                "error.properties_odd",
            )
        colon = yaml.find(":", name.end_mark.index) + 1
        found.append(_Entry(name.value, start, colon, _entry_end(yaml, start, after), value))
    return found


def _entry_end(yaml: str, start: int, after: int) -> int:
    """Blank lines and comments ahead of the next property belong to that one."""
    end = after
    while end > start:
        line = yaml.rfind("\n", start, end - 1) + 1
        text = yaml[max(line, start) : end]
        if line <= start or (text.strip() and not text.startswith("#")):
            break
        end = line
    return end


def _set_scalar(yaml: str, entry: _Entry, value: Any) -> str:
    node = entry.node
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in ("|", ">") or "\n" in yaml[start:end]:
        written = write_scalar(value)
        return f"{yaml[: entry.colon]}{' ' + written if written else ''}\n{yaml[entry.end :]}"
    written = write_scalar(value, style=node.style or "")
    if not written and yaml[end : end + 1] == "\n":
        return yaml[: entry.colon] + yaml[end:]
    if start == end:  # there was no value yet
        start = end = entry.colon
    lead = "" if yaml[start - 1 : start] == " " or not written else " "
    return yaml[:start] + lead + written + yaml[end:]


def _add_flow(yaml: str, entry: _Entry, value: Any) -> str:
    close = entry.node.end_mark.index - 1
    inside = yaml[entry.node.start_mark.index + 1 : close]
    at = entry.node.start_mark.index + 1 + len(inside.rstrip())
    trailing = inside.rstrip().endswith(",")
    lead = "" if not inside.strip() else " " if trailing else ", "
    return yaml[:at] + lead + write_scalar(value, flow=True) + yaml[at:]


def _add_block(yaml: str, entry: _Entry, value: Any) -> str:
    first = entry.node.value[0]
    line = yaml.rfind("\n", 0, first.start_mark.index) + 1
    dash = yaml[line : first.start_mark.index]
    indent = dash[: len(dash) - len(dash.lstrip(" "))]
    return f"{yaml[: entry.end]}{indent}- {write_scalar(value) or 'null'}\n{yaml[entry.end :]}"


def _raw(yaml: str, node: Any) -> str:
    return yaml[node.start_mark.index : node.end_mark.index].strip()


def _finish(source: Source, old: str, new: str, key: str, wanted: Any) -> bytes:
    """The whole note with its new properties, after reading them back."""
    expected = dict(source.note.properties)
    if wanted is _GONE:
        expected.pop(key, None)
    else:
        expected[key] = wanted
    values, error = parse(new)
    if error or values != expected:
        raise Refused(
            "The property “{name}” cannot be changed without touching others.",
            "error.property",
            name=key,
        )
    newline = source.encoding.newline
    place = frontmatter(shadow(source.text))
    if place is None:
        block = f"---\n{new}---\n".replace("\n", newline)
        return source.splice(0, 0, block)
    if not new.strip() and wanted is _GONE:
        return source.splice(0, place.body, "")
    return source.splice(*_difference(source.text, place.start, place.end, old, new, newline))


def _difference(
    text: str, start: int, end: int, old: str, new: str, newline: str
) -> tuple[int, int, str]:
    """The smallest run of lines in ``text[start:end]`` to replace, and what comes there."""
    before, after = old.split("\n")[:-1], new.split("\n")[:-1]
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    offsets = _line_offsets(text, start, end)
    changed = after[head : len(after) - tail]
    ends = [
        _line_end(text[offsets[number] : offsets[number + 1]])
        for number in range(head, len(before) - tail)
    ]
    ends += [newline] * (len(changed) - len(ends))
    put = "".join(line + end for line, end in zip(changed, ends, strict=False))
    return offsets[head], offsets[len(before) - tail], put


def _line_end(line: str) -> str:
    """The newline that a line has; a changed line keeps its own in a note with several kinds."""
    return line[len(line.rstrip("\r\n")) :] if line.strip("\r\n") else line


def _line_offsets(text: str, start: int, end: int) -> list[int]:
    """The offset of each line in ``text[start:end]`` under its own newlines, and the end."""
    flat = shadow(text[start:end])
    offsets = [0]
    while (at := flat.find("\n", offsets[-1])) >= 0:
        offsets.append(at + 1)
    return [start + offset for offset in offsets]
