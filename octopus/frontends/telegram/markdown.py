"""Markdown as text and entities: nothing of it can be refused, nothing of the words is lost."""

from __future__ import annotations

import functools
import importlib
import itertools
from typing import Any

#: An entity of the Bot API: type, offset and length in UTF-16 units, and what the type needs.
Entity = dict[str, Any]

_LINKS = ("http://", "https://", "tg://", "mailto:", "tel:", "obsidian://")


def to_entities(markdown: str) -> tuple[str, list[Entity]]:
    """The text without marks, and where they apply."""
    vendor = _vendor()
    text, entities = vendor.convert(_literal(markdown), latex_escape=False, config=_config())
    return text, [entity.to_dict() for entity in entities if _usable(entity)]


def _usable(entity: Any) -> bool:
    """Telegram drops links within a vault; the words of the link stay."""
    return entity.length > 0 and (
        entity.type != "text_link" or str(entity.url).lower().startswith(_LINKS)
    )


@functools.cache
def _vendor() -> Any:
    """Loaded with the first Markdown reply: most replies are plain."""
    return importlib.import_module("telegramify_markdown")


@functools.cache
def _config() -> Any:
    """The owner's words without ornaments of the library's own."""
    config = _vendor().RenderConfig.isolated()
    symbols = config.markdown_symbol
    for level in range(1, 7):
        setattr(symbols, f"heading_level_{level}", "")
    symbols.image = symbols.link = ""
    symbols.task_completed, symbols.task_uncompleted = "☑", "☐"
    symbols.unordered_list_item, symbols.horizontal_rule = "•", "———"
    config.cite_expandable = False
    return config


def _literal(markdown: str) -> str:
    """Escape what the parser would swallow: HTML tags, and dollar signs taken for formulas."""
    parser = importlib.import_module("pyromark")
    options = importlib.import_module("telegramify_markdown.converter").STANDARD_OPTIONS
    for _ in range(8):  # an escaped tag can uncover another; each round leaves fewer
        source = markdown.encode("utf-8", "replace")
        marks = sorted(
            at
            for event, where in parser.events_with_range(source.decode(), options=options)
            for at in _swallowed(event, source, where["start"], where["end"])
        )
        if not marks:
            break
        bounds = [0, *marks, len(source)]
        pieces = [source[a:b] for a, b in itertools.pairwise(bounds)]
        markdown = b"\\".join(pieces).decode()
    return markdown


def _swallowed(event: Any, source: bytes, start: int, end: int) -> list[int]:
    if not isinstance(event, dict):
        return []
    if "InlineMath" in event:
        return [start, end - 1]
    if "DisplayMath" in event:
        return [start, start + 1, end - 2, end - 1]
    if "InlineHtml" in event or "Html" in event:
        return [at for at in range(start, end) if source[at : at + 1] == b"<"]
    return []
