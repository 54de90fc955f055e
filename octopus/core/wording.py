"""What the middle of the house says by itself, in English until it is given other words."""

from __future__ import annotations

from collections.abc import Callable

from octopus.errors import OctopusError, Sentence, VaultUnavailable

#: A sentence by language and key, its placeholders filled in; then what to say where there is none.
Say = Callable[..., str]

ENGLISH = {
    "job.given_up": "I could not do this (job {job}: {reason}). Your text is kept in the journal.",
    "job.given_up_quietly": "I could not do this (job {job}). Your text is kept in the journal.",
    "job.no_skill": "I do not know how to do “{intent}”.",
    "vault.waiting": "{reason} I keep your message and go on by myself when the vault is back.",
    "button.retry": "Try again",
}

#: Why a job is given up that nothing is known of but that it was begun, again and again.
DIED = Sentence("The process died while doing this.", "job.died")


def english(language: str, key: str, default: str | None = None, **values: object) -> str:
    """The sentence in English, whatever the language, or ``default``.

    Raises KeyError for one that nobody knows.
    """
    if key not in ENGLISH and default is not None:
        return default
    return ENGLISH[key].format_map(values)


def told(say: Say, language: str, what: str | OctopusError) -> str:
    """An error, or a sentence of a part below, in this language; other texts as they are."""
    sentence = what.sentence if isinstance(what, OctopusError) else what
    if not isinstance(sentence, Sentence) or not sentence.key:
        return str(sentence)
    values = {
        name: told(say, language, value) if isinstance(value, Sentence | OctopusError) else value
        for name, value in sentence.values.items()
    }
    return say(language, sentence.key, str(sentence), **values)


def reason_of(error: Exception) -> str:
    """Why a job failed: our errors say it themselves, of others the name has to do."""
    if isinstance(error, OctopusError):
        return error.sentence
    if isinstance(error, TimeoutError):
        return Sentence("It took too long.", "job.slow")
    return f"{type(error).__name__}: {error}"


def kept(reason: VaultUnavailable, job: int) -> VaultUnavailable:
    """For who waits for the answer to a message that waits for the vault."""
    text = "{reason} Your message is kept (job {job}) and done when the vault is back."
    return VaultUnavailable(text, "vault.kept", reason=reason, job=job)
