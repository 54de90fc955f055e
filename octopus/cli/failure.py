"""How a command fails: in words on stderr, and by a number for scripts."""

from __future__ import annotations

import click

from octopus.errors import BusyError, ConfigError, SchemaError, VaultUnavailable

EX_TEMPFAIL = 75
EX_CONFIG = 78


def exit_code(error: Exception) -> int:
    """As sysexits.h has them: 75 try again, 78 configuration, 1 everything else."""
    if isinstance(error, ConfigError | SchemaError):
        return EX_CONFIG
    return EX_TEMPFAIL if isinstance(error, BusyError | VaultUnavailable) else 1


def say_error(error: Exception) -> None:
    """One line an error on stderr, saying what to do."""
    for line in str(error).splitlines() or [type(error).__name__]:
        click.echo(f"octopus: {line}", err=True)
