"""Say what can be asked for: made from the skills themselves, in the language of the message."""

from __future__ import annotations

from octopus.core.handler import Context, Skill, handler
from octopus.core.message import Reply
from octopus.core.policy import Capability
from octopus.language.catalogue import say


@handler("start", capability=Capability.PURE, command="start")
async def start(ctx: Context) -> Reply:
    """Say hello and what can be done"""
    return Reply(text=say(ctx.meaning.language, "start"))


@handler("help", capability=Capability.PURE, command="help")
async def help_(ctx: Context, unknown: str = "") -> Reply:
    """What you can ask for"""
    language = ctx.meaning.language
    lines = [say(language, "help.unknown", name=unknown)] if unknown else []
    lines += [say(language, "help.intro"), ""]
    skills = sorted(ctx.skills.values(), key=lambda skill: (skill.command, skill.intent))
    lines += [
        f"/{skill.command} - {described(language, skill)}" for skill in skills if skill.command
    ]
    said = [described(language, skill) for skill in skills if not skill.command]
    lines += ["", say(language, "help.words"), ""]
    lines += [f"• {sentence}" for sentence in dict.fromkeys(said) if sentence]
    return Reply(text="\n".join(lines), reaction="🤷" if unknown else "")


def described(language: str, skill: Skill) -> str:
    """What a skill does, with an example; "" for one that nobody asks for by itself."""
    return say(language, f"help.{skill.intent}", skill.summary)
