"""What the fake server knows of models and of the shapes of its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from tests.fakes.ollama.script import JSON, Turn, tokens

DEFAULT_CONTEXT = 4096  # below 24 GiB of video memory


@dataclass(slots=True)
class Model:
    """A model that is there."""

    name: str
    capabilities: tuple[str, ...] = ("completion", "tools", "thinking")
    context: int = 32_768
    remote: bool = False

    def tag(self) -> JSON:
        """As ``/api/tags`` lists it."""
        tag: JSON = {
            "name": self.name,
            "model": self.name,
            "modified_at": "2026-11-01T12:00:00Z",
            "size": 2_600_000_000,
            "digest": "ab" * 32,
            "details": details(),
            "capabilities": list(self.capabilities),
        }
        if self.remote:
            tag |= {"remote_host": "https://ollama.com", "remote_model": self.name}
        return tag


def details() -> JSON:
    """The details that every model shares here."""
    return {
        "format": "gguf",
        "family": "qwen3",
        "families": ["qwen3"],
        "parameter_size": "4.0B",
        "quantization_level": "Q4_K_M",
    }


@dataclass(slots=True)
class Asked:
    """One request as it came, and what the model saw of it."""

    path: str
    body: JSON
    at: float
    seen: list[JSON] = field(default_factory=list)  # after the server dropped what did not fit
    finished: bool = False  # the answer was given to its end
    left: bool = False  # the client went away first

    @property
    def messages(self) -> list[JSON]:
        """The messages that were sent."""
        return list(self.body.get("messages", []))


def full(name: str) -> str:
    return name if ":" in name else f"{name}:latest"


def unsupported(model: Model, body: JSON) -> str:
    if "completion" not in model.capabilities:
        return f'"{model.name}" does not support chat'
    if body.get("think") and "thinking" not in model.capabilities:
        return f'"{model.name}" does not support thinking'
    if body.get("tools") and "tools" not in model.capabilities:
        return f'"{model.name}" does not support tools'
    return ""


def fitting(messages: list[JSON], context: int) -> list[JSON]:
    """Over-long history loses its oldest turns; system messages and the last one stay."""
    kept = list(messages)
    size = sum(tokens(str(message.get("content", ""))) for message in kept)
    while size > context:
        for at, message in enumerate(kept[:-1]):
            if message.get("role") != "system":
                size -= tokens(str(kept.pop(at).get("content", "")))
                break
        else:
            break
    return kept


def endlessly(turn: Turn) -> Iterator[JSON]:
    yield from turn.pieces()
    while turn.endless:
        yield from turn.pieces()


def head(model: Model) -> JSON:
    return {"model": model.name, "created_at": datetime.now(UTC).isoformat()}


def last(model: Model, asked: Asked, reason: str, count: int) -> JSON:
    if reason == "load" and asked.body.get("keep_alive") == 0:
        reason = "unload"
    seen = sum(tokens(str(message.get("content", ""))) for message in asked.seen)
    return {
        **head(model),
        "message": {"role": "assistant", "content": ""},
        "done": True,
        "done_reason": reason,
        "total_duration": 2_000_000,
        "load_duration": 500_000,
        "prompt_eval_count": seen,
        "prompt_eval_duration": 500_000,
        "eval_count": count,
        "eval_duration": 1_000_000,
    }


def missing(body: JSON) -> web.Response:
    text = f'model "{body.get("model")}" not found, try pulling it first'
    return web.json_response({"error": text}, status=404)
