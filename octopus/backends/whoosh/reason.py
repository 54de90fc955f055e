"""Why a file is not searched, or not all of it, in words that can be said in every language."""

from __future__ import annotations

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
    "its text is read while the daemon runs; until then only its name is searched", "pdf.pending"
)
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
