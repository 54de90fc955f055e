"""What the fake model answers: one :class:`Turn` a request, well-behaved or not."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, field
from typing import Any, Literal

JSON = dict[str, Any]
_WORDS = re.compile(r"\w+")


@dataclass(slots=True)
class Turn:
    """One answer. All faults are off unless they are named.

    ``hang``: "connect" (accepted, no headers ever), "first" (headers, no line), "middle" (after
    the first piece). ``status`` with ``error``: refused at once. ``error`` alone: an error line
    inside a 200 stream, after ``pieces`` pieces. ``cut``: the connection breaks after so many.
    """

    content: str = ""
    thinking: str = ""
    tool_calls: list[JSON] = field(default_factory=list)  # [{"name": ..., "arguments": {...}}]
    done_reason: str = "stop"
    piece: int = 8  # characters a line of the stream
    first_token: float = 0.0  # seconds before the first line
    between: float = 0.0  # seconds between lines
    hang: Literal["", "connect", "first", "middle"] = ""
    status: int = 200
    error: str = ""
    error_after: int = 0
    cut: int | None = None
    endless: bool = False  # the content is repeated until the client leaves

    def pieces(self) -> list[JSON]:
        """The messages of the stream: thinking, then content, then tool calls."""
        parts: list[JSON] = [
            {"role": "assistant", "content": "", "thinking": text}
            for text in _cut_up(self.thinking, self.piece)
        ]
        parts += [
            {"role": "assistant", "content": text} for text in _cut_up(self.content, self.piece)
        ]
        parts += [
            {"role": "assistant", "content": "", "tool_calls": [{"function": call}]}
            for call in self.tool_calls
        ]
        return parts


def _cut_up(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


# The misfortunes that Ollama's issue tracker knows best, by name.
def busy() -> Turn:
    """The queue of the server is full."""
    return Turn(
        status=503, error="server busy, please try again.  maximum pending requests exceeded"
    )


def out_of_memory() -> Turn:
    """The model does not fit."""
    return Turn(
        status=500, error="model requires more system memory (5.6 GiB) than is available (3.1 GiB)"
    )


def only_thinking() -> Turn:
    """Thoughts and no answer."""
    return Turn(thinking="Let me think about this for a while.")


def repetition(text: str = "G") -> Turn:
    """The model never stops."""
    return Turn(content=text * 8, endless=True)


def example(schema: Any) -> Any:
    """The smallest value that a JSON schema allows: what a well-behaved model would give."""
    if not isinstance(schema, dict):
        return {}
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for union in ("anyOf", "oneOf"):
        if schema.get(union):
            return example(schema[union][0])
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        wanted = schema.get("required", list(schema.get("properties", {})))
        return {name: example(schema["properties"].get(name, {})) for name in wanted}
    if kind == "array":
        return [example(schema.get("items", {}))] * int(schema.get("minItems", 0))
    return {"string": "", "integer": 0, "number": 0.0, "boolean": False}.get(kind)


def tokens(text: str) -> int:
    """A rough count of tokens: four characters each."""
    return math.ceil(len(text) / 4)


def vector(text: str, dimensions: int) -> list[float]:
    """A unit vector; texts that share words lie close to each other. The same for ever."""
    values = [0.0] * dimensions
    for word in _WORDS.findall(text.casefold()) or [text]:
        digest = hashlib.sha256(word.encode()).digest()
        for at in range(0, 8, 2):
            sign = 1.0 if digest[at + 1] % 2 else -1.0
            values[digest[at] % dimensions] += sign
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return [value / length for value in values]
