"""Read the text of one PDF file, as a process that may run out of time and memory.

``python -m octopus.backends.pdf.child LIMITS`` takes the file on its standard input and writes a
JSON line for each page, then one that says how it ended. A PDF file is a program of sorts: what
reads it may loop, recurse or swell, so it is done where nothing is lost by it.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from octopus.errors import Sentence


def confine(limits: Mapping[str, int]) -> None:
    """Take the right to much of anything from this process."""
    seconds, memory = limits["cpu_seconds"], limits["memory"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    os.nice(10)


def lines(data: bytes, limits: Mapping[str, int]) -> Iterator[dict[str, str]]:
    """``{"page": text}`` for each page, then ``{"end": reason}``, empty when all was read.

    A reason is a sentence as JSON.
    """
    try:
        yield from _pages(data, limits)
    except MemoryError:
        yield _end("reading it takes too much memory", "pdf.memory")
    except RecursionError:
        yield _end("it is nested too deeply", "pdf.deep")
    except Exception as error:  # noqa: BLE001 - a broken file raises anything; the parent is told
        told = " ".join(str(error).split())[:120] or type(error).__name__
        yield _end("it is broken: {reason}", "pdf.broken", reason=told)


def _end(text: str, key: str, **values: object) -> dict[str, str]:
    return {"end": Sentence(text, key, **values).to_json()}


def _pages(data: bytes, limits: Mapping[str, int]) -> Iterator[dict[str, str]]:
    import pypdf  # noqa: PLC0415 - the one door, inside the limits
    import pypdf.errors as wrong  # noqa: PLC0415 - the same door

    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and (
        reason := _locked(reader, (wrong.PyPdfError, wrong.DependencyError, NotImplementedError))
    ):
        yield {"end": reason.to_json()}
        return
    left = limits["characters"]
    for number, page in enumerate(reader.pages):
        if number >= limits["pages"]:
            yield _end("only its first {count} pages are searched", "pdf.pages", count=number)
            return
        text = page.extract_text()[:left]
        left -= len(text)
        yield {"page": text}
        if left <= 0:
            told = "it is very long; only its first {count} pages are searched"
            yield _end(told, "pdf.long", count=number + 1)
            return
    yield {"end": ""}


def _locked(reader: Any, refusals: tuple[type[Exception], ...]) -> Sentence | None:
    """Why it does not open without a password, as files do that only forbid printing."""
    try:
        return None if reader.decrypt("") else Sentence("it is encrypted", "pdf.locked")
    except refusals as error:  # a cipher that is not installed, or none that exists
        return Sentence("it is encrypted ({reason})", "pdf.cipher", reason=str(error))


def main() -> None:
    """Serve one file."""
    limits = json.loads(sys.argv[1])
    confine(limits)
    warnings.simplefilter("ignore")
    data = sys.stdin.buffer.read(limits["size"] + 1)
    for line in lines(data, limits):
        print(json.dumps(line), flush=True)  # noqa: T201 - this is how it answers


if __name__ == "__main__":
    main()
