"""Give a skill the ports without what is private, and look at its reply before it goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from octopus.core.effect import Effect
from octopus.core.guarded import GuardedIndex, GuardedModel, GuardedNotes, GuardedVault
from octopus.core.handler import Lane, Ports, Skill
from octopus.core.message import Reply
from octopus.core.privacy import Privacy
from octopus.errors import VaultError

T = TypeVar("T")

#: Characters of a private line that must not be found in a reply; shorter ones say nothing.
TELLING = 12


class Guard:
    """What one job may see, and what it has seen.

    ``hides``: private notes are not there for it. A skill that writes has to see them all the same,
    to keep links right and to add to them; its reply must then name and quote none.
    """

    def __init__(self, privacy: Privacy, ports: Ports, *, hides: bool, elsewhere: bool) -> None:
        self._privacy = privacy
        self._ports = ports
        self.hides = hides
        self.elsewhere = elsewhere
        self.withheld: set[str] = set()
        self.seen: dict[str, bytes] = {}  # private files that were read
        self.made: Sequence[Effect] = ()  # what the job has written

    @classmethod
    def of(cls, privacy: Privacy, ports: Ports, conversation: str, skill: Skill | None) -> Guard:
        """For one job: who asks, and which skill answers."""
        elsewhere = privacy.elsewhere(conversation)
        thinks = skill is not None and skill.lane is Lane.MODEL
        writes = skill is not None and skill.capability.writes
        return cls(privacy, ports, hides=thinks or (elsewhere and not writes), elsewhere=elsewhere)

    def ports(self) -> Ports:
        """The ports as the job is given them."""
        ports = self._ports
        notes = GuardedNotes(self, ports.notes) if self.quiet else ports.notes
        index = GuardedIndex(self, ports.index) if self.quiet else ports.index
        vault = GuardedVault(self, ports.vault)
        model = GuardedModel(self, ports.model)
        return replace(ports, notes=notes, index=index, vault=vault, model=model)

    @property
    def quiet(self) -> bool:
        """Whether lists and answers are without private notes."""
        return self.hides or self.elsewhere

    async def known(self) -> frozenset[str]:
        """The private files as far as they are known."""
        try:
            return await self._ports.notes.private()
        except VaultError:
            return frozenset()

    async def private(self, path: str) -> bool:
        """Whether this file is private now."""
        if self._privacy.in_folder(path) or path in await self.known():
            return True
        if not self._privacy.by_tag:
            return False
        try:
            data = await self._ports.vault.read(path)
        except VaultError:
            return True  # what cannot be looked at is not shown
        return data is not None and self._privacy.private(path, data)

    def admits(self, path: str, data: bytes | None) -> bool:
        """Whether the job may have this content of a file; what it has is remembered."""
        if data is None or not self._privacy.private(path, data):
            return True
        if self.hides:
            self.withheld.add(path)
            return False
        self.seen[path] = data
        return True

    async def kept(self, items: Iterable[T], paths_of: Callable[[T], Iterable[str]]) -> list[T]:
        """The items that are about no private file; the others are counted."""
        private = await self.known()
        kept = []
        for item in items:
            hidden = {p for p in paths_of(item) if p in private or self._privacy.in_folder(p)}
            self.withheld |= hidden
            if not hidden:
                kept.append(item)
        return kept

    async def clean(self, reply: Reply, said: str, language: str) -> Reply:
        """The reply as it may go out; ``said`` is what the owner wrote: that is no secret."""
        words = self._privacy.words
        if self.elsewhere:
            if self._quotes(reply, said):
                reply = replace(reply, text=words.refused(language), buttons=(), markdown=False)
            hidden = await self._names(reply, said)
            buttons = tuple(
                replace(each, label=self._privacy.without_names(each.label, hidden, language))
                for each in reply.buttons
            )
            text = self._privacy.without_names(reply.text, hidden, language)
            reply = replace(reply, text=text, buttons=buttons)
        if self.withheld and self.hides and reply.text:
            note = words.left_out(language, len(self.withheld))
            reply = replace(reply, text=f"{reply.text}\n\n{note}")
        return reply

    async def _names(self, reply: Reply, said: str) -> frozenset[str]:
        """What must not stand in the reply: paths, and titles of the notes that it is about."""
        made = {path for one in self.made for path in (one.path, one.to) if path}
        names = await self.known() | {path for path in made if await self.private(path)}
        about = {path for path in names if path in made or path in _shown(reply)}
        return names | {title for path in about if (title := _title(path)) not in said}

    def _quotes(self, reply: Reply, said: str) -> bool:
        """Whether a line of a private file that the job has read stands in what it says."""
        shown = _shown(reply)
        return any(line in shown and line not in said for line in self._lines())

    def _lines(self) -> Iterable[str]:
        for data in self.seen.values():
            for line in data.decode("utf-8", "replace").splitlines():
                if len(line.strip()) >= TELLING:
                    yield line.strip()


def _shown(reply: Reply) -> str:
    return "\n".join([reply.text, *(button.label for button in reply.buttons)])


def _title(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]
