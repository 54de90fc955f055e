"""Why a file is not searched, or not all of it, in words that can be said in every language."""

from __future__ import annotations

import stat

from octopus.core.search import Skipped
from octopus.errors import Sentence

EXCLUDED = Sentence("excluded in the settings", "skipped.excluded")
CONFLICT = Sentence("a conflict copy left by synchronisation", "skipped.conflict")
ODD_NAME = Sentence("its name is not UTF-8", "skipped.name")
LINK = Sentence("a symbolic link", "skipped.link")
FOLDER = Sentence("the folder cannot be listed", "skipped.folder")
TOO_LARGE = Sentence("it is too large; only its name is searched", "skipped.large")
BEING_WRITTEN = Sentence("it is being written", "skipped.written")
PENDING = Sentence(
    "its text is yet to be read; until then only its name is searched", "pdf.pending"
)
BASE = Sentence("a base; only its name is searched", "skipped.base")
NO_CANVAS = Sentence("it cannot be read as a canvas; only its name is searched", "skipped.canvas")
NOT_UTF8 = Sentence(
    "it is not UTF-8; what could be read is searched, and it is only added to", "skipped.not_utf8"
)
_DEVICE = Sentence("a device, not a file", "skipped.device")
NO_FILE = {
    stat.S_IFIFO: Sentence("a pipe, not a file", "skipped.pipe"),
    stat.S_IFSOCK: Sentence("a socket, not a file", "skipped.socket"),
    stat.S_IFCHR: _DEVICE,
    stat.S_IFBLK: _DEVICE,
}
NO_KNOWN_FILE = Sentence("something else, not a file", "skipped.no_file")
UNMOUNTED = Skipped(
    ".",
    Sentence(
        "the vault is empty or not mounted; what was indexed before is still found",
        "skipped.unmounted",
    ),
)


def unreadable(error: OSError) -> Sentence:
    """Of a file that is there and cannot be read."""
    told = error.strerror or type(error).__name__
    return Sentence("it cannot be read: {reason}", "skipped.unreadable", reason=told)
