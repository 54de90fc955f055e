"""For keeping the bytes around an effect small: versions stand in the database for 30 days."""

from __future__ import annotations

import struct
import zlib

from octopus.core.effect import Image

#: How many bytes at the start and at the end of the old text stand in the new one, too.
_ENDS = struct.Struct(">QQ")

Row = tuple[bytes | None, bytes | None, int]  # before, after, whether they are packed


def pack(image: Image) -> Row:
    """An image as its row keeps it.

    The new text is kept as what it has of its own: most changes are a line or two, so a change
    costs about a third of its note, and not twice that.
    """
    before = None if image.before is None else zlib.compress(image.before, 1)
    if image.after is None:
        return before, None, 1
    old = image.before or b""
    head = _common(old, image.after)
    tail = _common(old[head:][::-1], image.after[head:][::-1])
    middle = image.after[head : len(image.after) - tail]
    return before, _ENDS.pack(head, tail) + zlib.compress(middle, 1), 1


def unpack(row: Row) -> Image:
    """The inverse of :func:`pack`; rows of earlier releases hold the bytes as they are."""
    if not row[2]:
        return Image(row[0], row[1])
    before = None if row[0] is None else zlib.decompress(row[0])
    if row[1] is None:
        return Image(before, None)
    old = before or b""
    head, tail = _ENDS.unpack_from(row[1])
    middle = zlib.decompress(row[1][_ENDS.size :])
    return Image(before, old[:head] + middle + old[len(old) - tail :])


def _common(one: bytes, other: bytes) -> int:
    """The length of the longest common start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        half = (low + high + 1) // 2
        if one[low:half] == other[low:half]:
            low = half
        else:
            high = half - 1
    return low
