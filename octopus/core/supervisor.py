"""Runs the jobs: takes them from the queue, has them done, settles every one of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from octopus.core import status
from octopus.core.crash import crash_point
from octopus.core.event import Bus, Event
from octopus.core.handler import Context, House, Lane, Ports, usage
from octopus.core.interpret import Interpreter, Work, plan_of
from octopus.core.job import MAX_ATTEMPTS, Job, State
from octopus.core.message import Button, Message, Reply
from octopus.core.middleware import compose, middlewares, refusal
from octopus.core.ports import Files
from octopus.core.queue import Queue
from octopus.core.retry import backoff
from octopus.core.wording import DIED, kept, reason_of, told
from octopus.core.writer import Effects
from octopus.errors import DeliveryDelayed, Sentence, UserError, VaultUnavailable

log = logging.getLogger(__name__)

#: Seconds between two tries while the vault cannot be written at all; those do not count.
WAIT_FOR_VAULT = 15.0

#: Telegram itself keeps what was sent for a day.
GIVE_UP_FETCHING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How jobs are run."""

    workers: int = 4  # conversations served side by side
    attempts: int = MAX_ATTEMPTS
    retry_first: float = 1.0  # seconds before the second attempt
    album_wait: float = 1.0  # seconds in which the pictures of one album arrive
    last_chance: float = 2.0  # seconds before the last attempt of a job that saw us die
    grace: float = 8.0  # seconds that running jobs are given when the process stops


