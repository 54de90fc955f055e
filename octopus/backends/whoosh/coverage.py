"""Which files of the vault are not searched, or not wholly, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from octopus.backends.whoosh.attachment import Attachments, Unread
from octopus.backends.whoosh.document import Document, is_too_large
from octopus.backends.whoosh.scan import Stamp, Walk, is_base, is_canvas, is_note
from octopus.core.search import Skipped

_EXCLUDED = "excluded in the settings"
_TOO_LARGE = "it is too large; only its name is searched"
_BASE = "a base; only its name is searched"
_NO_CANVAS = "it cannot be read as a canvas; only its name is searched"
_NOT_UTF8 = "it is not UTF-8; what could be read is searched, and it is only added to"
_UNMOUNTED = Skipped(
    ".", "the vault is empty or not mounted; what was indexed before is still found"
)


class Coverage:
    """What the vault holds. Written by the thread that keeps the index, read by any."""

    def __init__(self, attachments: Attachments) -> None:
        self.unread = Unread(attachments)
        self.unmounted = False
        self._attachments = attachments
        self._notes: set[str] = set()
        self._looks: dict[str, str] = {}  # reasons that a look at the file gives
        self._contents: dict[str, str] = {}  # reasons that reading it has given

    @property
    def notes(self) -> int:
        """How many notes there are, whether they can be found or not."""
        return len(self._notes)

    def skipped(self) -> tuple[Skipped, ...]:
        """Every file with a reason, in order."""
        reasons = {**self._contents, **self._looks}
        skipped = tuple(Skipped(path, why) for path, why in sorted(reasons.items()))
        return (_UNMOUNTED, *skipped) if self.unmounted else skipped

    def survey(
        self, found: Walk, excluded: Callable[[str], bool], flawed: Iterable[str] = ()
    ) -> None:
        """Take over what a walk has found; ``flawed`` could not be read wholly when it was."""
        contents = {path: _flaw(path) for path in flawed} | self._contents
        self._contents = {path: why for path, why in contents.items() if path in found.files}
        looks = dict(found.skipped)
        for path, stamp in found.files.items():
            if reason := _EXCLUDED if excluded(path) else self._reason(path, stamp):
                looks[path] = reason
        self._looks, self._notes = looks, set(filter(is_note, found.files))

    def see(self, path: str, stamp: Stamp, *, excluded: bool) -> None:
        """A file is there."""
        if is_note(path):
            self._notes.add(path)
        if reason := _EXCLUDED if excluded else self._reason(path, stamp):
            self._looks[path] = reason
        else:
            self._looks.pop(path, None)

    def _reason(self, path: str, stamp: Stamp) -> str:
        if self._attachments.handles(path):
            return self.unread.look(path, (stamp.mtime_ns, stamp.size))
        if is_too_large(path, stamp):
            return _TOO_LARGE
        return _BASE if is_base(path) else ""

    def refuse(self, path: str, reason: str) -> None:
        """Something is there that is never searched."""
        self.lose(path)
        self._looks[path] = reason

    def lose(self, path: str) -> None:
        """Nothing is there any more."""
        self._notes.discard(path)
        self._looks.pop(path, None)
        self._contents.pop(path, None)

    def read(self, document: Document) -> None:
        """A file was read, as far as that is possible."""
        if document.flawed:
            self._contents[document.path] = _flaw(document.path)
        else:
            self._contents.pop(document.path, None)

    def fail(self, path: str, reason: str) -> None:
        """A file could not be read."""
        self._contents[path] = reason


def _flaw(path: str) -> str:
    return _NO_CANVAS if is_canvas(path) else _NOT_UTF8
