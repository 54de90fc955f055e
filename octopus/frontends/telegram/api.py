"""What the front end needs of the Bot API: calls by name, and refusals sorted by what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from octopus.errors import DeliveryError

#: The Bot API lets a bot download files up to this many bytes (Bot API: getFile).
MAX_DOWNLOAD = 20 * 1024 * 1024


class Fault(StrEnum):
    """Why a call failed, by what has to be done about it."""

    WAIT = "wait"  # 429: call nothing for this chat before ``retry_after`` seconds have passed
    TOKEN = "token"  # noqa: S105 - 401: the token is not valid (any more)
    FORBIDDEN = "forbidden"  # 403: blocked by the user
    CONFLICT = "conflict"  # 409: somebody else polls with this token
    REFUSED = "refused"  # any other 4xx: the same call will never succeed
    SERVER = "server"  # 5xx: later
    UNREACHABLE = "unreachable"  # no connection: the other side has not seen the call
    BROKEN = "broken"  # the connection broke or went silent: the call may have had its effect


class ApiError(DeliveryError):
    """A call to the Bot API failed. The text never contains the token."""

    def __init__(
        self, fault: Fault, description: str, *, code: int = 0, retry_after: float = 0.0
    ) -> None:
        super().__init__(f"{fault.value}: {description}")
        self.fault = fault
        self.description = description
        self.code = code
        self.retry_after = retry_after  # seconds

    def says(self, *words: str) -> bool:
        """True when the description contains one of these, whatever their case."""
        description = self.description.lower()
        return any(word.lower() in description for word in words)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a parameter of a call."""

    name: str
    data: bytes


class Api(Protocol):
    """The Bot API for one bot. ``door.open_api`` makes the real one."""

    @property
    def bot_id(self) -> int:
        """The number before the colon of the token."""

    async def call(self, method: str, /, *, patience: float = 30.0, **params: Any) -> Any:
        """Call a method by its name and return its result as plain JSON values.

        ``patience`` is the time in seconds after which the call counts as broken.
        Raises ApiError.
        """

    async def download(self, path: str, /, *, patience: float = 120.0) -> bytes:
        """The bytes of a file, at most MAX_DOWNLOAD. Raises ApiError."""

    async def close(self) -> None:
        """Let go of the connections."""


def fault_of(status: int, body: Any) -> ApiError:
    """The error that stands for an answer which is not ``ok``."""
    body = body if isinstance(body, dict) else {}
    code = body.get("error_code")
    code = code if isinstance(code, int) else status
    description = str(body.get("description") or f"HTTP {status}")
    parameters = body.get("parameters")
    retry_after = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(retry_after, int | float) and retry_after > 0:
        return ApiError(Fault.WAIT, description, code=code, retry_after=float(retry_after))
    faults = {
        401: Fault.TOKEN,
        403: Fault.FORBIDDEN,
        409: Fault.CONFLICT,
    }
    if code == 429:  # without a number: a second is the shortest that the API ever names
        return ApiError(Fault.WAIT, description, code=code, retry_after=1.0)
    fault = faults.get(code, Fault.SERVER if code >= 500 or code < 400 else Fault.REFUSED)
    return ApiError(fault, description, code=code)
