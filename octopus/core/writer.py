"""Makes writes to the vault happen exactly once, whatever dies in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from octopus.core.crash import crash_point
from octopus.core.effect import Change, Effect, EffectState, Image, digest
from octopus.core.job import Job
from octopus.core.ports import EffectJournal, Vault
from octopus.errors import Conflict, NotFound

#: How often a change is applied anew to a file that moves on under it.
TRIES = 20


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
            effect = await self._journal.intend(effect, Image(None, data))
            crash_point("effect.intended")
            try:
                await self._vault.write(name, data, None)
            except Conflict:
                continue  # somebody was faster; nothing was done to that file
            crash_point("effect.made")
            return await self._finish(effect)
        raise Conflict("no free name was found")

    async def apply(self, change: Change) -> Effect:
        """Make one change. Raises what the change raises, and VaultError."""
        self._step += 1
        known = await self._known(self._step)
        if known is None:
            effect, data = await self._intend(change, await self._vault.read(change.path))
        elif known.state is EffectState.INTENDED:
            now = await self._vault.read(known.path)
            if digest(now) == known.after or (
                digest(now) != known.before and change.is_in(now, known.mark)
            ):
                return await self._finish(known)
            effect, data = await self._intend(change, now, known)
        else:
            return self._again(known)
        return await self._write(change, effect, data)

    async def move(self, old: str, new: str, *, kind: str = "move", undoes: int = 0) -> Effect:
        """Rename a file, never over another one. Raises NotFound, Conflict."""
        self._step += 1
        effect = await self._known(self._step)
        if effect is not None and effect.state is not EffectState.INTENDED:
            return self._again(effect)
        data = await self._vault.read(old)
        if effect is not None and digest(data) != effect.before:
            return await self._finish(effect)  # it was moved before the crash
        if data is None:
            raise NotFound(f"There is no file {old}.")
        if effect is None:
            effect = self._effect(kind, old, data, data)
            effect = replace(effect, to=new, undoes=undoes)
            effect = await self._journal.intend(effect, Image(data, data))
        crash_point("effect.intended")
        await self._vault.move(old, effect.to, effect.before or "")
        crash_point("effect.made")
        return await self._finish(effect)

    async def _known(self, step: int) -> Effect | None:
        return await self._journal.step(self._job.id, step) if self._job.resumed else None

    def _again(self, effect: Effect) -> Effect:
        self.made.append(effect)
        return effect

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
        raise Conflict(f"{change.path} keeps changing; try again in a moment.")

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
        new = change.apply(old)
        effect = self._effect(change.kind, change.path, old, new)
        effect = replace(
            effect,
            id=known.id if known else 0,
            mark=change.mark(old),
            undoes=change.undoes,
        )
        return await self._journal.intend(effect, Image(old, new)), new

    async def _finish(self, effect: Effect) -> Effect:
        done = await self._journal.finish(replace(effect, state=EffectState.DONE))
        crash_point("effect.done")
        self.made.append(done)
        self._changed(done.path)
        if done.to:
            self._changed(done.to)
        return done
