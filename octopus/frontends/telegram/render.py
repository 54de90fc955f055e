"""A reply as what Telegram can show: parts of text with entities, rows of buttons."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from octopus.core.message import Button, Enclosure
from octopus.core.outgoing import Outgoing
from octopus.frontends.telegram.markdown import Entity, to_entities

log = logging.getLogger(__name__)

REPEAT = "↻ "  # leads a text that may have been shown before

#: UTF-16 units of one message (Bot API: sendMessage), with room for REPEAT.
LIMIT = 4096 - len(REPEAT)

#: UTF-16 units of what is said under a file (Bot API: sendPhoto), with the same room.
CAPTION = 1024 - len(REPEAT)

#: More entities than this are ignored by Telegram without a word.
MAX_ENTITIES = 100

MOMENT = "wDt"  # weekday, date and time of a date_time entity

MERGED_LINES = 30  # of a receipt for many
MERGED_BUTTONS = 3  # rows whose buttons a merged receipt still shows


@dataclass(frozen=True, slots=True)
class Part:
    """The text of one message."""

    text: str
    entities: tuple[Entity, ...] = ()

    def repeated(self) -> Part:
        """The same, marked as perhaps shown before."""
        shift = len(REPEAT)
        moved = ({**entity, "offset": entity["offset"] + shift} for entity in self.entities)
        return Part(REPEAT + self.text, tuple(moved))


@dataclass(frozen=True, slots=True)
class Content:
    """All that is shown for one or more rows."""

    parts: tuple[Part, ...]
    buttons: tuple[Button, ...] = ()
    enclosure: Enclosure | None = None  # goes with the first part


def content(rows: Sequence[Outgoing]) -> Content:
    """What to show for these rows; several are receipts that become one message."""
    if len(rows) == 1:
        reply = rows[0].reply
        limit = CAPTION if reply.enclosure else LIMIT
        shown = parts(reply.text, markdown=reply.markdown, times=reply.times, limit=limit)
        return Content(shown, reply.buttons, reply.enclosure)
    texts = [row.reply.text.strip().partition("\n")[0] for row in rows]
    if len(rows) > MERGED_BUTTONS:
        return Content(parts("\n".join(_lines(texts))))
    lines = [f"{number}. {text}" for number, text in enumerate(texts, 1)]
    buttons = [
        Button(f"{button.label} {number}", button.intent, button.args, button.id)
        for number, row in enumerate(rows, 1)
        for button in row.reply.buttons
    ]
    return Content(parts("\n".join(lines)), tuple(buttons))


def _lines(texts: Sequence[str]) -> list[str]:
    """One line for each receipt, equal neighbours counted instead of repeated."""
    counted = [(text, len(list(same))) for text, same in groupby(texts)]
    lines = [f"• {text}" + (f" ×{count}" if count > 1 else "") for text, count in counted]
    rest = sum(count for _, count in counted[MERGED_LINES:])
    return lines[:MERGED_LINES] + ([f"… +{rest}"] if rest else [])


def parts(
    text: str,
    *,
    markdown: bool = False,
    times: Sequence[tuple[str, int]] = (),
    limit: int = LIMIT,
) -> tuple[Part, ...]:
    """The text as messages of at most ``limit`` units; their concatenation is the text.

    Parts of nothing but white space are left out, since Telegram refuses them.
    """
    text = readable(text)
    entities: list[Entity] = []
    if markdown:
        try:
            text, entities = to_entities(text)
        except Exception:  # the marks are then shown as they were written
            log.exception("Markdown could not be read")
    entities += _moments(text, times)
    return tuple(part for part in split(text, entities, limit) if part.text.strip())


def _moments(text: str, times: Sequence[tuple[str, int]]) -> list[Entity]:
    """Entities for words that say a moment: a phone shows it by its own clock (Bot API 9.5)."""
    found: list[Entity] = []
    at = 0
    for words, moment in times:
        start = text.find(words, at)
        if start < 0 or not words:
            continue
        at = start + len(words)
        place = {"offset": units(text[:start]), "length": units(words)}
        shape = {"type": "date_time", "unix_time": moment, "date_time_format": MOMENT}
        found.append({**shape, **place})
    return found


def readable(text: str) -> str:
    """The text with what no encoding can carry (half a surrogate pair) replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def units(text: str) -> int:
    """Length in UTF-16 units, which is what Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def split(text: str, entities: Sequence[Entity], limit: int = LIMIT) -> list[Part]:
    """Cut at paragraphs, else lines, else words, else anywhere but within a character.

    Entities that reach over a cut go on in the next part: a code block stays one.
    """
    found: list[Part] = []
    start, offset = 0, 0
    entities = sorted(entities, key=lambda entity: int(entity["offset"]))
    while start < len(text):
        end = _end(text, start, _room(entities, offset, limit))
        piece = text[start:end]
        length = units(piece)
        found.append(Part(piece, _within(entities, offset, offset + length)))
        start, offset = end, offset + length
    return found


def _room(entities: Sequence[Entity], offset: int, limit: int) -> int:
    """Units that the next part may have, so that it has no more entities than are shown."""
    ahead = [entity for entity in entities if entity["offset"] + entity["length"] > offset]
    if len(ahead) <= MAX_ENTITIES:
        return limit
    border: int = ahead[MAX_ENTITIES]["offset"]
    return min(limit, max(1, border - offset))


def _end(text: str, start: int, room: int) -> int:
    """The index at which the part that begins at ``start`` ends."""
    end = _fit(text, start, room)
    if end == len(text):
        return end
    for border, least in (("\n\n", 0.5), ("\n", 0.25), (" ", 0.1)):
        at = text.rfind(border, start + int((end - start) * least), end)
        if at > start:
            return at + len(border)
    return end


def _fit(text: str, start: int, room: int) -> int:
    """The furthest index that ``room`` units reach; at least one character."""
    end = min(len(text), start + room)
    while end > start + 1 and (over := units(text[start:end]) - room) > 0:
        end = max(start + 1, end - (over + 1) // 2)
    return end


def _within(entities: Sequence[Entity], start: int, end: int) -> tuple[Entity, ...]:
    clipped = []
    for entity in entities:
        first = max(entity["offset"], start)
        last = min(entity["offset"] + entity["length"], end)
        if first < last:
            clipped.append({**entity, "offset": first - start, "length": last - first})
    return tuple(clipped)


def keyboard(buttons: Sequence[Button]) -> list[list[dict[str, str]]]:
    """Rows of one to three buttons by the length of their labels."""
    rows: list[list[dict[str, str]]] = []
    width = 0
    for button in buttons:
        label = readable(button.label).strip() or "…"
        fits = 3 if units(label) <= 10 else 2 if units(label) <= 18 else 1
        if not rows or len(rows[-1]) >= min(width, fits):
            rows.append([])
            width = fits
        width = min(width, fits)
        rows[-1].append({"text": label, "callback_data": button.id})
    return rows
