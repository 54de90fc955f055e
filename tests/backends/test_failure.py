"""What a disk answers reaches the owner in words, and what passes by itself is told from the rest.

A job whose vault is away waits for it; one that failed for another reason does not.
"""

from __future__ import annotations

import errno
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.backends.failure import translate
from octopus.backends.place import inside, is_text, readable, visible
from octopus.errors import PathError, VaultError, VaultUnavailable

PASSING = [
    "EROFS",
    "ENOSPC",
    "EDQUOT",
    "EACCES",
    "EPERM",
    "EIO",
    "ESTALE",
    "ENOTCONN",
    "ETIMEDOUT",  # NFS, mounted softly
    "EHOSTDOWN",  # CIFS, its server switched off
    "EHOSTUNREACH",
    "ECONNABORTED",  # FUSE, its process killed
    "EMFILE",
    "ENFILE",
    "ENOMEM",
]


def error(name: str) -> OSError:
    code = getattr(errno, name)
    return OSError(code, os.strerror(code), "/vault/A.md")


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_without_our_doing_is_waited_for(name: str) -> None:
    found = translate(error(name))
    assert isinstance(found, VaultUnavailable)
    assert "/vault" not in str(found)
    assert os.strerror(getattr(errno, name)) not in str(found)  # words of ours, not of the kernel


@pytest.mark.parametrize("name", ["ELOOP", "ENOTDIR", "ENAMETOOLONG"])
def test_what_is_about_a_name_is_the_owners_to_mend(name: str) -> None:
    assert isinstance(translate(error(name)), PathError)


@pytest.mark.parametrize("name", ["EINVAL", "EEXIST", "ENOTEMPTY", "EXDEV"])
def test_the_rest_is_told_in_the_systems_words(name: str) -> None:
    found = translate(error(name))
    assert type(found) is VaultError
    assert os.strerror(getattr(errno, name)) in str(found)


def test_an_error_without_a_number_says_what_it_says() -> None:
    assert "short read" in str(translate(OSError("short read")))
    assert "None" not in str(translate(OSError()))


@given(st.sampled_from(sorted(errno.errorcode)))
def test_every_number_has_a_sentence(code: int) -> None:
    sentence = str(translate(OSError(code, os.strerror(code))))
    assert sentence.endswith(".")
    assert "None" not in sentence


# Names.

parts = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=300)
paths = st.lists(
    st.one_of(parts, st.sampled_from(["..", ".", "", ".obsidian", ".trash", "A.md"])),
    min_size=1,
    max_size=5,
).map("/".join)


@given(paths)
def test_a_path_that_is_let_through_goes_down_only(path: str) -> None:
    try:
        found = inside(path)
    except PathError:
        return
    assert "/".join(found) == path
    assert os.path.normpath(f"/vault/{path}") == f"/vault/{path}"
    assert all(0 < len(os.fsencode(part)) <= 255 for part in found)


@given(paths)
def test_what_is_visible_is_readable_and_what_is_readable_is_inside(path: str) -> None:
    outcomes = []
    for look in (visible, readable, inside):
        try:
            outcomes.append(look(path))
        except PathError:
            outcomes.append(())
    seen, read, within = outcomes
    assert seen in {(), read}
    assert read in {(), within}
    if any(part.startswith(".") for part in path.split("/")):
        assert seen == ()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (".trash/A.md", True),
        (".trash/Folder/A.md", True),
        (".trash", False),
        (".trash/", False),
        (".trash/.hidden.md", False),
        (".trash/../A.md", False),
        (".trash/.trash/A.md", False),
        ("Folder/.trash/A.md", False),
        (".obsidian/app.json", False),
        (".trashed/A.md", False),
    ],
)
def test_the_trash_is_read_and_no_other_hidden_folder(path: str, allowed: bool) -> None:
    if allowed:
        assert readable(path) == tuple(path.split("/"))
    else:
        with pytest.raises(PathError):
            readable(path)
    with pytest.raises(PathError):
        visible(path)


@pytest.mark.parametrize("path", ["", "/", "/A.md", "A//B.md", "A/", "A.md\0", "..", "A/../B.md"])
def test_no_path_leads_out_or_nowhere(path: str) -> None:
    with pytest.raises(PathError):
        inside(path)


def test_a_name_is_measured_in_bytes() -> None:
    assert inside("ä" * 127) == ("ä" * 127,)
    with pytest.raises(PathError, match="too long"):
        inside("ä" * 128)


def test_bytes_that_are_no_text_are_no_name() -> None:
    name = os.fsdecode(b"\xff.md")
    assert not is_text(name)
    with pytest.raises(PathError, match="cannot be the name"):
        inside(f"Folder/{name}")
