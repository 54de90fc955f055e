"""Many files in one go: each folder is opened once, and the waits for the disk overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from itertools import groupby

from octopus.backends.files import content, sync
from octopus.backends.swap import Watched, replace
from octopus.core.crash import crash_point
from octopus.core.effect import Write
from octopus.errors import UserError, VaultError

#: Threads that write beside each other. More of them only wait for the same disk.
WRITERS = 3

Parts = tuple[str, ...]
Opened = Callable[[Parts], AbstractContextManager[int]]
Failure = OSError | VaultError | UserError


def read_all(opened: Opened, files: Sequence[Parts]) -> list[bytes | Failure | None]:
    """The files, None for one that is not there; an error stands for what cannot be read."""
    found: list[bytes | Failure | None] = [None] * len(files)
    for folder, numbers in _by_folder(files):
        try:
            with opened(folder) as descriptor:
                for number in numbers:
                    found[number] = _read(descriptor, files[number][-1])
        except (OSError, VaultError) as error:
            for number in numbers:
                found[number] = error
    return found


def replace_all(
    opened: Opened, files: Sequence[Parts], writes: Sequence[Write], watched: Watched
) -> list[Failure | None]:
    """Replace the files, beside each other within a folder; what failed has its error.

    A folder is synced once, after all of its files: until then a power cut may bring back
    any of the old ones.
    """
    failed: list[Failure | None] = [None] * len(files)

    def put(folder: int, number: int) -> Failure | None:
        try:
            replace(folder, files[number], *writes[number][1:], watched)
        except (OSError, VaultError, UserError) as error:
            return error
        return None

    with ThreadPoolExecutor(WRITERS, thread_name_prefix="vault-writer") as pool:
        for folder, numbers in _by_folder(files):
            try:
                with opened(folder) as descriptor:
                    orders = [pool.submit(put, descriptor, number) for number in numbers]
                    for number, order in zip(numbers, orders, strict=True):
                        failed[number] = order.result()
                    crash_point("vault.replaced")
                    sync(descriptor)
            except (OSError, VaultError) as error:
                for number in numbers:
                    failed[number] = error
    return failed


def _read(folder: int, name: str) -> bytes | Failure | None:
    try:
        return content(folder, name)
    except (OSError, VaultError) as error:
        return error


def _by_folder(files: Sequence[Parts]) -> Iterator[tuple[Parts, list[int]]]:
    """The numbers of the files in each folder."""
    numbers = sorted(range(len(files)), key=lambda number: files[number][:-1])
    for folder, group in groupby(numbers, lambda number: files[number][:-1]):
        yield folder, list(group)
