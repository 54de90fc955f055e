"""Which files of the vault are not searched, or not wholly, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from octopus.backends.whoosh import reason
from octopus.backends.whoosh.attachment import Attachments, Unread
from octopus.backends.whoosh.document import Document, is_too_large
from octopus.backends.whoosh.scan import Stamp, Walk, is_base, is_canvas, is_note
from octopus.core.search import Skipped


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
        return (reason.UNMOUNTED, *skipped) if self.unmounted else skipped

    def survey(
        self, found: Walk, excluded: Callable[[str], bool], flawed: Iterable[str] = ()
    ) -> None:
        """Take over what a walk has found; ``flawed`` could not be read wholly when it was."""
        contents = {path: _flaw(path) for path in flawed} | self._contents
        self._contents = {path: why for path, why in contents.items() if path in found.files}
        looks = dict(found.skipped)
        for path, stamp in found.files.items():
            if why := reason.EXCLUDED if excluded(path) else self._reason(path, stamp):
                looks[path] = why
        self._looks, self._notes = looks, set(filter(is_note, found.files))

    def see(self, path: str, stamp: Stamp, *, excluded: bool) -> None:
        """A file is there."""
        if is_note(path):
            self._notes.add(path)
        if why := reason.EXCLUDED if excluded else self._reason(path, stamp):
            self._looks[path] = why
        else:
            self._looks.pop(path, None)

    def _reason(self, path: str, stamp: Stamp) -> str:
        if self._attachments.handles(path):
            return self.unread.look(path, (stamp.mtime_ns, stamp.size))
        if is_too_large(path, stamp):
            return reason.TOO_LARGE
        return reason.BASE if is_base(path) else ""

    def refuse(self, path: str, why: str) -> None:
        """Something is there that is never searched."""
        self.lose(path)
        self._looks[path] = why

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

    def fail(self, path: str, why: str) -> None:
        """A file could not be read."""
        self._contents[path] = why


def _flaw(path: str) -> str:
    return reason.NO_CANVAS if is_canvas(path) else reason.NOT_UTF8
