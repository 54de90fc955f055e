"""The command line: thin, one function a command, the contract's JSON and exit codes."""

from __future__ import annotations

import sys

import click

from octopus import __version__
from octopus.cli import care, look, talk, write
from octopus.cli.common import exit_code, say_error
from octopus.errors import OctopusError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--config", type=click.Path(), help="Read the settings from this file.")
@click.version_option(__version__, prog_name="octopus")
@click.pass_context
def octopus(ctx: click.Context, config: str | None) -> None:
    """A personal assistant on your own server, at home in your Obsidian vault."""
    ctx.obj = {"config": config}


for command in (*talk.COMMANDS, *look.COMMANDS, *write.COMMANDS, *care.COMMANDS):
    octopus.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 ok, 1 error, 2 usage, 75 try again, 78 configuration."""
    try:
        code = octopus.main(arguments, prog_name="octopus", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except OctopusError as error:
        say_error(error)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
