"""What is on its way out: one row for each thing a front end has to show, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from octopus.core.message import Reply


class Delivery(StrEnum):
    """The closed set of states of an outgoing row."""

    PENDING = "pending"  # nothing was sent yet
    SENDING = "sending"  # a call may have been made; after a crash it may be shown twice
    SENT = "sent"
    DEAD = "dead"  # the other side refused it for good; ``error`` says why


class Act(StrEnum):
    """What the front end does with the row."""

    REACT = "react"  # put ``reply.reaction`` on the message named by ``target``; idempotent
    SEND = "send"  # a new message, answering ``target``
    EDIT = "edit"  # change the message named by ``target``; idempotent
    PIN = "pin"  # keep what this job has shown at the top of the chat, silently; idempotent
    UNPIN = "unpin"  # no longer the message named by ``target``; idempotent


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One reaction, message or edit for one conversation. Delivered in the order of the ids."""

    id: int
    job: int
    conversation: str
    act: Act
    target: str  # message_id within the conversation; "" for none
    reply: Reply  # buttons carry their ids
    state: Delivery = Delivery.PENDING
    attempt: int = 0
    parts: tuple[str, ...] = ()  # message ids of the parts already delivered
    not_before: datetime | None = None
    error: str = ""
