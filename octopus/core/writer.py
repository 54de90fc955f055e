"""Makes writes to the vault happen exactly once, whatever dies in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from octopus.core.crash import crash_point
from octopus.core.effect import Change, Effect, EffectState, Image, Write, digest
from octopus.core.job import Job
from octopus.core.ports import EffectJournal, Vault
from octopus.errors import Conflict, NotFound, UserError, VaultError, VaultUnavailable

#: Changes that are recorded, written and settled together.
BATCH = 256

#: How often a change is applied anew to a file that moves on under it.
TRIES = 20


#: A change that was made, or why it was not.
Made = Effect | UserError | VaultError


class Effects:
    """The writes of one run of one job, numbered in the order in which they are asked for.

    A second run of the job finds what the first one recorded under the same number: what is
    done is not done again, and what was only intended is looked for in the file.
    """

    def __init__(
        self, job: Job, journal: EffectJournal, vault: Vault, changed: Callable[[str], None]
    ) -> None:
        self._job = job
        self._journal = journal
        self._vault = vault
        self._changed = changed
        self._step = 0
        self.made: list[Effect] = []

    async def recorded(self) -> bool:
        """Whether an earlier run of this job came as far as the next write."""
        return await self._known(self._step + 1) is not None

    async def repeated(self) -> Effect | None:
        """The next write, where an earlier run of this job made it: it counts as made again."""
        known = await self._known(self._step + 1)
        if known is None or known.state is EffectState.INTENDED:
            return None
        self._step += 1
        return self._again(known)

    def skip(self) -> None:
        """Leave a number out: this write is not needed, and a second run must count alike."""
        self._step += 1

    def skip_to(self, known: Effect) -> None:
        """The next write is this one of an earlier run, however many were left out before."""
        self._step = known.step - 1

    def number(self) -> int:
        """The next number, for a store that records its write itself, once for each number."""
        self._step += 1
        return self._step

    async def kept(self) -> Effect | None:
        """The write that such a store has recorded under the last number."""
        effect = await self._journal.step(self._job.id, self._step)
        return self._again(effect) if effect is not None else None

    async def create(self, names: Iterator[str], data: bytes) -> Effect:
        """Make a new file under the first of the names that is free."""
        self._step += 1
        known = await self._known(self._step)
        if known is not None and known.state is EffectState.DONE:
            return self._again(known)
        if known is not None:
            there = await self._vault.read(known.path)
            if there is not None and (digest(there) == known.after or data in there):
                return await self._finish(known)  # ours, perhaps edited since
            names = chain([known.path], names)
        for name in names:
            # Asked before the name is recorded: after a crash, a file of that name is ours.
            if await self._vault.exists(name):
                continue
            effect = self._effect("create", name, None, data)
            try:
                effect = await self._journal.intend(effect, Image(None, data))
                crash_point("effect.intended")
                await self._vault.write(name, data, None)
            except Conflict:
                continue  # somebody was faster, or is about to; nothing was done to that file
            crash_point("effect.made")
            return await self._finish(effect)
        raise Conflict("No free name was found.", "error.no_name")

    async def apply(self, change: Change) -> Effect:
        """Make one change. Raises what the change raises, and VaultError."""
        self._step += 1
        known = await self._known(self._step)
        if known is None:
            effect, data = await self._intend(change, await self._vault.read(change.path))
        elif known.state is EffectState.INTENDED:
            now = await self._vault.read(known.path)
            if digest(now) == known.after or (
                digest(now) != known.before and _is_made(change, now, known.mark)
            ):
                return await self._finish(known)
            effect, data = await self._intend(change, now, known)
        else:
            return self._again(known)
        return await self._write(change, effect, data)

    async def apply_all(self, wanted: Sequence[tuple[Change, bytes | None]]) -> list[Made]:
        """Make up to BATCH changes to different files, each with the content it was read with.

        All are recorded before the first file is touched, then written beside each other. For a
        change that cannot be made its error comes back in its place; only VaultUnavailable is
        raised. Each change has a number, so a second run may ask for the same ones, one by one
        or not.
        """
        if not wanted:
            return []
        if self._job.resumed:
            return [await _attempt(self.apply(change)) for change, _ in wanted]
        plans = [self._plan(change, old) for change, old in wanted]
        planned = [plan for plan in plans if isinstance(plan, tuple)]
        effects = await self._journal.intend_all(planned)
        crash_point("effect.intended")
        errors = await self._vault.write_all(
            [Write(effect.path, image.after or b"", effect.before) for effect, image in planned]
        )
        crash_point("effect.made")
        outcomes = list(zip(effects, errors, strict=True))
        await self._finish_all([effect for effect, error in outcomes if error is None])
        made = iter(outcomes)
        return [
            await self._outcome(change, *next(made)) if isinstance(plan, tuple) else plan
            for (change, _), plan in zip(wanted, plans, strict=True)
        ]

    async def move(self, old: str, new: str, *, kind: str = "move", undoes: int = 0) -> Effect:
        """Rename a file, never over another one. Raises NotFound, Conflict."""
        self._step += 1
        effect = await self._known(self._step)
        if effect is not None and effect.state is not EffectState.INTENDED:
            return self._again(effect)
        data = await self._vault.read(old)
        if effect is None or digest(data) != effect.before:
            if effect is not None and (data is None or await self._vault.exists(effect.to)):
                return await self._moved(effect)  # before the crash
            if data is None:
                raise NotFound("There is no file {path}.", "error.no_such_file", path=old)
            planned = self._effect(kind, old, data, data)
            planned = replace(planned, to=effect.to if effect else new, undoes=undoes)
            planned = replace(planned, mark=await self._missing(planned.to))
            effect = await self._journal.intend(planned, Image(data, data))
        crash_point("effect.intended")
        await self._vault.move(old, effect.to, effect.before or "")
        crash_point("effect.made")
        return await self._moved(effect)

    async def _missing(self, path: str) -> str:
        """The folders that have to be made for a file, one a line."""
        parts = path.split("/")[:-1]
        above = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        return "\n".join([each for each in above if not await self._vault.exists(each)])

    async def _moved(self, effect: Effect) -> Effect:
        """Taken back, a move takes the folders with it that it had made, if nothing else is in."""
        first = await self._journal.effect(effect.undoes) if effect.undoes else None
        if first is not None and first.to and first.mark:
            await self._vault.tidy(first.mark.split("\n"))
        return await self._finish(effect)

    async def _known(self, step: int) -> Effect | None:
        return await self._journal.step(self._job.id, step) if self._job.resumed else None

    def _again(self, effect: Effect) -> Effect:
        self.made.append(effect)
        return effect

    def _plan(
        self, change: Change, old: bytes | None
    ) -> tuple[Effect, Image] | UserError | VaultError:
        """A change under the next number, or why it cannot be made."""
        self._step += 1
        try:
            return self._planned(change, old)
        except (UserError, VaultError) as error:
            return error

    async def _outcome(
        self, change: Change, effect: Effect, error: UserError | VaultError | None
    ) -> Made:
        """What became of a change in a batch; where the file had moved on, it is made anew."""
        if isinstance(error, Conflict):
            return await _attempt(self._anew(change, effect))
        if isinstance(error, VaultUnavailable):
            raise error
        return error or replace(effect, state=EffectState.DONE)

    async def _anew(self, change: Change, effect: Effect) -> Effect:
        now = await self._vault.read(change.path)
        return await self._write(change, *await self._intend(change, now, effect))

    async def _write(self, change: Change, effect: Effect, data: bytes) -> Effect:
        for _ in range(TRIES):
            crash_point("effect.intended")
            try:
                await self._vault.write(effect.path, data, effect.before)
            except Conflict:
                now = await self._vault.read(change.path)
                effect, data = await self._intend(change, now, effect)
            else:
                crash_point("effect.made")
                return await self._finish(effect)
        raise Conflict(
            "{path} keeps changing; try again in a moment.", "error.restless", path=change.path
        )

    def _effect(self, kind: str, path: str, before: bytes | None, after: bytes | None) -> Effect:
        return Effect(
            id=0,
            job=self._job.id,
            step=self._step,
            conversation=self._job.message.conversation,
            kind=kind,
            path=path,
            state=EffectState.INTENDED,
            before=digest(before),
            after=digest(after),
        )

    async def _intend(
        self, change: Change, old: bytes | None, known: Effect | None = None
    ) -> tuple[Effect, bytes]:
        effect, image = self._planned(change, old)
        if known:  # not the newest number, where it was one of a batch
            effect = replace(effect, id=known.id, step=known.step)
        return await self._journal.intend(effect, image), image.after or b""

    def _planned(self, change: Change, old: bytes | None) -> tuple[Effect, Image]:
        new = change.apply(old)
        effect = self._effect(change.kind, change.path, old, new)
        mark, undoes = change.mark(old), change.undoes
        return replace(effect, mark=mark, undoes=undoes), Image(old, new)

    async def _finish(self, effect: Effect) -> Effect:
        done = await self._journal.finish(replace(effect, state=EffectState.DONE))
        crash_point("effect.done")
        self.made.append(done)
        self._changed(done.path)
        if done.to:
            self._changed(done.to)
        return done

    async def _finish_all(self, effects: Sequence[Effect]) -> None:
        done = [replace(effect, state=EffectState.DONE) for effect in effects]
        await self._journal.finish_all(done)
        crash_point("effect.done")
        self.made += done
        for effect in done:
            self._changed(effect.path)


def _is_made(change: Change, now: bytes | None, mark: str) -> bool:
    """Whether a text that has moved on since a crash has the change: by its lines, or because
    there is nothing left to change. What it replaced then is still what was recorded first."""
    return change.is_in(now, mark) or (now is not None and change.apply(now) == now)


async def _attempt(work: Awaitable[Effect]) -> Made:
    try:
        return await work
    except VaultUnavailable:
        raise
    except (UserError, VaultError) as error:
        return error
