"""One Octopus for each state directory: a lock that dies with the process that holds it."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from octopus.errors import BusyError, ConfigError


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the state directory while the block runs. Raises BusyError when somebody else does."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        raise ConfigError(
            [f"state.path: {folder} cannot be used ({error.strerror}); name a folder of your own."]
        ) from error
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            raise BusyError(
                f"Another Octopus (process {holder or 'unknown'}) holds {folder}. "
                "Let it do this, or stop it and try again."
            ) from error
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


@asynccontextmanager
async def hold_soon(folder: Path, patience: float = 5.0) -> AsyncIterator[None]:
    """As :func:`hold`, waiting for a short command that is about to end. Raises BusyError."""
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    while True:
        holding = hold(folder)
        try:
            holding.__enter__()
        except BusyError:
            if loop.time() >= until:
                raise
            await asyncio.sleep(0.05)
        else:
            break
    try:
        yield
    finally:
        holding.__exit__(None, None, None)


def is_held(folder: Path) -> bool:
    """Whether a process holds the state directory now."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
