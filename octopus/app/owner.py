"""The owner as the rules of the house need to know them."""

from __future__ import annotations

from octopus.config import Config
from octopus.core.handler import House
from octopus.core.privacy import AT_HOME, Privacy, Words
from octopus.core.route import Route
from octopus.language.catalogue import say
from octopus.language.owner import Owner
from octopus.obsidian.scan import scan
from octopus.obsidian.text import read


def privacy(config: Config) -> Privacy:
    """What is private, and where it may be shown."""
    # Whoever lets others than this machine listen lets what is said there leave it.
    here = config.http.host in {"127.0.0.1", "::1", "localhost"} and not config.http.public_url
    away = set() if here else {"http"}
    return Privacy(
        filters=config.vault.private,
        tags_of=lambda data: scan(read(data)).known_tags,
        at_home=AT_HOME - away,
        words=Words(
            name=lambda language: say(language, "private.name"),
            left_out=lambda language, count: say(language, "private.left_out", count=count),
            refused=lambda language: say(language, "private.refused"),
        ),
    )


def owner(config: Config) -> Owner:
    """What the rules of language need to know."""
    return Owner(
        language=config.owner.language,
        zone=config.owner.zone,
        morning=config.owner.morning,
        noon=config.owner.noon,
        afternoon=config.owner.afternoon,
        evening=config.owner.evening,
        date_order=config.owner.date_order,
    )


def routes(config: Config) -> tuple[Route, ...]:
    """Which message goes to which note, in the owner's order."""
    return tuple(each.route(number) for number, each in enumerate(config.capture.routes, 1))


def house(config: Config, home: tuple[str, str]) -> House:
    """The choices that skills go by; ``home`` is the owner's chat, and who the owner is there."""
    return House(
        inbox=config.vault.inbox,
        todo_note=config.vault.todo_note,
        template=config.vault.template,
        language=config.owner.language,
        say=say,
        vault_name=config.vault.path.absolute().name,
        routes=routes(config),
        link_note=config.capture.link_note,
        context_tokens=config.ollama.num_ctx,
        privacy=privacy(config),
        zone=config.owner.zone.key,
        date_order=config.owner.date_order,
        home=home[0],
        home_user=home[1],
        daily_heading=config.daily.heading,
        daily_time=config.daily.time_format,
        daily_line=config.daily.line,
    )
