"""Shows that something is being done: typing, and the reply as far as it is known."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from octopus.core.event import Event
from octopus.frontends.telegram.address import PREFIX, chat_of
from octopus.frontends.telegram.api import ApiError, Fault
from octopus.frontends.telegram.calls import Calls
from octopus.frontends.telegram.pace import Pace
from octopus.frontends.telegram.render import Part, parts

log = logging.getLogger(__name__)

_ENDS = frozenset({"job.done", "job.dead", "job.cancelled", "job.queued"})
_KEPT = 100  # placeholders whose final reply never came


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds."""

    first: float = 0.7  # that a job runs before it is worth a sign
    typing: float = 4.5  # the sign lasts five
    draft: float = 0.4  # between two drafts
    draft_again: float = 20.0  # a draft vanishes after thirty
    edit: float = 1.5  # between two edits of a placeholder


@dataclass(slots=True)
class Show:
    """What is shown of one running job."""

    job: int
    conversation: str
    text: str = ""
    markdown: bool = False
    shown: str = ""
    over: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    calling: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None


class Stream:
    """Follows the jobs of Telegram's conversations by their events."""

    def __init__(self, calls: Calls, pace: Pace, timing: Timing | None = None) -> None:
        self._calls = calls
        self._pace = pace
        self._timing = timing or Timing()
        self._shows: dict[int, Show] = {}
        self._placeholders: dict[int, str] = {}
        self._drafts = True

    def on(self, event: Event) -> None:
        """Take note of an event; never waits."""
        conversation = str(event.data.get("conversation", ""))
        job = event.data.get("job")
        if not conversation.startswith(PREFIX) or not isinstance(job, int):
            return
        if event.type == "job.running":
            self._begin(job, conversation)
        elif event.type in _ENDS:
            self._end(job)
        elif event.type in {"reply.partial", "reply.notice"} and job in self._shows:
            self._say(self._shows[job], event)

    async def claim(self, job: int) -> str:
        """Stop showing this job; returns the message that its reply has to take the place of.

        When this returns, nothing more is sent for the job, so nothing comes after the reply.
        """
        show = self._shows.pop(job, None)
        if show is not None:
            show.over = True
            async with show.calling:  # a call that is under way is not cut in two
                if show.task is not None:
                    show.task.cancel()
        return self._placeholders.pop(job, "")

    async def close(self) -> None:
        """Stop showing anything."""
        tasks = [show.task for show in self._shows.values() if show.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._shows.clear()

    def _begin(self, job: int, conversation: str) -> None:
        if job in self._shows:
            return
        show = self._shows[job] = Show(job, conversation)
        show.task = asyncio.create_task(self._accompany(show), name=f"telegram-show-{job}")

    def _end(self, job: int) -> None:
        show = self._shows.get(job)
        if show is None:
            return
        show.over = True
        show.changed.set()
        if not show.calling.locked():
            del self._shows[job]
            if show.task is not None:
                show.task.cancel()

    def _say(self, show: Show, event: Event) -> None:
        partial = event.type == "reply.partial"
        if partial or not show.markdown:  # a notice never hides what is there of the reply
            show.text = str(event.data.get("text", ""))
            show.markdown = partial
            show.changed.set()

    async def _accompany(self, show: Show) -> None:
        try:
            await self._pause(show, self._timing.first)
            while not show.over:
                await self._sign(show)
        except ApiError as error:
            log.debug("job %d is not shown any further: %s", show.job, error)
        finally:
            if self._shows.get(show.job) is show and show.over:
                del self._shows[show.job]

    async def _sign(self, show: Show) -> None:
        """One sign of life, and the pause after it."""
        show.changed.clear()
        fresh = show.text != show.shown
        if not show.text.strip():
            await self._call(show, None)
            await self._pause(show, self._timing.typing)
        elif self._drafts:
            await self._call(show, show.text)
            await asyncio.sleep(self._timing.draft)
            await self._pause(show, self._timing.draft_again)
        else:
            await self._call(show, show.text if fresh else None)
            await asyncio.sleep(self._timing.edit)
            await self._pause(show, self._timing.typing)

    async def _pause(self, show: Show, seconds: float) -> None:
        """Wait, but not longer than until there is something new."""
        try:
            async with asyncio.timeout(seconds):
                await show.changed.wait()
        except TimeoutError:
            pass

    async def _call(self, show: Show, text: str | None) -> None:
        await self._pace.other(chat_of(show.conversation))
        async with show.calling:
            if show.over:
                return
            try:
                if text is None:
                    await self._calls.typing(show.conversation)
                else:
                    await self._show(show, text)
                    show.shown = text
            except ApiError as error:
                if error.fault is Fault.WAIT:
                    self._pace.hold(chat_of(show.conversation), error.retry_after)
                elif error.fault not in {Fault.SERVER, Fault.UNREACHABLE, Fault.BROKEN}:
                    raise

    async def _show(self, show: Show, text: str) -> None:
        pieces = parts(text, markdown=show.markdown)
        if not pieces:
            return
        part = pieces[-1]  # of a long text, the end is what grows
        if self._drafts:
            try:
                await self._draft(show, part)
            except ApiError as error:
                if error.fault is not Fault.REFUSED:
                    raise
                log.info("drafts are refused, edits are used instead: %s", error.description)
                self._drafts = False
            else:
                return
        await self._placeholder(show, part)

    async def _draft(self, show: Show, part: Part) -> None:
        try:
            await self._calls.draft(show.conversation, show.job, part)
        except ApiError as error:
            if not (part.entities and error.fault is Fault.REFUSED and error.says("entit")):
                raise
            await self._calls.draft(show.conversation, show.job, Part(part.text))

    async def _placeholder(self, show: Show, part: Part) -> None:
        earlier = self._placeholders.get(show.job, "")
        if earlier and await self._calls.edit(show.conversation, earlier, part):
            return
        while len(self._placeholders) >= _KEPT:
            del self._placeholders[next(iter(self._placeholders))]
        self._placeholders[show.job] = await self._calls.send(show.conversation, part)
