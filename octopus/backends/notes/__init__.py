"""What is known of the notes without reading them: tables derived from the files, in SQLite."""

from octopus.backends.notes.store import NotesSettings, SqliteNotes

__all__ = ["NotesSettings", "SqliteNotes"]