class Supervisor:
    """The life of all jobs of this process. Fills the ``Control`` port."""

    def __init__(  # the middle of the house sees all of it
        self,
        ports: Ports,
        interpreter: Interpreter,
        house: House,
        bus: Bus,
        files: Files,
        pace: Pace,
        boot: str,
    ) -> None:
        self._ports = ports
        self._interpreter = interpreter
        self._house = house
        self._bus = bus
        self._files = files
        self._pace = pace
        self._boot = boot
        self._queues = {lane: Queue() for lane in Lane}
        self._workers: list[asyncio.Task[None]] = []
        self._running: dict[asyncio.Task[None], tuple[Job, Lane]] = {}
        self._stopped: set[int] = set()
        self._settling: set[asyncio.Task[None]] = set()
        self._waiting: dict[int, asyncio.Future[Job]] = {}
        self._stopping = False
        self.parts: dict[str, Callable[[], str]] = {}  # front ends say how they are
        self._run = compose(self._perform, middlewares(house.say))

    async def start(self) -> int:
        """Queue what an earlier process left, start the workers; returns how many jobs."""
        jobs = await self._ports.journal.recover(self._boot)
        self.admit(jobs)
        width = {Lane.URGENT: 2, Lane.MODEL: 1, Lane.CONVERSATION: self._pace.workers}
        for lane, count in width.items():
            for number in range(count):
                name = f"worker-{lane.value}-{number}"
                self._workers.append(asyncio.create_task(self._work(lane), name=name))
        return len(jobs)

    def admit(self, jobs: Sequence[Job]) -> None:
        """Queue accepted jobs."""
        now = self._ports.clock.now()
        for job in jobs:
            lane = self._interpreter.lane(job.message)
            delay = (job.run_after - now).total_seconds() if job.run_after else 0.0
            if job.attempt >= max(1, self._pace.attempts - 1) and not job.error:
                # The process died under it, more than once. If the job did that, others come
                # first now; if not, it is out of the way of whatever kills us at the start.
                delay = max(delay, self._pace.last_chance)
            if job.message.album:
                delay = max(delay, self._pace.album_wait)
            self._put(job, lane, delay)

    async def accept(self, messages: Sequence[Message]) -> list[Job]:
        """Write messages down and queue them. Raises what the journal raises; nothing is kept."""
        jobs = await self._ports.journal.accept(messages)
        self.admit(jobs)
        return jobs

    async def ask(self, message: Message) -> Job:
        """Have one message answered; returns its settled job. Cancelling leaves the job alone.

        Raises VaultUnavailable while the vault cannot be written: the job waits in the journal.
        """
        jobs = await self._ports.journal.accept([message])
        if not jobs:
            return (await self._ports.journal.versions(message.conversation, message.message_id))[0]
        settled: asyncio.Future[Job] = asyncio.get_running_loop().create_future()
        self._waiting[jobs[0].id] = settled
        self.admit(jobs)
        return await settled

    async def close(self) -> None:
        """Take no new work, give running jobs their grace, leave the rest in the journal."""
        self._stopping = True
        crash_point("stop.begun")
        for queue in self._queues.values():
            queue.clear()
        ends = asyncio.get_running_loop().time() + self._pace.grace
        while running := list(self._running):
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                for task in running:
                    task.cancel()
            # The workers still write down what becomes of the jobs that end here.
            await asyncio.wait(running, timeout=max(0.0, left) or None)
            await asyncio.sleep(0)
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await asyncio.gather(*self._settling, return_exceptions=True)

    # What the owner may ask of the machine.

    async def stop(self, conversation: str) -> int:
        """End what runs, and what waits for the model; returns how many jobs that were."""
        waiting = self._queues[Lane.MODEL].remove(lambda job: job.lane == conversation)
        waiting += self._queues[Lane.CONVERSATION].remove(
            lambda job: job.lane == conversation and self._interpreter.needs_model(job.message)
        )
        for job in waiting:
            await self._settle(job, State.CANCELLED, Reply(reaction="👌"))
        ended = {job.id for job in waiting}
        for task, (job, lane) in tuple(self._running.items()):
            theirs = job.lane == conversation and lane is not Lane.URGENT
            if theirs and job.id not in ended and task.cancel():
                self._stopped.add(job.id)
                ended.add(job.id)
        return len(ended)

    async def cancel(self, job_id: int) -> bool:
        """Cancel one job that waits or runs; False when it is settled or unknown."""
        for queue in self._queues.values():
            for job in queue.remove(lambda job: job.id == job_id):
                await self._settle(job, State.CANCELLED, Reply(reaction="👌"))
                return True
        running = [task for task, (job, _) in self._running.items() if job.id == job_id]
        for task in running:
            if task.cancel():
                self._stopped.add(job_id)
        return job_id in self._stopped

    async def retry(self, job_id: int) -> Job | None:
        """Run a dead or cancelled job again; None if it is neither."""
        job = await self._ports.journal.revive(job_id)
        if job is not None:
            self.admit([job])
        return job

    async def status(self) -> Mapping[str, str]:
        """One line for each part of the house."""
        now = self._ports.clock.now()
        index = await self._ports.index.status()
        waiting = sum(len(queue) for queue in self._queues.values())
        running = len(self._running)
        armed = await self._ports.reminders.armed()
        return {
            Sentence("Jobs", "status.jobs"): status.jobs(running, waiting),
            Sentence("Notes", "status.notes"): status.notes(index),
            Sentence("Reminders", "status.reminders"): status.reminders(armed, now.tzinfo),
            Sentence("Model", "status.model"): await self._ports.model.status(),
        } | {name: tell() for name, tell in self.parts.items()}

    def alive(self) -> bool:
        """True while every worker is there to take a job."""
        return all(not worker.done() for worker in self._workers)

    # A job's way.

    def _put(self, job: Job, lane: Lane, delay: float = 0.0) -> None:
        if self._stopping:
            return
        name = {Lane.MODEL: "model", Lane.URGENT: f"urgent:{job.id}"}.get(lane, job.lane)
        self._queues[lane].put(job, name, delay)

    async def _work(self, lane: Lane) -> None:
        queue = self._queues[lane]
        while True:
            job, name = await queue.take()
            task = asyncio.create_task(self._attempt(job, lane), name=f"job-{job.id}")
            self._running[task] = job, lane
            await asyncio.wait([task])
            if task.cancelled():
                try:
                    await self._cancelled(job)
                except Exception:  # it runs again at the next start; this worker has to go on
                    log.exception("job %d was stopped, which could not be written down", job.id)
            elif error := task.exception():
                log.error("the journal cannot be written for job %d", job.id, exc_info=error)
                self._put(job, lane, self._pace.retry_first)
            del self._running[task]
            queue.release(name)

    async def _attempt(self, job: Job, lane: Lane) -> None:
        if job.attempt >= self._pace.attempts:
            await self._give_up(job, job.error or DIED)
            return
        try:
            job = await self._ports.journal.start(job)
            crash_point("job.started")
            work = await self._interpreter.work(job)
            if work.skill and work.skill.lane is Lane.MODEL and lane is not Lane.MODEL:
                await self._hand_over(work)
                return
            reply = await self._run(await work.guarded(self._house.privacy, self._ports))
        except UserError as error:  # a button that means nothing any more: said once, not retried
            language = await self._interpreter.spoken(job)
            await self._settle(job, State.DONE, refusal(self._house.say, language, error))
        except VaultUnavailable as error:
            await self._wait_for_vault(job, lane, error)
        except DeliveryDelayed as error:
            await self._fetch_later(job, lane, error)
        except Exception as error:  # noqa: BLE001 - whatever a skill raises ends in an outcome
            await self._again(job, lane, error)
        else:
            job = replace(job, intent=work.meaning.intent, plan=plan_of(work, reply))
            if reply.buttons and not reply.language:
                reply = replace(reply, language=work.meaning.language)
            await self._settle(job, State.DONE, reply, work.absorbs)

    async def _perform(self, work: Work) -> Reply:
        meaning, skill, say = work.meaning, work.skill, self._house.say
        if meaning.question is not None:
            buttons = tuple(Button(o.label, o.intent, o.args) for o in meaning.options)
            return Reply(text=meaning.question, buttons=buttons, reaction="🤔")
        if skill is None:
            text = say(meaning.language, "job.no_skill", intent=meaning.intent)
            return Reply(text=text, failed=True)
        args = skill.arguments(meaning.args)
        if args is None:
            return usage(say, meaning.language, skill)
        return await skill.run(self._context(work), **args)

    def _context(self, work: Work) -> Context:
        job, message = work.job, work.message

        def tell(type_: str) -> Callable[[str], None]:
            def publish(text: str) -> None:
                data = {"job": job.id, "conversation": message.conversation, "text": text}
                self._bus.publish(Event(type_, self._ports.clock.now(), data))

            return publish

        def fetch(attachment: Any) -> Coroutine[Any, Any, bytes]:
            return self._files.fetch(message.conversation, attachment)

        ports = self._ports
        effects = Effects(job, ports.effects, ports.vault, ports.hint)
        if work.guard is not None:
            work.guard.made = effects.made
            ports = work.guard.ports()
        return Context(
            job=job,
            message=message,
            meaning=work.meaning,
            now=message.sent_at.astimezone(ports.clock.now().tzinfo),
            house=self._house,
            ports=ports,
            effects=effects,
            control=self,
            skills=self._interpreter.skills,
            understand=lambda text, when=message.sent_at, reply_to=None: (
                self._interpreter.understand(text, when, reply_to)
            ),
            amend=lambda done, change, whole: self._interpreter.amend(
                done, change, whole, message.sent_at
            ),
            fetch=fetch,
            partial=tell("reply.partial"),
            notice=tell("reply.notice"),
            about=work.about,
        )

    # How a job ends, or goes on later.

    async def _settle(
        self, job: Job, state: State, reply: Reply, absorbs: Sequence[Job] = ()
    ) -> None:
        gone = {other.id for other in absorbs}
        if gone:
            self._queues[Lane.CONVERSATION].remove(lambda other: other.id in gone)
        # Nobody waits for the disk here: the next job's start is written after this and waits
        # for both. Who stops a job in this very moment does not lose what is done already.
        task = asyncio.create_task(self._conclude(job, state, reply, absorbs))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _conclude(self, job: Job, state: State, reply: Reply, absorbs: Sequence[Job]) -> None:
        tries = 0
        while True:
            try:
                settled = await self._ports.journal.settle(job, state, reply, absorbs)
            except Exception:
                tries += 1
                log.exception("job %d cannot be settled, attempt %d", job.id, tries)
                if self._stopping:
                    return  # it runs again at the next start
                await asyncio.sleep(backoff(tries, self._pace.retry_first, cap=15.0))
            else:
                break
        crash_point("job.settled")
        waiting = self._waiting.pop(job.id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(settled)

    async def _hand_over(self, work: Work) -> None:
        """The model takes long: the conversation goes on without waiting for it."""
        job = await self._ports.journal.postpone(work.job, None, refund=True)
        await self._ports.journal.tell(job, Reply(reaction="👀"))
        self._put(job, Lane.MODEL)

    async def _cancelled(self, job: Job) -> None:
        if job.id in self._stopped:
            self._stopped.discard(job.id)
            await self._settle(job, State.CANCELLED, Reply(reaction="👌"))
        else:
            await self._ports.journal.postpone(job, None)  # as it was before it was started

    async def _again(self, job: Job, lane: Lane, error: Exception) -> None:
        log.warning("job %d, attempt %d failed", job.id, job.attempt, exc_info=error)
        reason = reason_of(error)
        if job.attempt >= self._pace.attempts:
            await self._give_up(job, reason)
            return
        delay = backoff(job.attempt, self._pace.retry_first)
        after = self._ports.clock.now() + timedelta(seconds=delay)
        job = await self._ports.journal.postpone(job, after, reason)
        self._put(job, lane, delay)

    async def _give_up(self, job: Job, reason: str) -> None:
        # A reason can name a file; elsewhere it is said only where no name can be a secret.
        quiet = self._house.privacy.elsewhere(job.lane)
        say, language = self._house.say, await self._interpreter.spoken(job)
        key = "job.given_up_quietly" if quiet else "job.given_up"
        text = say(language, key, job=job.id, reason=told(say, language, reason).rstrip(".。"))
        button = Button(say(language, "button.retry"), "job.retry", {"job": job.id})
        job = replace(job, error=reason)
        await self._settle(
            job, State.DEAD, Reply(text=text, buttons=(button,), reaction="💔", failed=True)
        )

    async def _fetch_later(self, job: Job, lane: Lane, error: DeliveryDelayed) -> None:
        """A file cannot be fetched just now: the network's fault, so no attempt is counted."""
        age = self._ports.clock.now() - job.received_at
        if age > GIVE_UP_FETCHING:
            await self._give_up(job, error.sentence)
            return
        patience = min(300.0, age.total_seconds() / 4)
        delay = max(error.retry_after, self._pace.retry_first, patience)
        after = self._ports.clock.now() + timedelta(seconds=delay)
        job = await self._ports.journal.postpone(job, after, str(error), refund=True)
        self._put(job, lane, delay)

    async def _wait_for_vault(self, job: Job, lane: Lane, error: VaultUnavailable) -> None:
        if not job.error:
            say, language = self._house.say, await self._interpreter.spoken(job)
            text = say(language, "vault.waiting", reason=told(say, language, error))
            await self._ports.journal.tell(job, Reply(text=text, reaction="🤔"))
        after = self._ports.clock.now() + timedelta(seconds=WAIT_FOR_VAULT)
        job = await self._ports.journal.postpone(job, after, str(error), refund=True)
        waiting = self._waiting.pop(job.id, None)
        if waiting is not None and not waiting.done():
            waiting.set_exception(kept(error, job.id))
        self._put(job, lane, WAIT_FOR_VAULT)
