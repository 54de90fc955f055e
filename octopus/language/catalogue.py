"""The sentences that Octopus says, in the owner's language: one data file a language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

#: The language whose file holds every sentence; the others fall back to it.
COMPLETE = "en"

_STOPPED = re.compile(r"(\{(\w+)\})\.(?![\w.])")


def say(language: str, key: str, default: str | None = None, **values: object) -> str:
    """The sentence ``key`` ("note.saved") with its placeholders filled in.

    A sentence that the language does not have is said in English, or is ``default`` where
    English has none either. Where a sentence has forms for numbers, the value ``count`` chooses
    among them. Raises KeyError for a key or a placeholder that nobody knows: that is a mistake
    in the code, not in the data.
    """
    spoken = language.replace("_", "-").split("-")[0].lower()
    for candidate in (spoken, COMPLETE):
        found = catalogue(candidate).get(key)
        if found is not None:
            break
    else:
        if default is None:
            raise KeyError(key)
        return default
    if isinstance(found, Mapping):
        count = values["count"]
        form = plural(candidate, count) if isinstance(count, int) else "other"
        found = found.get(form, found["other"])
    return _once_stopped(str(found), values).format_map(values)


def _once_stopped(sentence: str, values: Mapping[str, object]) -> str:
    """Without the full stop after a placeholder whose value has one: "Fr 27. Nov."."""
    return _STOPPED.sub(
        lambda hole: hole[1] if str(values[hole[2]]).endswith(".") else hole[0], sentence
    )


def plural(language: str, count: int) -> str:
    """one, few, many or other, as the Unicode CLDR names the forms of whole numbers."""
    if language == "zh":
        return "other"
    if language == "pt":
        return "one" if count in {0, 1} else "other"
    if language in {"ru", "uk"}:
        tens, ones = count % 100, count % 10
        if ones == 1 and tens != 11:
            return "one"
        return "few" if 2 <= ones <= 4 and not 12 <= tens <= 14 else "many"
    return "one" if count == 1 or (count == 0 and language == "fr") else "other"


@cache
def catalogue(language: str) -> Mapping[str, str | Mapping[str, str]]:
    """All sentences of a language by their key; empty for a language without a file."""
    if not language.isascii() or not language.isalpha():
        return {}  # never a path
    file = files("octopus.language") / "replies" / f"{language}.toml"
    if not file.is_file():
        return {}
    found: dict[str, str | Mapping[str, str]] = {}
    content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    for section, sentences in content.items():
        if isinstance(sentences, str):
            found[section] = sentences
        else:
            found |= {f"{section}.{name}": sentence for name, sentence in sentences.items()}
    return found
