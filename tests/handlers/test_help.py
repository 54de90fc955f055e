"""What can be asked for is told from the skills themselves."""

from __future__ import annotations

import re

import pytest

from octopus.app.build import skills
from octopus.frontends.telegram.menu import commands
from octopus.handlers.help import described
from octopus.language.catalogue import catalogue, say
from octopus.language.lexicon import languages
from octopus.language.owner import Owner
from octopus.language.talk import talk
from octopus.language.understand import understand
from tests.fakes.desk import Desk, reply_of
from tests.fakes.ports import NOON

SKILLS = skills({})


async def test_help_lists_every_command_with_what_it_does() -> None:
    async with Desk().open() as house:
        text = reply_of(await house.say("/help")).text
    commands = {skill.command for skill in house.skills.values() if skill.command}
    assert {"start", "help", "status", "note", "search", "undo", "stop"} <= commands
    listed = {line[1:].split(" - ")[0] for line in text.splitlines() if line.startswith("/")}
    assert listed == commands
    assert all(line.partition(" - ")[2] for line in text.splitlines() if line.startswith("/"))
    assert len(text) < 4096


async def test_help_has_examples_for_what_has_no_command() -> None:
    async with Desk().open() as house:
        text = reply_of(await house.say("/help")).text
    assert "“remind me" in text or "reminder.add" not in house.skills
    assert "“no, I meant Wednesday”" in text
    assert "“move the dentist to Thursday 14:00”" in text


async def test_an_unknown_command_is_said_and_helped_with() -> None:
    async with Desk().open() as house:
        job = await house.say("/dance now")
    assert "I do not know the command /dance." in reply_of(job).text
    assert "/help" in reply_of(job).text
    assert house.vault.files == {}


async def test_start_says_hello() -> None:
    async with Desk().open() as house:
        assert "/help" in reply_of(await house.say("/start")).text


@pytest.mark.parametrize("intent", sorted(SKILLS))
def test_every_skill_has_its_line_in_the_catalogue(intent: str) -> None:
    """An empty one is for a skill that nobody asks for by itself, such as that of a button."""
    sentence = catalogue("en").get(f"help.{intent}")
    assert isinstance(sentence, str)
    assert sentence or not SKILLS[intent].command


def test_another_language_is_used_where_it_is_known() -> None:
    note = SKILLS["note.add"]
    assert described("de", note) != described("en", note)
    assert described("xx", note) == described("en", note)
    german = {each["command"]: each["description"] for each in commands(skills({}, "de").values())}
    assert german["note"] == described("de", note)


EXAMPLES = [
    (language, intent, example)
    for language in languages()
    for intent in SKILLS
    if intent != "correct"  # it is about what was done before
    for example in re.findall(
        r"[“„«]\s*([^“”»]+?)\s*[“”»]", str(catalogue(language).get(f"help.{intent}", ""))
    )
]


@pytest.mark.parametrize(("language", "intent", "example"), EXAMPLES)
def test_what_help_gives_as_an_example_is_understood(
    language: str, intent: str, example: str
) -> None:
    meaning = understand(example, now=NOON, owner=Owner(language=language))
    assert meaning.intent == intent


# Small talk.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hi", "Hi!"),
        ("Good night", "Good night!"),
        ("how are you?", "All is well here, thank you. What can I do for you?"),
        ("hi, how are you", "All is well here, thank you. What can I do for you?"),
        ("guten morgen", "Guten Morgen!"),
        ("Gruss dich", "👍"),
        ("grüß dich", "Grüß dich!"),
        ("buenos dias", "Buenos días!"),
        ("bonjour", "Bonjour!"),
        ("привет", "Привет!"),
        ("добраніч", "Добраніч!"),
        ("晚上好", "晚上好！"),
        ("thanks!", "❤"),
        ("vielen dank", "❤"),
        ("谢谢", "❤"),
        ("ok", "👍"),
        ("👍", "👍"),
    ],
)
async def test_a_greeting_is_said_back_and_the_rest_is_a_reaction(text: str, said: str) -> None:
    async with Desk().open() as house:
        job = await house.say(text)
        if job.intent != "smalltalk":  # a spelling that no rule knows
            return
        reply = reply_of(job)
        assert (reply.text or reply.reaction) == said
        assert not (reply.text and reply.reaction)
        assert house.notes() == {}


@pytest.mark.parametrize("language", languages())
def test_every_small_word_of_a_language_has_an_answer(language: str) -> None:
    from octopus.language.lexicon import load

    data = load(language).data
    for key in ("talk_greet", "talk_thanks", "talk_how", "smalltalk"):
        for phrase in data[key].split("|"):
            text, reaction = talk(phrase, language)
            assert bool(text) != bool(reaction)
            assert (reaction == "❤") is (key == "talk_thanks") or key == "smalltalk", phrase
    for phrase in "|".join(data[key] for key in ("talk_greet", "talk_thanks", "talk_how")).split(
        "|"
    ):
        meaning = understand(phrase, now=NOON)
        assert meaning.intent == "smalltalk", phrase


@pytest.mark.parametrize("language", ["it", "pt", "uk", "zh"])
def test_the_examples_of_help_are_understood_as_what_they_are_examples_of(language: str) -> None:
    shown = 0
    for key, line in catalogue(language).items():
        intent = key.removeprefix("help.")
        for example in re.findall("[“«]([^”»]+)[”»]", str(line) if intent != key else ""):
            meaning = understand(example, now=NOON)
            assert (meaning.intent, meaning.language) == (intent, language), example
            shown += 1
    assert shown > 15


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("help", "en"),
        ("Hilfe", "de"),
        ("ayuda", "es"),
        ("aide", "fr"),
        ("aiuto", "it"),
        ("ajuda", "pt"),
        ("помощь", "ru"),
        ("допомога", "uk"),
        ("帮助", "zh"),
    ],
)
async def test_help_is_asked_for_by_its_name(text: str, language: str) -> None:
    async with Desk().open() as house:
        reply = reply_of(await house.say(text))
    assert reply.text.startswith(say(language, "help.intro"))


async def test_words_behind_help_are_no_command() -> None:
    async with Desk().open() as house:
        reply = reply_of(await house.say("/help de"))
    assert reply.text.startswith(say("en", "help.intro"))
    assert not reply.reaction
