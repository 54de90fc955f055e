"""Which notes the owner does not want to find: Obsidian's "Excluded files", and our own setting."""

from __future__ import annotations

from pathlib import Path

from octopus.backends.setting import setting_or_none
from octopus.backends.whoosh.scan import Stamp, look
from octopus.backends.whoosh.settings import IndexSettings
from octopus.obsidian.ignore import excluder
from octopus.obsidian.settings import read_settings


class Exclusion:
    """Tells whether a path is excluded; looks at the vault's settings when it is told to."""

    def __init__(self, root: Path, settings: IndexSettings) -> None:
        self._root, self._file = root, (settings.config_dir, "app.json")
        self._ours = settings.excluded
        self._theirs: tuple[str, ...] = ()
        self._stamp: Stamp | None = None
        self._excluded = excluder(self._ours)
        self.refresh()

    def changed(self) -> bool:
        """Whether the vault's settings exclude other notes than they did; then these are meant."""
        return self._look() != self._stamp and self.refresh()

    def refresh(self) -> bool:
        """Read the vault's settings again; returns whether they exclude other notes now."""
        self._stamp = self._look()
        # A vault that Obsidian has not opened yet has none.
        text = setting_or_none(self._root, *self._file)
        theirs = read_settings({"app.json": text}).app.ignore_filters
        before, self._theirs = self._theirs, theirs
        self._excluded = excluder((*self._ours, *theirs))
        return before != theirs

    def _look(self) -> Stamp | None:
        return look(self._root, "/".join(self._file))

    def __call__(self, path: str) -> bool:
        return self._excluded(path)
