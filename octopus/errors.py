"""Every error that Octopus raises on purpose, as one tree.

The docstring of a class is its message when none is given; a message says what to do.

    OctopusError
    ├── ConfigError            a setting is wrong (exit 78)
    ├── BusyError              somebody else is at it, try again (exit 75)
    │   └── NotListening       and does not answer yet: nothing was asked
    ├── SchemaError            the state was written by a newer Octopus (exit 78)
    ├── UserError              what was asked cannot be done; the text is for the owner
    │   ├── NotFound           no such note, job, button
    │   ├── Ambiguous          more than one thing is meant
    │   └── Refused            not allowed, or not without asking first
    ├── VaultError             the vault cannot be read or written just now
    │   ├── PathError          a path that leaves the vault, or cannot be a name
    │   ├── VaultUnavailable   read-only, full, unmounted: it may pass, nothing was written
    │   ├── Conflict           the file moved on while we wrote
    │   ├── Undecodable        the note is not text that we can edit
    │   └── TooLarge           the file is not read into memory
    ├── ModelError             the model did not answer
    │   ├── ModelUnavailable   not there at all: nothing was asked
    │   └── ModelFailed        asked, and it failed
    └── DeliveryError          a front end could not deliver
        ├── DeliveryRefused    and never will: do not try again
        └── DeliveryDelayed    not before ``retry_after`` seconds
"""

from __future__ import annotations

from collections.abc import Sequence


class OctopusError(Exception):
    """Something went wrong."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or " ".join((type(self).__doc__ or "").split()))


class ConfigError(OctopusError):
    """The configuration has mistakes. ``problems`` lists every one of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class BusyError(OctopusError):
    """Another Octopus holds the state directory. Stop it, or let it do this, then try again."""


class NotListening(BusyError):
    """A daemon holds the state directory but does not answer yet. Try again in a moment."""


class SchemaError(OctopusError):
    """The state was written by a newer Octopus. Install that version, or restore a backup."""


class UserError(OctopusError):
    """That cannot be done."""


class NotFound(UserError):
    """There is no such thing."""


class Ambiguous(UserError):
    """More than one thing could be meant."""


class Refused(UserError):
    """That is not allowed."""


class VaultError(OctopusError):
    """The vault cannot be read or written just now."""


class PathError(VaultError):
    """This path leads out of the vault, or cannot be the name of a file."""


class VaultUnavailable(VaultError):
    """The vault cannot be written at the moment."""


class Conflict(VaultError):
    """The file changed while it was being written."""


class Undecodable(VaultError):
    """This note is not text that can be edited safely."""


class TooLarge(VaultError):
    """This file is too large to be read."""


class ModelError(OctopusError):
    """The model did not answer."""


class ModelUnavailable(ModelError):
    """No model can be reached."""


class ModelFailed(ModelError):
    """The model failed while answering."""


class DeliveryError(OctopusError):
    """The message could not be delivered."""


class DeliveryRefused(DeliveryError):
    """The message will never be delivered."""


class DeliveryDelayed(DeliveryError):
    """The message may be delivered later."""

    def __init__(self, retry_after: float, message: str = "") -> None:
        super().__init__(message)
        self.retry_after = retry_after
