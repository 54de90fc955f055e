"""The token that callers of the HTTP front end have to send; made at the first start."""

from __future__ import annotations

import os
import re
import secrets
import stat
from pathlib import Path

from loguru import logger

TOKEN_FILE = "http_token"  # noqa: S105 - a file's name
_SHAPE = re.compile(r"[!-~]{16,}")


def read_token(state: Path) -> str:
    """The token in the state folder, made if there is none. The file is the owner's alone.

    A file that others could read is mended; one that holds no usable token is replaced. Raises
    OSError when the folder cannot be written.
    """
    file = state / TOKEN_FILE
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return _make(file)
    with os.fdopen(descriptor, encoding="ascii", errors="replace") as stream:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
            logger.warning("{} could be read by others; its mode is set to 0600", file)
            os.fchmod(descriptor, 0o600)
        token = stream.read(4096).strip()
    if _SHAPE.fullmatch(token):
        return token
    logger.warning("{} holds no usable token; a new one is made", file)
    return _make(file)


def _make(file: Path) -> str:
    token = secrets.token_urlsafe(32)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(token + "\n")
        stream.flush()
        os.fsync(descriptor)
    draft.replace(file)
    return token
