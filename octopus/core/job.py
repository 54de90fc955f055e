"""A job: one message on its way to one reply. A frozen value; changing it makes a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from octopus.core.message import Message, Reply

MAX_ATTEMPTS = 3


class State(StrEnum):
    """The closed set of states of a job."""

    QUEUED = "queued"  # accepted and durable; runs when its turn and ``run_after`` have come
    RUNNING = "running"  # started by the process named by ``boot``; the attempt is counted
    DONE = "done"  # its reply is in the outbox
    DEAD = "dead"  # given up after the last attempt; the owner was told, ``jobs retry`` revives it
    CANCELLED = "cancelled"  # the owner stopped it

    @property
    def settled(self) -> bool:
        """True when nothing more will happen by itself."""
        return self in {State.DONE, State.DEAD, State.CANCELLED}


class Priority(IntEnum):
    """Lower runs first."""

    OWNER = 0  # the owner waits for the answer
    REMINDER = 10
    AGENT = 20
    UPKEEP = 30


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted message and what became of it."""

    id: int
    message: Message
    received_at: datetime
    state: State = State.QUEUED
    priority: Priority = Priority.OWNER
    attempt: int = 0  # starts counted so far, the present one included
    run_after: datetime | None = None
    boot: str = ""
    resumed: bool = False  # an earlier run may have written something
    intent: str = ""
    error: str = ""
    reply: Reply | None = None  # once settled
    #: What was done, or asked, once settled: {"intent", "args"}, "corrects": the job whose
    #: effects were changed by it, "options" of a question.
    plan: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """message, edit or press."""
        return self.message.kind.value

    @property
    def lane(self) -> str:
        """Jobs of one lane run one after the other, in the order of their ids."""
        return self.message.conversation
