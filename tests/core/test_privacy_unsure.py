"""What cannot be known to be public is private: broken properties, names in another spelling."""

from __future__ import annotations

import unicodedata

import pytest

from octopus.core.privacy import Privacy, private
from octopus.obsidian.scan import scan
from octopus.obsidian.text import read

BROKEN = (
    "title: foo: bar\ntags: [secret]",
    'title: "open\ntags: [secret]',
    "list: [a\ntags: [secret]",
    "tags: [secret]\ntags: [other]",
    "tags:\n\t- secret",
)


def privacy(*filters: str) -> Privacy:
    return Privacy(filters, tags_of=lambda data: scan(read(data)).known_tags)


@pytest.mark.parametrize("properties", BROKEN)
def test_broken_properties_hide_no_tag_from_us(properties: str) -> None:
    note = f"---\n{properties}\n---\nThe code is 4711.\n".encode()
    assert privacy("#secret").private("a.md", note)
    assert not privacy("Diary").private("a.md", note)  # where no tag matters it is not guessed
    assert not privacy().private("a.md", note)


def test_whole_properties_are_believed() -> None:
    assert not privacy("#secret").private("a.md", b"---\ntitle: foo\n---\ntext\n")
    assert privacy("#secret").private("a.md", b"---\ntags: [secret]\n---\ntext\n")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("other", ["NFC", "NFD"])
def test_accents_are_the_same_however_a_disk_keeps_them(form: str, other: str) -> None:
    def spelled(text: str, how: str) -> str:
        return unicodedata.normalize("NFC" if how == "NFC" else "NFD", text)

    assert private(spelled("Tagebücher/x.md", form), (), [spelled("Tagebücher", other)])
    assert private("x.md", [spelled("#privé/a", form)], [spelled("#privé", other)])
    hidden = privacy(spelled("Tagebücher", other)).without_names(
        spelled("in Tagebücher/x.md", form), (), "en"
    )
    assert "x.md" not in hidden
