"""Which notes the owner does not want to find: Obsidian's "Excluded files", and our own setting."""

from __future__ import annotations

from pathlib import Path

from octopus.backends.setting import setting_or_none
from octopus.backends.whoosh.settings import IndexSettings
from octopus.obsidian.ignore import excluder
from octopus.obsidian.settings import read_settings


class Exclusion:
    """Tells whether a path is excluded; looks at the vault's settings when it is told to."""

    def __init__(self, root: Path, settings: IndexSettings) -> None:
        self._file = root, settings.config_dir, "app.json"
        self._ours = settings.excluded
        self._excluded = excluder(self._ours)
        self.refresh()

    def refresh(self) -> None:
        """Read the vault's settings again."""
        text = setting_or_none(*self._file)  # a vault that Obsidian has not opened yet has none
        theirs = read_settings({"app.json": text}).app.ignore_filters
        self._excluded = excluder((*self._ours, *theirs))

    def __call__(self, path: str) -> bool:
        return self._excluded(path)
