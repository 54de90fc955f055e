"""Prove that searching works here: plant sentences in a copy of the longest note and find them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from octopus.backends.whoosh.engine import Engine
from octopus.backends.whoosh.scan import LARGEST_NOTE, is_note, walk
from octopus.backends.whoosh.settings import IndexSettings
from octopus.obsidian.text import read

# By script: what is planted, and what is typed to find it.
PLANTED = {
    "Latin": ("Plötzlich läuteten die Zürcher Glocken", "plotzlich glocken"),
    "Cyrillic": ("Ёжик нашёл осенью жёлтый лист", "ежик лист"),
    "Greek": ("Ο παππούς φύτεψε ελαιόδεντρα", "παππους"),
    "Chinese": ("昨天我们在湖边修理了旧木船", "旧木船"),
    "Japanese": ("祖母の梅干しの作り方", "梅干し"),
    "Korean": ("할머니께서 담그신 된장", "된장"),
    "Arabic": ("زرعنا أشجار الزيتون", "اشجار"),
    "Hebrew": ("סבתא אופה חלה מתוקה", "חלה"),
    "Hindi": ("दादी ने बगीचे में आम लगाया", "बगीचे"),
    "Thai": ("คุณยายปลูกมะม่วงไว้หลังบ้าน", "มะม่วง"),
}


def self_check(root: Path) -> tuple[str, ...]:
    """The scripts whose sentence is not found at the end of the vault's longest note.

    The vault is only read; the copy and its index are in a temporary folder. Blocks for a moment.
    """
    notes = {p: s.size for p, s in walk(root).files.items() if is_note(p) and s.size < LARGEST_NOTE}
    with tempfile.TemporaryDirectory(prefix="octopus-check-") as scratch:
        copy = Path(scratch, "vault", "Longest.md")
        copy.parent.mkdir()
        if notes:
            shutil.copyfile(root / max(notes, key=notes.__getitem__), copy)
        with copy.open("ab") as file:
            file.write("\n".join(["", "", *(planted for planted, _ in PLANTED.values())]).encode())
        lines = read(copy.read_bytes()).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        engine = Engine(copy.parent, Path(scratch, "index"), IndexSettings())
        try:
            engine.open(read_only=False)
            engine.catch_up()
            return tuple(script for script in PLANTED if not _found(engine, script, lines))
        finally:
            engine.close()


def _found(engine: Engine, script: str, lines: list[str]) -> bool:
    planted, query = PLANTED[script]
    hits = engine.search(query, 1, 0)
    line = lines.index(planted) + 1
    return hits.stage == "exact" and any(hit.line == line for hit in hits.hits)
