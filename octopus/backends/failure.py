"""What a disk answers, in words for the owner."""

from __future__ import annotations

import errno

from octopus.errors import PathError, VaultError, VaultUnavailable

#: What a full, read-only or vanished disk answers; it passes without our doing.
_PASSING = {
    errno.EROFS: "The vault is read-only at the moment.",
    errno.ENOSPC: "The disk of the vault is full.",
    errno.EDQUOT: "The disk quota of the vault is used up.",
    errno.EACCES: "I am not allowed to do that there; check the permissions of the vault.",
    errno.EPERM: "I am not allowed to do that there; check the permissions of the vault.",
    errno.EIO: "The disk of the vault does not answer properly.",
    errno.ESTALE: "The vault's network disk is gone.",
    errno.ENOTCONN: "The vault's network disk is gone.",
    errno.ETIMEDOUT: "The vault's network disk does not answer.",
    errno.EHOSTDOWN: "The vault's network disk does not answer.",
    errno.EHOSTUNREACH: "The vault's network disk does not answer.",
    errno.ECONNABORTED: "The vault's network disk is gone.",
    errno.EMFILE: "Too many files are open on this machine.",
    errno.ENFILE: "Too many files are open on this machine.",
    errno.ENOMEM: "This machine has no memory left.",
}


def translate(error: OSError) -> VaultError:
    """The error of ours for an error of the system."""
    if error.errno in _PASSING:
        return VaultUnavailable(_PASSING[error.errno])
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return PathError("A link or a file stands where a folder is expected; I do not follow it.")
    if error.errno == errno.ENAMETOOLONG:
        return PathError("This name is too long for a file.")
    told = error.strerror or str(error) or type(error).__name__
    return VaultError(f"The vault answered: {told}.")
