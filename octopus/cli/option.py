"""Options and output that every command has alike, whatever it imports."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

#: A row of the store.
NUMBER = click.IntRange(0, 2**63 - 1)

#: For commands that take a person's words: "- milk" and "-tag:x" are no options.
WORDS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


def with_json(function: F) -> F:
    """The option of commands that print data."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(
        function
    )


def echo_json(document: Any) -> None:
    """One JSON document on stdout, escaped where the terminal or the text is not UTF-8."""
    text = json.dumps(document, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document)
    click.echo(text)
