"""Tells what happens: on stderr, as lines or JSON, and never a secret or a message's words.

Octopus logs through loguru everywhere; what libraries say through the standard library's logging
is passed on to it. Every finished line goes through :func:`redact` before it is written, so a
secret is caught wherever it stands: in a message, an argument, an exception, a traceback, a URL.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import threading
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast
from urllib.parse import quote

from loguru import logger

if TYPE_CHECKING:
    from loguru import Message, Record

MASK = "********"

#: A rotated file is closed at this size, and this many old ones are kept: 50 MB at most.
FILE_BYTES = 10 * 1024 * 1024
FILES_KEPT = 4

#: What looks like a secret, whoever said it. The bot API's address holds its token.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(bot)?\d{6,}(?::|%3A)[\w-]{20,}", re.IGNORECASE), r"\1" + MASK),
    (re.compile(r"(?<=/bot)\d+(?::|%3A)[^/\s'\"]+", re.IGNORECASE), MASK),
    (
        re.compile(
            r"((?:proxy-)?authorization\\?['\"]?\s*[:=,]\s*(?:b?\\?['\"])?(?:bearer|basic|token)?\s*)"
            r"[^\s'\",)}\]]+",
            re.IGNORECASE,
        ),
        r"\1" + MASK,
    ),
    (re.compile(r"\b(bearer\s+)[\w.~+/=-]{8,}", re.IGNORECASE), r"\1" + MASK),
    (
        re.compile(r"([?&](?:access_)?(?:token|key|secret|password)=)[^&\s'\"#]+", re.IGNORECASE),
        r"\1" + MASK,
    ),
    (re.compile(r"(?<=://)[^/@\s'\"]*:[^/@\s'\"]*(?=@)"), MASK),
)

_secrets: set[str] = set()
_known: re.Pattern[str] | None = None
_guard = threading.Lock()


def register_secret(value: str) -> None:
    """From now on this text is masked wherever it would be logged. Short ones are not secrets."""
    global _known  # noqa: PLW0603 - one process has one set of secrets
    if len(value) < 6:
        return
    with _guard:
        _secrets.update({value, quote(value, safe=""), json.dumps(value)[1:-1], repr(value)[1:-1]})
        longest_first = sorted(_secrets, key=len, reverse=True)
        _known = re.compile("|".join(map(re.escape, longest_first)))


def redact(text: str) -> str:
    """The text with every secret in it masked."""
    if _known is not None:
        text = _known.sub(MASK, text)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


class _Bridge(logging.Handler):
    """Passes on what libraries log, under their own names and levels."""

    def emit(self, record: logging.LogRecord) -> None:
        level: str | int = record.levelno
        if record.levelname in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
            level = record.levelname
        try:
            text = record.getMessage()
        except (TypeError, ValueError):  # a library's format does not fit its arguments
            text = f"{record.msg} {record.args}"
        source = {"name": record.name, "function": record.funcName, "line": record.lineno}
        told = logger.patch(lambda found: found.update(source))  # type: ignore[typeddict-item]
        raised = record.exc_info if record.exc_info and record.exc_info[0] else None
        told.opt(exception=raised).log(level, "{}", text)


def set_up(
    level: str = "INFO",
    *,
    as_json: bool = False,
    stream: TextIO | None = None,
    file: Path | None = None,
) -> None:
    """Send all logs to ``stream`` (stderr), and to ``file`` too where one is given."""
    logger.remove()
    render = _as_json if as_json else _as_line
    sinks = [_Sink(logging.StreamHandler(stream), render)]
    if file is not None:
        sinks.append(_Sink(_PrivateFile(file), render))
    for sink in sinks:
        logger.add(sink, level=level, format=_template, diagnose=False, backtrace=False)
    # Libraries are heard from WARNING on, and below only where the owner asks for DEBUG:
    # some of them log addresses and bodies at INFO.
    quiet = logging.WARNING if logger.level(level).no >= logging.INFO else logging.DEBUG
    logging.basicConfig(handlers=[_Bridge()], level=quiet, force=True)
    logging.captureWarnings(True)


def tear_down() -> None:
    """Say no more, and let the file go."""
    logging.captureWarnings(False)
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)
    logger.remove()


def _template(record: Record) -> str:
    return "{message}\n{exception}"


Render = Callable[["Message"], str]

#: Characters that could redraw the terminal of whoever reads the log, break a line where there is
#: none or turn the direction of a text.
_CONTROLS = {
    code: f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    for code in (
        *(set(range(32)) - {9, 10}),
        *range(127, 160),
        *(0x200E, 0x200F, 0x2028, 0x2029),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
}
_IN_JSON = {code: f"\\u{code:04x}" for code in _CONTROLS}


def _as_line(message: Message) -> str:
    record = message.record
    extra = "".join(f" {name}={value}" for name, value in record["extra"].items())
    head = f"{record['time']:YYYY-MM-DD HH:mm:ss.SSS} {record['level'].name:<8} {record['name']}"
    text = redact(f"{head}{extra}: {message}".rstrip())
    # Lines that follow are set in, so that no text can pass for an entry of its own.
    return text.translate(_CONTROLS).replace("\n", "\n  ")


def _as_json(message: Message) -> str:
    record = message.record
    document: dict[str, Any] = {
        "time": record["time"].isoformat(),
        "level": record["level"].name,
        "logger": record["name"],
        "line": record["line"],
        "message": redact(record["message"]),
    }
    for name, value in record["extra"].items():
        plain = isinstance(value, int | float | bool) or value is None
        document.setdefault(name, value if plain else redact(str(value)))
    if record["exception"] is not None:
        trace = str(message).removeprefix(record["message"])
        document["exception"] = redact(trace.strip())
    return json.dumps(document, ensure_ascii=False).translate(_IN_JSON)


class _Sink:
    """Where loguru's entries go: redacted, then to a handler of the standard library."""

    def __init__(self, handler: logging.Handler, render: Render) -> None:
        self._handler = handler
        self._render = render

    def write(self, message: Message) -> None:
        """Write one entry. What fails here must not reach loguru, which prints raw records."""
        try:
            line = self._render(message)
        except Exception as error:  # noqa: BLE001 - an argument's own __str__ may do anything
            line = f"an entry could not be written: {type(error).__name__}"
        with contextlib.suppress(OSError, ValueError):  # a closed pipe has nobody to tell
            self._handler.emit(logging.makeLogRecord({"msg": line}))

    def stop(self) -> None:
        """Called by loguru when it lets the sink go."""
        self._handler.close()


class _PrivateFile(RotatingFileHandler):
    """A rotated file that only its owner can read."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(
            file,
            maxBytes=FILE_BYTES,
            backupCount=FILES_KEPT,
            encoding="utf-8",
            errors="backslashreplace",
        )

    def _open(self) -> TextIOWrapper:
        def opener(name: str, flags: int) -> int:
            return os.open(name, flags | os.O_CLOEXEC, 0o600)

        return cast(
            "TextIOWrapper",
            open(
                self.baseFilename,
                self.mode,
                encoding=self.encoding,
                errors=self.errors,
                opener=opener,
            ),
        )
