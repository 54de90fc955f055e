"""Lets a skill run over an earlier state of the vault, and tells what it would write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from octopus.core.effect import Change, Effect, EffectState, Write, digest
from octopus.core.ports import Vault
from octopus.core.writer import Effects, Made
from octopus.errors import Conflict, NotFound, Refused, UserError, VaultError


@dataclass(slots=True)
class Overlay:
    """Fills the ``Vault`` port: the real one, but for some files that are as they were told to be.

    ``files`` are these files, None where there is none; what is written comes to them.
    """

    real: Vault
    files: dict[str, bytes | None]
    written: dict[str, None] = field(default_factory=dict)  # in order, each once

    async def read(self, path: str) -> bytes | None:
        """The whole file."""
        return self.files[path] if path in self.files else await self.real.read(path)

    async def write(self, path: str, data: bytes, expect: str | None) -> None:
        """Remember what would be written. Raises Conflict."""
        if digest(await self.read(path)) != expect:
            raise Conflict
        self.files[path] = data
        self.written[path] = None

    async def read_all(self, paths: Sequence[str]) -> list[bytes | None]:
        """Many files."""
        real = iter(await self.real.read_all([path for path in paths if path not in self.files]))
        return [self.files[path] if path in self.files else next(real) for path in paths]

    async def write_all(self, writes: Sequence[Write]) -> list[VaultError | UserError | None]:
        """Remember what would be written, each whole or not at all."""
        errors: list[VaultError | UserError | None] = []
        for each in writes:
            try:
                await self.write(each.path, each.data, each.expect)
            except Conflict as error:
                errors.append(error)
            else:
                errors.append(None)
        return errors

    async def move(self, old: str, new: str, expect: str) -> None:
        """Remember what would be moved. Raises Conflict."""
        data = await self.read(old)
        if digest(data) != expect or await self.exists(new):
            raise Conflict
        self.files |= {old: None, new: data}
        self.written |= {old: None, new: None}

    async def tidy(self, folders: Sequence[str]) -> None:
        """No folders are made in a rehearsal."""

    async def exists(self, path: str) -> bool:
        """Whether there would be a file."""
        if path in self.files:
            return self.files[path] is not None
        return await self.real.exists(path)

    async def notes(self) -> list[str]:
        """The paths of all notes, sorted."""
        return self._seen(await self.real.notes(), ".md")

    async def paths(self) -> list[str]:
        """The paths of all visible files, sorted."""
        return self._seen(await self.real.paths(), "")

    async def text_of(self, name: str) -> str | None:
        """A settings file."""
        return await self.real.text_of(name)

    def _seen(self, real: Sequence[str], ending: str) -> list[str]:
        there = {path for path in real if self.files.get(path, b"") is not None}
        return sorted(
            there
            | {
                path
                for path, data in self.files.items()
                if data is not None and path.endswith(ending) and not path.startswith(".")
            }
        )


class Rehearsal(Effects):
    """The writes of a skill that runs over an overlay; what is no file is done for real.

    A new file takes the place of one that the ``past`` effects made, so that it keeps its name.
    """

    def __init__(self, real: Effects, overlay: Overlay, past: Sequence[Effect]) -> None:
        self._real = real
        self._overlay = overlay
        self._places = [effect.path for effect in past if effect.kind == "create"]
        self._steps = 0
        self.made: list[Effect] = []

    async def recorded(self) -> bool:
        """Nothing was."""
        return False

    async def repeated(self) -> Effect | None:
        """Nothing was."""
        return None

    def skip(self) -> None:
        """Numbers do not matter here."""

    def number(self) -> int:
        """What is no file is done for real."""
        return self._real.number()

    async def kept(self) -> Effect | None:
        """What was done for real."""
        return await self._real.kept()

    async def create(self, names: Iterator[str], data: bytes) -> Effect:
        """Where the file would be made. One that may have a single name only, as the list of
        to-dos, has this name."""
        offered = list(_few(names))
        places = self._places if len(offered) > 1 else []
        for place in (*places, *offered):
            if not await self._overlay.exists(place):
                await self._overlay.write(place, data, None)
                return self._note("create", place, None, data)
        raise Conflict("No free name was found.", "error.no_name")

    async def apply(self, change: Change) -> Effect:
        """The change, made in memory. Raises what the change raises."""
        old = await self._overlay.read(change.path)
        new = change.apply(old)
        await self._overlay.write(change.path, new, digest(old))
        return self._note(change.kind, change.path, old, new)

    async def apply_all(self, wanted: Sequence[tuple[Change, bytes | None]]) -> list[Made]:
        """Several changes, each made in memory or answered with why it cannot be."""
        made: list[Made] = []
        for change, _ in wanted:
            try:
                made.append(await self.apply(change))
            except (UserError, VaultError) as error:
                made.append(error)
        return made

    async def move(self, old: str, new: str, *, kind: str = "move", undoes: int = 0) -> Effect:
        """Refused: what moves files is not done again with other words."""
        if await self._overlay.read(old) is None:
            raise NotFound("There is no file {path}.", "error.no_such_file", path=old)
        raise Refused("{path} stays where it is.", "error.stays", path=old)

    def _note(self, kind: str, path: str, before: bytes | None, after: bytes) -> Effect:
        self._steps += 1
        step, done = self._steps, EffectState.DONE
        effect = Effect(0, 0, step, "", kind, path, done, digest(before), digest(after))
        self.made.append(effect)
        return effect


def _few(names: Iterator[str], most: int = 1000) -> Iterator[str]:
    for _, name in zip(range(most), names, strict=False):
        yield name
