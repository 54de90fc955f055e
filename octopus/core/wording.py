"""What the middle of the house says by itself, in English until it is given other words."""

from __future__ import annotations

from collections.abc import Callable

#: A sentence by its key, its placeholders filled in.
Say = Callable[..., str]

ENGLISH = {
    "job.given_up": "I could not do this (job {job}: {reason}). Your text is kept in the journal.",
    "job.given_up_quietly": "I could not do this (job {job}). Your text is kept in the journal.",
    "vault.waiting": "{reason} I keep your message and go on by myself when the vault is back.",
    "vault.kept": "{reason} Your message is kept (job {job}) and done when the vault is back.",
    "button.retry": "Try again",
    "button.invalid": "This button is not valid any more.",
    "button.used": "This was confirmed already.",
}


def english(key: str, **values: object) -> str:
    """The sentence in English. Raises KeyError for one that nobody knows."""
    return ENGLISH[key].format_map(values)
