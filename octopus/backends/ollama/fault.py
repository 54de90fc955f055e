"""What goes wrong with a model server, and what may be done about it before giving up."""

from __future__ import annotations

from typing import ClassVar

from octopus.backends.ollama.prompt import Request
from octopus.errors import ModelFailed, ModelUnavailable


class Unreachable(ModelUnavailable):
    """Nobody listens at the address; worth remembering for a few seconds."""


class NotInstalled(ModelUnavailable):
    """The server is there, the model is not."""


def not_installed(model: str) -> NotInstalled:
    """With the command that mends it."""
    return NotInstalled(
        "The model {model} is not installed: ollama pull {model}",
        "model.not_installed",
        model=model,
    )


class Fault(ModelFailed):
    """Something that another try may mend: at most ``again`` times for one answer."""

    again: ClassVar[int] = 1
    waits: ClassVar[bool] = False  # give the server time first

    def mend(self, request: Request) -> Request:
        """The request to try next."""
        return request


class Broken(Fault):
    """The answer broke off. What was shown of it is not an answer."""


class Silent(Fault):
    """A phase took longer than it may; the message names the phase."""


class Busy(Fault):
    """The model server has too much to do just now."""

    again = 3
    waits = True


class OutOfMemory(Fault):
    """The model does not fit into the memory. Choose a smaller one, or a smaller num_ctx."""

    def mend(self, request: Request) -> Request:
        """Half the context needs far less memory; asked once, for a second try is as costly."""
        return request.smaller()


class ThinkRefused(Fault):
    """This model cannot be told not to think."""

    def mend(self, request: Request) -> Request:
        """Some families take only levels; thoughts are left out of the answer anyway."""
        return request.thinking("low")


class Empty(Fault):
    """The model gave no answer."""

    def mend(self, request: Request) -> Request:
        """Ask for the answer itself."""
        return request.direct()
