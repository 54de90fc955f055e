"""Starts a bot, talks to it, ends it at bad moments, starts it again; counts in the end."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any

from tests.fakes.telegram import RemoteTelegram
from tests.patience import PATIENCE
from tests.proof.oracle import Verdict, judge_chat, judge_rows, judge_vault, read_vault
from tests.proof.plan import Plan, Sent, Sort
from tests.proof.subject import OWNER, TOKEN, Subject

READY_WITHIN = PATIENCE  # seconds from start to the first getUpdates
IDLE_WITHIN = 2 * PATIENCE  # seconds until everything is done, at the end
WAY_OUT = "stop."  # how the names of points begin that are reached when the daemon is asked to end
QUIET = 1.0  # seconds without a call that count as idle, where nothing else tells


class Moment(StrEnum):
    """When the process is ended."""

    STARTING = "while it starts"
    RANDOM = "at a random moment of its work"
    CONFIRMED = "right after the last update was confirmed"
    POINT = "at a named point"


@dataclass(slots=True)
class Size:
    """How much is done."""

    messages: int = 2000
    kills: int = 100
    terms: int = 40
    points: tuple[str, ...] = ()
    seed: int = 1
    presses: float = 0.5  # the chance of one after each batch, where receipts with Undo are there


@dataclass(slots=True)
class Run:
    """What was measured on the way."""

    verdict: Verdict = field(default_factory=Verdict)
    sorts: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    points: dict[str, str] = field(default_factory=dict)  # point: "killed" or what happened
    ready: list[float] = field(default_factory=list)  # seconds, starts after a kill
    first_ready: float = 0.0
    stops: list[float] = field(default_factory=list)  # seconds from SIGTERM to the end
    given_up: int = 0  # jobs that were given up after three deaths, and done at the owner's tap
    bad_exits: list[str] = field(default_factory=list)
    starts: int = 0
    seconds: float = 0.0


class Driver:
    """One proof of one subject."""

    def __init__(self, subject: Subject, fake: RemoteTelegram, size: Size) -> None:
        self.subject = subject
        self.fake = fake
        self.size = size
        self.plan = Plan(size.seed, todos=subject.knows_todos)
        self.run = Run()
        self._pace = 0.02  # seconds of work a message, measured as it goes
        self._after_kill = False

    async def prove(self) -> Run:
        """The whole proof."""
        begun = time.monotonic()
        ends = [signal.SIGKILL] * self.size.kills + [signal.SIGTERM] * self.size.terms
        self.plan.random.shuffle(ends)
        rounds = len(ends) + len(self.size.points) + 2
        share = max(1, round(self.size.messages / rounds))
        await self._calm(share)
        for count, point in enumerate(self.size.points, 1):
            await self._at_point(point, share)
            # One job would be the victim of three points in a row, and be given up as poison.
            if count % 2 == 0:
                await self._calm(0)
        for number in ends:
            await self._cycle(number, share)
        await self._calm(max(0, self.size.messages - len(self.plan.sent)), again=True)
        await self._judge()
        self.run.seconds = time.monotonic() - begun
        return self.run

    # -- one life of the process ---------------------------------------------------------------

    async def _calm(self, count: int, *, again: bool = False) -> None:
        """Send, wait until everything is done, and end it politely."""
        await self._start()
        begun = time.monotonic()
        await self._send(count)
        await self._idle()
        if count:
            self._pace = (time.monotonic() - begun) / count
        if again:
            await self._try_again()
        await self._terminate()

    async def _try_again(self) -> None:
        """What was in the works at three deaths in a row waits for a tap of its owner."""
        for notice in await self.fake.do("with_button", "Try again"):
            await self.fake.do("press", notice["message_id"], "Try again")
            self.run.given_up += 1
        await self._idle()

    async def _cycle(self, number: signal.Signals, count: int) -> None:
        """Some messages wait already, some come later; then the end."""
        chance = self.plan.random
        moment = chance.choices(
            (Moment.STARTING, Moment.RANDOM, Moment.CONFIRMED), (0.1, 0.6, 0.3)
        )[0]
        early = chance.randint(0, count)
        await self._send(early)
        self.run.moments[moment.value] += 1
        if moment is Moment.STARTING:
            await self._send(count - early)
            usual = median(self.run.ready) if self.run.ready else self.run.first_ready
            await self._start(wait=False)
            await asyncio.sleep(chance.uniform(0, usual))
            await self._end(number)
            return
        await self._start()
        later = asyncio.create_task(self._send(count - early))
        if moment is Moment.CONFIRMED:
            await later
            await self.fake.wait("pending", exactly=0, timeout=READY_WITHIN)
        else:
            await asyncio.sleep(chance.uniform(0, 1.2 * self._pace * count))
        await self._end(number)
        await later

    async def _at_point(self, point: str, count: int) -> None:
        """Let the process kill itself at a named point, whatever brings it there."""
        await self._send(count)
        await self._start(wait=False, OCTOPUS_CRASH_AT=point)
        process = self.subject.process
        assert process is not None
        self.run.moments[Moment.POINT.value] += 1
        died = asyncio.ensure_future(process.wait())
        took_all = asyncio.ensure_future(self.fake.wait("pending", exactly=0, timeout=READY_WITHIN))
        await asyncio.wait([died, took_all], return_when=asyncio.FIRST_COMPLETED)
        took_all.cancel()
        if not point.startswith(WAY_OUT):
            await asyncio.wait([died], timeout=PATIENCE)
        if not died.done():
            await self._send(3)
            self.subject.signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                await died
        self._after_kill = process.returncode == -signal.SIGKILL
        self.run.verdict.kills += self._after_kill
        self.run.points[point] = "killed" if self._after_kill else f"exit {process.returncode}"

    async def _start(self, *, wait: bool = True, **environment: str) -> None:
        polls = (await self.fake.figures())["polls"]
        await self.subject.start(**environment)
        self.run.starts += 1
        if not wait:
            return
        process = self.subject.process
        assert process is not None
        ready = self.fake.wait("polls", at_least=polls + 1, timeout=READY_WITHIN)
        waits: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(ready),
            asyncio.ensure_future(process.wait()),
        ]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()
        if not waits[0].done() or waits[0].cancelled() or waits[0].exception():
            raise RuntimeError(f"not ready in time; its log ends:\n{self.subject.tail()}")
        taken = await self.fake.do("polled_after", self.subject.started) - self.subject.started
        if not self.run.first_ready:
            self.run.first_ready = taken
        elif self._after_kill:
            self.run.ready.append(taken)

    async def _end(self, number: signal.Signals) -> None:
        if not self.subject.alive:
            self.run.bad_exits.append(f"ended by itself:\n{self.subject.tail()}")
        if number == signal.SIGTERM:
            await self._terminate()
            return
        await self.subject.end(signal.SIGKILL)
        self.run.verdict.kills += 1
        self._after_kill = True

    async def _terminate(self) -> None:
        try:
            self.run.stops.append(await self.subject.end(signal.SIGTERM))
        except TimeoutError:
            self.run.bad_exits.append("did not stop after SIGTERM")
        process = self.subject.process
        assert process is not None
        # A SIGTERM before the handler is set up ends any Python program with -15.
        if process.returncode not in (0, -signal.SIGTERM):
            self.run.bad_exits.append(f"exit {process.returncode} after SIGTERM")
        self._after_kill = False

    # -- what is sent --------------------------------------------------------------------------

    async def _send(self, count: int) -> None:
        if count <= 0:
            return
        for sent in self.plan.next(count):  # one by one: an edit needs the id of what was sent
            sent.cycle = self.run.starts
            if sent.sort is Sort.EDIT:
                await self.fake.do("edit", sent.message_id, f"note: {sent.text}")
            else:
                sent.message_id = await self.fake.do("owner_says", self.plan.said(sent))
            self.run.sorts[sent.sort.value] += 1
        await self._press()

    async def _press(self) -> None:
        if self.plan.random.random() >= self.size.presses:
            return
        receipts: Sequence[dict[str, object]] = await self.fake.do("with_button", "Undo")
        named = [(int(str(item["message_id"])), str(item.get("text"))) for item in receipts[-60:]]
        for sent in self.plan.press(named, 1):
            sent.query_id = await self.fake.do("press", sent.message_id, "Undo")
            self.run.sorts[Sort.PRESS.value] += 1

    # -- the end -------------------------------------------------------------------------------

    async def _idle(self) -> None:
        """Wait until nothing is left to do."""
        await self.fake.wait("pending", exactly=0, timeout=IDLE_WITHIN)
        deadline = time.monotonic() + IDLE_WITHIN
        while time.monotonic() < deadline:
            open_work = self.subject.open_work()
            if open_work is None:
                before = (await self.fake.figures())["calls"]
                await asyncio.sleep(QUIET)
                if before == (await self.fake.figures())["calls"]:
                    return
            elif open_work == 0:
                return
            else:
                await asyncio.sleep(0.02)
            if not self.subject.alive:
                raise RuntimeError(f"ended by itself; its log ends:\n{self.subject.tail()}")

    async def _judge(self) -> None:
        verdict = self.run.verdict
        verdict.sent = len(self.plan.sent)
        notes, verdict.leftovers = read_vault(self.subject.vault)
        verdict.notes = len(notes)
        verdict.searchable = await self.subject.searchable()
        judge_vault(verdict, self.plan, notes)
        judge_chat(verdict, self.plan.sent, await self.fake.report(), OWNER)
        judge_rows(verdict, self.subject.states())


async def prove(kind: type[Subject], work: Path, size: Size) -> tuple[Run, list[Sent]]:
    """Run the proof in a folder; returns what was measured and what was sent."""
    async with RemoteTelegram("--token", TOKEN, "--owner", str(OWNER)) as fake:
        subject = kind(work, fake.url)
        driver = Driver(subject, fake, size)
        try:
            run = await driver.prove()
        finally:
            if subject.alive:
                await subject.end(signal.SIGKILL)
        return run, driver.plan.sent
