"""How models want to be told what is a question and what is a text, as their cards say."""

from __future__ import annotations

# By the beginning of the model's name: before a query, before a text.
_PREFIXES = {
    "embeddinggemma": ("task: search result | query: ", "title: none | text: "),
    "nomic-embed-text": ("search_query: ", "search_document: "),
    "mxbai-embed": ("Represent this sentence for searching relevant passages: ", ""),
    "snowflake-arctic-embed": ("Represent this sentence for searching relevant passages: ", ""),
}


def as_query(model: str, text: str) -> str:
    """The text as the model wants a query."""
    return _prefixes(model)[0] + text


def as_text(model: str, text: str) -> str:
    """The text as the model wants what is searched."""
    return _prefixes(model)[1] + text


def _prefixes(model: str) -> tuple[str, str]:
    name = model.rpartition("/")[2]
    return next((p for start, p in _PREFIXES.items() if name.startswith(start)), ("", ""))
