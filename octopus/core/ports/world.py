"""The clock, the machine, and what comes and goes through front ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from octopus.core.drawing import Drawing
from octopus.core.job import Job
from octopus.core.message import Attachment, Enclosure


class Clock(Protocol):
    """The time of day in the owner's zone, and the time that only moves forward."""

    def now(self) -> datetime:
        """Aware wall-clock time in the owner's zone."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""


class Control(Protocol):
    """What the owner may ask of the machine itself."""

    async def stop(self, conversation: str) -> int:
        """End what runs, and what waits for the model; returns how many jobs that were."""

    async def status(self) -> Mapping[str, str]:
        """One line for each part of the house."""

    async def retry(self, job_id: int) -> Job | None:
        """Run a dead or cancelled job again; None if it is neither."""


class Files(Protocol):
    """Fetches what came with a message."""

    async def fetch(self, conversation: str, attachment: Attachment) -> bytes:
        """The bytes. Raises DeliveryRefused when they cannot be had, DeliveryDelayed later."""


class Pages(Protocol):
    """What the web says of an address, asked only where the owner allows it."""

    async def title(self, url: str) -> str:
        """The title that a page gives itself, as it came; "" where there is none to be had.

        Never raises and never takes longer than a few seconds.
        """


class Pictures(Protocol):
    """Draws, and keeps what it drew until it is sent."""

    async def draw(self, drawing: Drawing, name: str) -> Enclosure:
        """The drawing as a file to go out with a reply; ``name`` is without an ending."""

    async def read(self, ref: str) -> bytes | None:
        """The bytes of one that was drawn; None when it is not kept any more."""
