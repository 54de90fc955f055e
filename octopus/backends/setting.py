"""For reading the settings of Obsidian: plain files of a sensible size, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from octopus.backends.files import NO_LINK, opened, read_all
from octopus.errors import PathError, TooLarge, VaultError
from octopus.obsidian.settings import MAX_SIZE


def read_setting(root: Path, *parts: str) -> str | None:
    """The text of a file below ``root``, no link followed on the way; None when there is none.

    Raises VaultError saying why where something else stands there.
    """
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            deeper = os.open(part, os.O_RDONLY | os.O_DIRECTORY | NO_LINK, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = deeper
        with opened(descriptor, parts[-1]) as (file, found):
            if found.st_size > MAX_SIZE:
                raise TooLarge("it is too large")
            return read_all(file).decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except PathError as error:
        raise PathError("it is not a file") from error
    except OSError as error:
        raise VaultError(_reason(error)) from error
    finally:
        os.close(descriptor)


def setting_or_none(root: Path, *parts: str) -> str | None:
    """As :func:`read_setting`, for those who need not say why there is none."""
    try:
        return read_setting(root, *parts)
    except (OSError, VaultError):
        return None


def _reason(error: OSError) -> str:
    return "it cannot be read" if error.strerror is None else error.strerror.lower()
