"""Looks at what was written again a little later: an editor may have saved an old text over it.

An editor that holds a note in memory, on this machine or on a phone, writes all of it when it
saves. Where it had read the note before we wrote, our change is gone then, and nobody decided so.
It is made again in the text as it is now. The owner may also have taken it out on purpose: unticked
a to-do, or undone it in the editor. What tells the two apart, in this order:

* The very text that the note had before, saved after our write: taken out. An editor saves an old
  text because something was typed into it; one in which nothing was is not saved at all.
* A later change of ours stands: whoever saved that knew this one, too, so it was taken out.
* Saved within UNKNOWING after our write: a text from before it. An editor saves a few seconds
  after the last key; a person needs longer to notice a new line, go there, delete it and type
  something else. Should it have been a person after all, they are told, and the second time stays.
* Saved later: on purpose, and left so.
* A change that was made again and is gone again counts as taken out much sooner.
* A note that we made: only a text that is older than it, as a synchroniser brings from another
  device, was saved by somebody who did not know it.
* Part of the change stands, or a line of it with more words: the owner has been there.
* A line of it stands there edited: whoever did that knew the change, and it is looked at no more.
* We changed it ourselves since: nothing to do.

Where we have written to the note ourselves since, its time says nothing about the save; the
first text of our own without the change does: it was saved before that.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from octopus.core.effect import Effect, EffectState, Image, digest
from octopus.core.ports import Clock, EffectJournal, Vault
from octopus.core.writer import TRIES
from octopus.errors import Conflict, Refused, VaultError

log = logging.getLogger(__name__)

#: When a change is looked at, after it was made.
LOOKS = (timedelta(seconds=2), timedelta(seconds=10), timedelta(seconds=60))

#: How long an earlier run of this program may be ago for its changes to be looked at.
RECENT = timedelta(hours=1)

#: How long this run's own changes are followed: somewhat longer than to the last look.
SINCE = timedelta(minutes=5)

#: How long after a change a text saved over it was written without knowing it, by its kind.
UNKNOWING = {"edit": timedelta(seconds=15), "again": timedelta(seconds=3), "create": timedelta()}

#: How long a text has to be at rest before it says what somebody did: it may be half written.
REST = timedelta(seconds=0.25)

#: Between the steps of a job and those of the same changes made again.
NEXT = 1_000_000


class LivelyVault(Vault, Protocol):
    """A vault with other writers."""

    async def saved(self, path: str) -> datetime | None:
        """When the text of a file was saved, on whatever device."""

    async def rescue(self) -> int:
        """Bring back what was written into a file while we replaced it."""


Between = tuple[bytes, bytes]  # the texts around a change


@dataclass(frozen=True, slots=True)
class Texts:
    """What is known of changes of a text."""

    stands: Callable[[bytes, bytes, bytes], bool]  # from, to, the text now
    edited: Callable[[bytes, bytes, bytes, Sequence[Between]], bool]  # and other changes of ours
    make_again: Callable[[bytes, bytes, bytes], bytes]  # as stands; raises Refused


class _Loss(NamedTuple):
    """A text without a change of ours in it."""

    at: datetime  # when it was saved, at the latest
    text: str | None  # its hash


Tell = Callable[[Effect, bool], Awaitable[None]]  # whether it could be made again


class SecondLook:
    """Asked now and then, it looks at whatever is due. The journal is all that it remembers by."""

    def __init__(
        self, effects: EffectJournal, vault: LivelyVault, clock: Clock, texts: Texts, tell: Tell
    ) -> None:
        self._effects = effects
        self._vault = vault
        self._clock = clock
        self._texts = texts
        self._tell = tell
        self._looks: dict[int, int] = {}  # how often an effect was looked at
        self._known: set[int] = set()  # those that the owner has seen, and gone on from
        self._since = RECENT

    async def look(self) -> bool:
        """Look at what is due. Returns whether there will be more, with nothing new written.

        Raises VaultError while the vault is away; nothing counts as looked at then.
        """
        await self._vault.rescue()
        now = self._clock.now()
        recent = await self._effects.recent(now - self._since)
        looks = {effect.id: self._looks.get(effect.id, 0) for effect in recent}
        self._looks, self._since = looks, SINCE
        self._known &= looks.keys()
        for effect in recent:
            due = sum(effect.at is not None and effect.at + after <= now for after in LOOKS)
            if due > looks[effect.id]:
                await self._look_at(effect, recent)
                looks[effect.id] = due
        return any(count < len(LOOKS) for count in looks.values())

    async def _look_at(self, effect: Effect, recent: Sequence[Effect]) -> None:
        if effect.kind not in UNKNOWING or effect.at is None or effect.id in self._known:
            return
        now = await self._vault.read(effect.path)
        if now is None or digest(now) == effect.after:
            return
        image = await self._effects.image(effect.id)
        if image is None:
            return
        saved = await self._vault.saved(effect.path)
        if saved is not None and saved >= effect.at and await self._edited(effect, image, now):
            if self._clock.now() - saved >= REST:
                self._known.add(effect.id)
        elif not self._stands(image, now):
            await self._look_for(effect, image, recent, now)

    async def _look_for(
        self, effect: Effect, image: Image, recent: Sequence[Effect], now: bytes
    ) -> None:
        """Make a change again that is not in the text now, if nobody has taken it out."""
        if effect.at is None:
            return
        # Asked anew: what was made again a moment ago is among them.
        later = [one for one in await self._effects.recent(effect.at) if _follows(one, effect)]
        loss = await self._loss(effect, image, later, now)
        if loss is None or loss.at > effect.at + UNKNOWING[effect.kind]:
            return
        older = [one for one in recent if _follows(effect, one)]
        known = {effect.before, *(text for one in older for text in (one.before, one.after))}
        if loss.text in known and loss.at > effect.at:
            return
        try:
            await self._make_again(effect, image)
        except Refused:
            await self._effects.finish(replace(effect, state=EffectState.UNDONE))
            await self._tell(effect, False)

    async def _edited(self, effect: Effect, image: Image, now: bytes) -> bool:
        """Whether somebody wrote on in what we wrote; other lines of ours can be like it."""
        before, after = image.before or b"", image.after or b""
        if effect.at is None or not self._texts.edited(before, after, now, ()):
            return False
        since = await self._effects.recent(effect.at - SINCE)
        beside = [one.id for one in since if one.path == effect.path and one.id != effect.id]
        images = await self._effects.images(beside)
        others = [(one.before or b"", one.after or b"") for one in images.values()]
        return self._texts.edited(before, after, now, others)

    def _stands(self, image: Image, now: bytes | None) -> bool:
        return self._texts.stands(image.before or b"", image.after or b"", now or b"")

    async def _loss(
        self, effect: Effect, image: Image, later: Sequence[Effect], now: bytes
    ) -> _Loss | None:
        """How the change was saved over; None where we took it out ourselves, or somebody did who
        had seen what we wrote after it."""
        seen = False
        for one in later:
            around = await self._effects.image(one.id)
            if around is None:
                continue
            if one.at is not None and not self._stands(image, around.before):
                return _Loss(one.at, one.before)
            if not self._stands(image, around.after):
                return None
            seen = seen or self._stands(around, now)
        saved = await self._vault.saved(effect.path)
        return None if seen or saved is None else _Loss(saved, digest(now))

    async def _make_again(self, effect: Effect, image: Image) -> None:
        for _ in range(TRIES):
            now = await self._vault.read(effect.path)
            if now is None or self._stands(image, now):
                return
            new = self._texts.make_again(image.before or b"", image.after or b"", now)
            again = replace(
                effect,
                id=0,
                step=effect.step + NEXT,
                kind="again",
                state=EffectState.INTENDED,
                before=digest(now),
                after=digest(new),
            )
            again = await self._effects.intend(again, Image(now, new))
            try:
                await self._vault.write(effect.path, new, again.before)
            except Conflict:
                continue
            # Before this the old one counts: after a crash it is looked at again, and stands.
            await self._effects.finish_all(
                [replace(effect, state=EffectState.UNDONE), replace(again, state=EffectState.DONE)]
            )
            log.warning("%s was saved over, and is changed again", effect.path)
            if effect.kind != "again":  # once a change is enough
                await self._tell(effect, True)
            return
        raise VaultError(f"{effect.path} keeps changing.")


def _follows(one: Effect, other: Effect) -> bool:
    """Whether it was written to the same file after the other one."""
    if one.path != other.path or one.at is None or other.at is None:
        return False
    return (one.at, one.id) > (other.at, other.id)
