"""What came of one message, as scripts see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from octopus.core.effect import Effect, EffectState
from octopus.core.job import Job
from octopus.core.message import Reply


@dataclass(frozen=True, slots=True)
class Outcome:
    """A settled job with its effects. ``as_json`` is the documented shape."""

    job: Job
    reply: Reply
    effects: tuple[Effect, ...]
    took_ms: float

    @classmethod
    def of(cls, job: Job, effects: Sequence[Effect], took_ms: float) -> Outcome:
        """From a settled job."""
        made = tuple(e for e in effects if e.state is not EffectState.INTENDED)
        return cls(job, job.reply or Reply(), made, took_ms)

    def shown(self) -> dict[str, Any]:
        """The same for our own terminals: also whether it was refused, and how it is written."""
        return self.as_json() | {"failed": self.reply.failed, "markdown": self.reply.markdown}

    def as_json(self) -> dict[str, Any]:
        """``{"job","intent","reply","buttons","effects","took_ms"}``."""
        made = [effect for effect in self.effects if effect.state is not EffectState.INTENDED]
        return {
            "job": self.job.id,
            "intent": self.job.intent,
            "reply": self.reply.text or self.reply.reaction,
            "buttons": [{"id": b.id, "label": b.label} for b in self.reply.buttons],
            "effects": [{"kind": e.kind, "path": _path(e), "undo": e.id} for e in made],
            "took_ms": round(self.took_ms, 3),
        }


def _path(effect: Effect) -> str:
    """Where a file is after the effect; what went to the trash is named by where it was."""
    return effect.path if effect.to.startswith(".") else effect.to or effect.path


def job_as_json(job: Job) -> dict[str, Any]:
    """``{"id","kind","state","attempt","received_at","intent","error"}``."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state.value,
        "attempt": job.attempt,
        "received_at": job.received_at.isoformat(),
        "intent": job.intent or None,
        "error": job.error or None,
    }
