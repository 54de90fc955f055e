"""Every error that Octopus raises on purpose, as one tree.

The docstring of a class is its message when none is given; a message says what to do. Messages
are English, for logs and the command line; what a person is told in a chat is found by the key.

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

import json
from collections.abc import Mapping, Sequence


class Sentence(str):
    """An English sentence that can be said in other languages: it knows its key and its values.

    Where only a text is wanted it is one. ``text`` has the placeholders of the catalogue.
    """

    key: str
    values: Mapping[str, object]

    def __new__(cls, text: str, /, key: str = "", **values: object) -> Sentence:
        """The text with its placeholders filled in; without values it is taken as it stands."""
        sentence = super().__new__(cls, text.format_map(values) if values else text)
        sentence.key, sentence.values = key, values
        return sentence

    def to_json(self) -> str:
        """To be read by another process, or another time; its values have to be JSON."""
        return json.dumps([str(self), self.key, self.values])

    @classmethod
    def from_json(cls, text: str) -> Sentence:
        """The inverse of :meth:`to_json`."""
        said, key, values = json.loads(text)
        sentence = cls(said, key)
        sentence.values = values
        return sentence


class OctopusError(Exception):
    """Something went wrong."""

    def __init__(self, message: str = "", /, key: str = "", **values: object) -> None:
        """``key`` and ``values``: how the catalogue says it.

        Without a key it says what every error of this class has in common; a message that is
        for the command line alone has none.
        """
        if isinstance(message, Sentence):
            self.sentence = message
        elif message:
            self.sentence = Sentence(message, key, **values)
        else:
            self.sentence = Sentence(" ".join((type(self).__doc__ or "").split()))
            self.sentence.key, self.sentence.values = key or f"error.{type(self).__name__}", values
        super().__init__(str(self.sentence))


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

    def __init__(
        self, retry_after: float, message: str = "", key: str = "", **values: object
    ) -> None:
        super().__init__(message, key, **values)
        self.retry_after = retry_after
