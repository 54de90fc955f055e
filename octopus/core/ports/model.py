"""The local language model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation with the model."""

    role: str  # system, user, assistant
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said."""

    text: str
    model: str
    complete: bool = True  # False when it was cut short; the owner is told
    details: Mapping[str, Any] = field(default_factory=dict)


class Model(Protocol):
    """A local language model."""

    async def chat(
        self,
        turns: Sequence[Turn],
        *,
        on_text: Callable[[str], None] | None = None,
        on_wait: Callable[[str], None] | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Answer the last turn. ``on_text`` gets the whole text so far, as it grows;
        ``on_wait`` a sentence for the owner when it takes long (the model is being loaded).

        Raises ModelUnavailable, ModelFailed; the message is for the owner.
        """

    async def status(self) -> str:
        """One line: which model, loaded or not, or why there is none."""
