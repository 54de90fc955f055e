"""Which documents have words one after the other, by the positions that the index keeps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from octopus.backends.whoosh.pool import decode_many
from octopus.backends.whoosh.schema import CONTENT_START
from octopus.backends.whoosh.view import TermList


def _values(terms: TermList, numbers: list[int]) -> Iterator[tuple[int, bytes]]:
    """The values of a term's postings from the first to the last of the documents."""
    if not numbers:
        return iter(())
    ids, _, values = terms.among(numbers)
    begin, end = bisect_left(ids, numbers[0]), bisect_right(ids, numbers[-1])
    return zip(ids[begin:end], values[begin:end], strict=True)


def in_order(docs: list[int], lists: list[list[TermList]], content: bool) -> set[int]:
    """The documents in which a spelling of each list follows one of the list before it."""
    places: dict[int, set[int]] = {}  # where the words so far end
    known = set(docs)
    for index, several in enumerate(lists):
        here: dict[int, set[int]] = {}
        for one in several:
            pairs = [pair for pair in _values(one, sorted(known)) if pair[0] in known]
            found = decode_many(value for _, value in pairs)
            for (number, _), there in zip(pairs, found, strict=True):
                here[number] = here[number] | there if number in here else there
        if index:
            here = {
                number: after
                for number, there in here.items()
                if (after := there.intersection([place + 1 for place in places[number]]))
            }
        places, known = here, set(here)
    # No phrase begins in the name and ends in the text: their positions are far apart.
    return {n for n, s in places.items() if max(s) >= CONTENT_START} if content else set(places)
