"""The command line: thin, one function a command, the contract's JSON and exit codes."""

from __future__ import annotations

import importlib
import io
import os
import sqlite3
import sys
from collections import UserDict
from collections.abc import Iterator

import click

from octopus import __version__
from octopus.cli.failure import exit_code, say_error
from octopus.errors import OctopusError

#: Where each command is written, in the order in which people need them.
PLACES = {
    "console": "talk:console",
    "run": "talk:run_",
    "ask": "talk:ask",
    "press": "talk:press",
    "explain": "explain:explain",
    "search": "search:search",
    "note": "edit:note",
    "daily": "daily:daily",
    "vault": "vault:vault",
    "todo": "todo:todo",
    "agenda": "agenda:agenda",
    "undo": "note:undo",
    "reminders": "reminders:reminders",
    "jobs": "jobs:jobs",
    "index": "search:index",
    "doctor": "care:doctor",
    "config": "care:config",
    "version": "version:version",
}


class Commands(UserDict[str, click.Command]):
    """The commands by name; one is imported when it is looked up.

    The whole of Octopus takes a second to import, ``octopus version`` must not.
    """

    def __contains__(self, name: object) -> bool:
        return name in PLACES

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)

    def __getitem__(self, name: str) -> click.Command:
        if name not in self.data:
            module, _, attribute = PLACES[name].partition(":")
            found = importlib.import_module(f"octopus.cli.{module}")
            self.data[name] = getattr(found, attribute)
        return self.data[name]


@click.group(
    commands=Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--config", type=click.Path(), help="Read the settings from this file.")
@click.version_option(__version__, prog_name="octopus")
@click.pass_context
def octopus(ctx: click.Context, config: str | None) -> None:
    """A personal assistant on your own server, at home in your Obsidian vault."""
    ctx.obj = {"config": config}


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 ok, 1 error, 2 usage, 75 try again, 78 configuration."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter ends nothing
            stream.reconfigure(errors="replace")
    try:
        code = octopus.main(arguments, prog_name="octopus", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:  # whoever read has had enough; nothing is left to be said to them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (OctopusError, OSError, sqlite3.Error) as error:
        say_error(error)
        sys.exit(exit_code(error))
    sys.exit(code if isinstance(code, int) else 0)
