"""Which of the installed models answers when the owner names none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: Billions of parameters that a home server without a graphics card still answers with in time.
COMFORTABLE = 5.0

_GIGABYTES_A_BILLION = 0.65  # at four bits a weight, the usual file
_PARAMETERS = re.compile(r"(\d+(?:\.\d+)?)\s*([MBT])", re.IGNORECASE)
_SCALE = {"m": 0.001, "b": 1.0, "t": 1000.0}
_EMBEDS = re.compile(r"embed|minilm|\bbge|bert|rerank", re.IGNORECASE)
_SPECIAL = re.compile(r"code|function|guard|shield|ocr|math|vision|-vl\b|translate", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Installed:
    """One model as the server lists it."""

    name: str
    digest: str = ""
    billions: float = 0.0
    chats: bool = True
    cloud: bool = False  # it runs somewhere else


def full(name: str) -> str:
    """The name with its tag, as the server lists it."""
    return name if ":" in name.rsplit("/", 1)[-1] else f"{name}:latest"


def is_cloud(name: str) -> bool:
    """Whether the name alone tells that the model does not run at home."""
    return full(name).endswith((":cloud", "-cloud"))


def installed(entry: Mapping[str, Any]) -> Installed:
    """From an entry of ``/api/tags``; what is not of the documented shape counts as not said."""
    name = str(entry.get("name") or entry.get("model") or "")
    said = entry.get("details")
    details = said if isinstance(said, dict) else {}
    told = entry.get("capabilities")
    able = told if isinstance(told, list) else []
    size = entry.get("size")
    family = str(details.get("family", ""))
    chats = "completion" in able if able else not _EMBEDS.search(f"{name} {family}")
    return Installed(
        name,
        str(entry.get("digest") or ""),
        _billions(
            str(details.get("parameter_size", "")),
            float(size) if isinstance(size, int | float) else 0.0,
        ),
        chats,
        is_cloud(name) or bool(entry.get("remote_host")),
    )


def choose(models: Iterable[Installed], *, allow_cloud: bool = False) -> Installed | None:
    """The largest that is comfortable, else the smallest; specialists only if there is no other."""
    usable = [m for m in models if m.chats and (allow_cloud or not m.cloud)]

    def rank(model: Installed) -> tuple[bool, bool, bool, float, str]:
        large = model.billions > COMFORTABLE
        size = model.billions if large else -model.billions
        return model.cloud, bool(_SPECIAL.search(model.name)), large, size, model.name

    return min(usable, key=rank, default=None)


def _billions(text: str, size: float) -> float:
    found = _PARAMETERS.search(text)
    if found:
        return float(found[1]) * _SCALE[found[2].lower()]
    return size / 1e9 / _GIGABYTES_A_BILLION
