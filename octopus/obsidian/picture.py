"""For drawing a note and what is around it: the note in the middle, what it links to beside it.

Every name has a row of its own, so that all can be read, of one neighbour as of two hundred. The
same neighbourhood is always the same picture.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from octopus.core.drawing import Dot, Drawing, Label, Line
from octopus.core.graph import Neighbour, Neighbourhood
from octopus.obsidian.path import is_note, stem

ROW = 28.0  # height of a name with its space
SIZE = 15.0  # of its letters
LONGEST = 26.0  # letters of a name; a longer one is cut
LETTER = 0.62  # width of a letter, of its size
MARGIN = 36.0
GAP = 70.0  # between the names of one column and the dots of the next

_INK, _FAINT, _EDGE = "#222222", "#8a8a8a", "#c4c4cc"
_MIDDLE, _NOTE, _FILE, _MISSING = "#7c3aed", "#a78bfa", "#94a3b8", "#ffffff"


@dataclass(slots=True)
class _Place:
    """A node on its way to a place."""

    node: Neighbour
    children: list[int] = field(default_factory=list)
    side: int = 0  # -1 left, 1 right, 0 in the middle
    x: float = 0.0
    y: float = 0.0


def picture(found: Neighbourhood) -> Drawing:
    """The neighbourhood as a drawing; its first node is in the middle."""
    places = [_Place(node) for node in found.nodes]
    _hang(places, found.edges)
    for side, nodes in ((1, places[0].children[::2]), (-1, places[0].children[1::2])):
        for index in nodes:
            _turn(places, index, side)
    rows = max(
        _spread(places, [i for i in places[0].children if places[i].side == side], 0.0)
        for side in (1, -1)
    )
    for side in (1, -1):
        _centre(places, side, rows)
    places[0].y = rows / 2
    return _drawn(places, found.edges, rows)


def _hang(places: list[_Place], edges: tuple[tuple[int, int], ...]) -> None:
    """Give every node to the first nearer one that it is linked with."""
    near: dict[int, set[int]] = {}
    for source, target in edges:
        near.setdefault(source, set()).add(target)
        near.setdefault(target, set()).add(source)
    for index, place in enumerate(places[1:], 1):
        wanted = place.node.distance - 1
        parents = [i for i in sorted(near.get(index, ())) if places[i].node.distance == wanted]
        places[parents[0] if parents else 0].children.append(index)


def _turn(places: list[_Place], index: int, side: int) -> None:
    pending = [index]
    while pending:
        place = places[pending.pop()]
        place.side = side
        pending += place.children


def _spread(places: list[_Place], nodes: list[int], top: float) -> float:
    """Put nodes one below the other, each at the middle of what hangs on it; the height."""
    for index in nodes:
        place = places[index]
        height = max(ROW, _spread(places, place.children, top))
        place.y = top + height / 2
        top += height
    return sum(max(ROW, _height(places, index)) for index in nodes)


def _height(places: list[_Place], index: int) -> float:
    return max(ROW, sum(_height(places, child) for child in places[index].children))


def _centre(places: list[_Place], side: int, rows: float) -> None:
    own = sum(_height(places, i) for i in places[0].children if places[i].side == side)
    for place in places:
        if place.side == side:
            place.y += (rows - own) / 2


def _drawn(places: list[_Place], edges: tuple[tuple[int, int], ...], rows: float) -> Drawing:
    title = LONGEST * LETTER * (SIZE + 3) / 2 + 24
    step = LONGEST * LETTER * SIZE + GAP
    depth = {
        side: max((p.node.distance for p in places if p.side == side), default=0)
        for side in (1, -1)
    }
    left = MARGIN + (title - step + GAP + step * depth[-1] + step if depth[-1] else title)
    right = title - step + GAP + step * depth[1] + step if depth[1] else title
    height = max(rows, ROW) + 2 * MARGIN + 20
    for place in places:
        away = title + GAP + step * (place.node.distance - 1)
        place.x = left + place.side * away
        place.y += MARGIN + 10 if rows else height / 2
    shown = [
        Line(places[a].x, places[a].y, places[b].x, places[b].y, _EDGE) for a, b in sorted(edges)
    ]
    return Drawing(
        width=round(left + right + MARGIN),
        height=round(height),
        lines=tuple(shown),
        dots=tuple(_dot(place) for place in places),
        labels=tuple(_label(place) for place in places),
    )


def _dot(place: _Place) -> Dot:
    if place.side == 0:
        return Dot(place.x, place.y, 9.0, _MIDDLE, _MIDDLE)
    if not place.node.exists:
        return Dot(place.x, place.y, 5.0, _MISSING, _FAINT)
    fill = _NOTE if is_note(place.node.path) else _FILE
    return Dot(place.x, place.y, 6.0 if place.node.distance == 1 else 5.0, fill, fill)


def _label(place: _Place) -> Label:
    text = cut(stem(place.node.path) if place.node.exists else place.node.path)
    color = _INK if place.node.exists else _FAINT
    if place.side == 0:
        return Label(place.x, place.y + 24, text, SIZE + 3, "middle", color)
    anchor = "start" if place.side > 0 else "end"
    return Label(place.x + place.side * 12, place.y, text, SIZE, anchor, color)


def cut(text: str) -> str:
    """``text`` as one line of at most LONGEST letters; wide ones count as nearly two."""
    text = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    room = LONGEST
    for at, char in enumerate(text):
        room -= letters(char)
        if room < 0:
            return text[:at].rstrip() + "…"
    return text


def letters(text: str) -> float:
    """The width of ``text`` in letters."""
    return sum(1.7 if unicodedata.east_asian_width(char) in "WF" else 1.0 for char in text)


def svg(drawing: Drawing) -> str:
    """The drawing as SVG 1.1."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width}" '
        f'height="{drawing.height}" viewBox="0 0 {drawing.width} {drawing.height}" '
        'font-family="DejaVu Sans, Noto Sans, sans-serif">',
        f'<rect width="100%" height="100%" fill="{drawing.ground}"/>',
    ]
    parts += [
        f'<line x1="{line.x1:.1f}" y1="{line.y1:.1f}" x2="{line.x2:.1f}" y2="{line.y2:.1f}" '
        f'stroke="{line.color}" stroke-width="{line.width}"/>'
        for line in drawing.lines
    ]
    parts += [
        f'<circle cx="{dot.x:.1f}" cy="{dot.y:.1f}" r="{dot.radius}" fill="{dot.fill}" '
        f'stroke="{dot.edge}" stroke-width="1.5"/>'
        for dot in drawing.dots
    ]
    parts += [
        f'<text x="{each.x:.1f}" y="{each.y:.1f}" dy="0.35em" font-size="{each.size}" '
        f'text-anchor="{each.anchor}" fill="{each.color}" stroke="{drawing.ground}" '
        f'stroke-width="4" paint-order="stroke">{escape(each.text)}</text>'
        for each in drawing.labels
    ]
    return "\n".join([*parts, "</svg>", ""])
