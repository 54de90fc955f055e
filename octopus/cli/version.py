"""``octopus version``: imports nothing else, so that it answers at once."""

from __future__ import annotations

import platform

import click

from octopus import __version__
from octopus.cli.option import echo_json, with_json


@click.command()
@with_json
def version(as_json: bool) -> None:
    """The versions of Octopus and of Python."""
    document = {"version": __version__, "python": platform.python_version()}
    if as_json:
        echo_json(document)
    else:
        click.echo(f"Octopus {__version__}, Python {document['python']}")
