"""What a disk answers, in words for the owner."""

from __future__ import annotations

import errno

from octopus.errors import PathError, Sentence, VaultError, VaultUnavailable

#: What a full, read-only or vanished disk answers; it passes without our doing.
_PASSING = {
    errno.EROFS: Sentence("The vault is read-only at the moment.", "disk.read_only"),
    errno.ENOSPC: Sentence("The disk of the vault is full.", "disk.full"),
    errno.EDQUOT: Sentence("The disk quota of the vault is used up.", "disk.quota"),
    errno.EACCES: Sentence(
        "I am not allowed to do that there; check the permissions of the vault.", "disk.forbidden"
    ),
    errno.EPERM: Sentence(
        "I am not allowed to do that there; check the permissions of the vault.", "disk.forbidden"
    ),
    errno.EIO: Sentence("The disk of the vault does not answer properly.", "disk.broken"),
    errno.ESTALE: Sentence("The vault's network disk is gone.", "disk.net_gone"),
    errno.ENOTCONN: Sentence("The vault's network disk is gone.", "disk.net_gone"),
    errno.ETIMEDOUT: Sentence("The vault's network disk does not answer.", "disk.net_silent"),
    errno.EHOSTDOWN: Sentence("The vault's network disk does not answer.", "disk.net_silent"),
    errno.EHOSTUNREACH: Sentence("The vault's network disk does not answer.", "disk.net_silent"),
    errno.ECONNABORTED: Sentence("The vault's network disk is gone.", "disk.net_gone"),
    errno.EMFILE: Sentence("Too many files are open on this machine.", "disk.files_open"),
    errno.ENFILE: Sentence("Too many files are open on this machine.", "disk.files_open"),
    errno.ENOMEM: Sentence("This machine has no memory left.", "disk.memory"),
}


def translate(error: OSError) -> VaultError:
    """The error of ours for an error of the system."""
    if error.errno in _PASSING:
        return VaultUnavailable(_PASSING[error.errno])
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return PathError(
            "A link or a file stands where a folder is expected; I do not follow it.",
            "error.no_folder",
        )
    if error.errno == errno.ENAMETOOLONG:
        return PathError("This name is too long for a file.", "error.name_long")
    told = error.strerror or str(error) or type(error).__name__
    return VaultError("The vault answered: {reason}.", "disk.answered", reason=told)
