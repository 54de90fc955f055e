"""``octopus explain``: what would be done with a message, doing nothing."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click

from octopus.app.owner import owner, routes
from octopus.cli.common import configured
from octopus.cli.option import WORDS, echo_json, with_json
from octopus.config import Config
from octopus.config.model import system_zone
from octopus.core.meaning import Meaning
from octopus.core.message import Message
from octopus.core.route import Route, routed
from octopus.errors import UserError
from octopus.language.owner import Owner
from octopus.language.understand import understand


@click.command(context_settings=WORDS)
@click.argument("text", required=False)
@click.option("--now", help="Understand it as if heard at this time (ISO 8601).")
@click.option("--batch", type=click.File(), help='JSON lines {"text","now","reply_to"}.')
@with_json
@configured
def explain(
    config: Config, text: str | None, now: str | None, batch: TextIO | None, as_json: bool
) -> None:
    """Say what would be done with a message, doing nothing."""
    who = owner(config)
    if not config.owner.timezone:
        who = dataclasses.replace(who, zone=None)  # then a given moment says where the owner is
    known = routes(config)
    if batch is not None:
        for number, line in enumerate(batch, 1):
            if line.strip():
                asked = _asked(line, number)
                moment = asked.get("now") or now
                meaning = _meaning(who, known, asked["text"], moment, asked["reply_to"])
                echo_json(_explained(meaning))
        return
    if text is None:
        raise click.UsageError("Give a text, or --batch FILE.")
    meaning = _meaning(who, known, text, now, None)
    if as_json:
        echo_json(_explained(meaning))
        return
    click.echo(f"{meaning.intent} ({meaning.language}, by {meaning.source})")
    for name, value in meaning.args.items():
        if value is not None:
            click.echo(f"  {name}: {value}")
    if meaning.question:
        click.echo(f"  asks: {meaning.question}  {[option.label for option in meaning.options]}")
    for reason in meaning.why:
        click.echo(f"  because {reason}")


def _asked(line: str, number: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        text, reply_to = asked["text"], asked.get("reply_to")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f'Line {number} is not {{"text": ..., "now": ...}}.') from error
    if not isinstance(text, str) or not isinstance(reply_to, str | None):
        raise UserError(f"Line {number}: text and reply_to have to be strings.")
    return {"text": text, "now": asked.get("now"), "reply_to": reply_to}


def _meaning(
    who: Owner, known: Sequence[Route], text: str, now: str | None, reply_to: str | None
) -> Meaning:
    home = who.zone or ZoneInfo(system_zone())
    try:
        moment = datetime.fromisoformat(now) if now else datetime.now(home)
    except (ValueError, TypeError) as error:
        raise click.UsageError(f"{now!r} is not a time: write 2026-11-20T09:30+01:00") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=home)
    meaning = understand(text, now=moment, owner=who, reply_to=reply_to)
    if not known:
        return meaning
    message = Message("explain", "explain", "owner", text, moment)
    return routed(known, message, meaning) or meaning


def _explained(meaning: Meaning) -> dict[str, Any]:
    return {
        "intent": meaning.intent,
        "source": meaning.source,
        "language": meaning.language,
        "args": dict(meaning.args),
        "question": meaning.question,
        "buttons": [
            {"label": option.label, "intent": option.intent, "args": dict(option.args)}
            for option in meaning.options
        ],
        "why": list(meaning.why),
    }
