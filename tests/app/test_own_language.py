"""Whatever goes wrong is said in the language of the message, through the whole pipeline."""

from __future__ import annotations

import ast
import errno
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import octopus
from octopus.app.owner import privacy
from octopus.backends.calendar import CalendarFiles
from octopus.backends.failure import translate
from octopus.backends.ollama import OllamaModel, OllamaSettings
from octopus.backends.place import visible
from octopus.backends.vault import VaultFiles
from octopus.config import Config
from octopus.core.handler import House
from octopus.core.message import Attachment, Kind, Origin
from octopus.core.search import IndexStatus, Skipped
from octopus.core.wording import told
from octopus.errors import (
    DeliveryRefused,
    ModelFailed,
    ModelUnavailable,
    OctopusError,
    Sentence,
    VaultError,
)
from octopus.frontends.telegram.render import parts
from octopus.language.catalogue import catalogue, say
from octopus.obsidian.edit import open_source
from octopus.obsidian.query import parse
from tests.fakes.desk import Desk, reply_of
from tests.fakes.ports import NOON, FakeIndex

LANGUAGES = ("de", "ru", "zh")
EVERY = ("de", "es", "fr", "it", "pt", "ru", "uk", "zh")

NOTES = {
    "Lamp.md": b"one\n",
    "Broken.md": b"---\na: [1\n---\ntext\n",
    "Latin.md": b"caf\xe9\n",
    "Board.md": b"---\nkanban-plugin: board\n---\n## A\n",
    "Draw.canvas": b"no json",
}
SAVE = {"de": "Notiz: Die Lampe ist kaputt", "ru": "заметка: лампа сломалась", "zh": "笔记：灯坏了"}
GONE = {
    "de": "lösche die Notiz Nirgendwo",
    "ru": "удали заметку Нигде",
    "zh": "删除笔记 幽灵",
}
AWAY = {
    "de": "benenne die Notiz Lamp in ../../x um",
    "ru": "переименуй заметку Lamp в ../../x",
    "zh": "把笔记 Lamp 改名为 ../../x",
}
ASK = {"de": "/ask Lampe?", "ru": "/ask лампа?", "zh": "/ask 灯？"}


async def act(desk: Desk, language: str, intent: str, **args: Any) -> str:
    """What is answered to an intent that was asked for in this language."""
    wanted = json.dumps({"intent": intent, "args": args, "language": language})
    return reply_of(await desk.say("", kind=Kind.ACT, press=wanted)).text


def desk(language: str, **more: Any) -> Desk:
    return Desk(NOTES, house=House(language=language), **more)


def failing(house: Desk, error: Exception) -> None:
    """Every write of this house ends so."""

    async def fail(*_: Any) -> None:
        raise error

    house.vault.write = fail  # type: ignore[method-assign,assignment]


def english_of(text: str) -> list[str]:
    """The English sentences that stand in a text, or begin it up to their first value."""
    found = []
    for sentence in catalogue("en").values():
        for form in [sentence] if isinstance(sentence, str) else sentence.values():
            pieces = [piece for piece in re.split(r"\{\w+\}", form) if len(piece.split()) >= 3]
            found += [piece for piece in pieces if piece.strip() in text]
    return found


def test_english_is_recognised() -> None:
    assert english_of(say("en", "error.no_vault", path="/x"))
    assert english_of(say("de", "error.no_vault", path="/x")) == []


@dataclass(frozen=True)
class Failure:
    """Something to ask for, and the key of what is said to it."""

    key: str
    ask: Callable[[Desk, str], Awaitable[str]]
    values: tuple[tuple[str, object], ...] = ()


def wanted(intent: str, **args: Any) -> Callable[[Desk, str], Awaitable[str]]:
    return lambda house, language: act(house, language, intent, **args)


def written(texts: dict[str, str]) -> Callable[[Desk, str], Awaitable[str]]:
    async def run(house: Desk, language: str) -> str:
        return reply_of(await house.say(texts[language])).text

    return run


REFUSALS = [
    Failure("note.unknown", written(GONE)),
    Failure("error.path_out", written(AWAY)),
    Failure("error.heading", wanted("note.append", note="Lamp", text="x", heading="Z")),
    Failure("error.path_control", wanted("note.rename", **{"from": "Lamp", "to": "a\x07b/c"})),
    Failure("error.path_foreign", wanted("note.rename", **{"from": "Lamp", "to": "C:\\x"})),
    Failure("error.path_long", wanted("note.rename", **{"from": "Lamp", "to": f"a/{'x' * 5000}"})),
    Failure("rename.same", wanted("note.rename", **{"from": "Lamp", "to": "Lamp"})),
    Failure("error.properties", wanted("note.property", name="a", value="1", note="Broken")),
    Failure("error.not_utf8", wanted("note.replace", text="x", old="caf", note="Latin")),
    Failure("edit.no_text", wanted("note.replace", text="x", old="nowhere", note="Lamp")),
    Failure("error.block", wanted("note.replace", text="x", block="nope", note="Lamp")),
    Failure("edit.what", wanted("note.replace", text="x", note="Lamp")),
    Failure("error.kanban", wanted("note.merge", into="Lamp", note="Board")),
    Failure("merge.same", wanted("note.merge", into="Lamp", note="Lamp")),
    Failure("error.task_gone", wanted("note.task", line=1, note="Lamp", do="done")),
    Failure("edit.bad_task", wanted("note.task", line=1, note="Lamp", do="juggle")),
    Failure("edit.bad_day", wanted("note.task", line=1, note="Lamp", do="due", due="soon")),
    Failure("edit.bad_property", wanted("note.property", name="a", note="Lamp", action="juggle")),
    Failure("undo.nothing", wanted("undo")),
    Failure("undo.unknown", wanted("undo", effect=99)),
    Failure("job.not_dead", wanted("job.retry", job=99)),
    Failure("zone.unknown", wanted("zone.set", place="Nowhere")),
    Failure("agenda.no_day", wanted("agenda", date="sometime")),
    Failure("reminder.unknown", wanted("reminder.done", id=99)),
    Failure("template.none", wanted("note.new", title="New", template="none such")),
    Failure("job.no_skill", wanted("juggle")),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("failure", REFUSALS, ids=lambda each: each.key)
async def test_what_cannot_be_done(language: str, failure: Failure) -> None:
    async with desk(language).open() as house:
        text = await failure.ask(house, language)
    sentence = catalogue(language)[failure.key]
    assert isinstance(sentence, str)
    for piece in re.split(r"\{\w+\}", sentence):
        assert piece in text
    assert english_of(text) == []


def _read_only(folder: Path) -> VaultFiles:
    return VaultFiles(folder, read_only=True)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_vault_that_is_read_only(language: str, tmp_path: Path) -> None:
    async with desk(language).open() as house:
        house.vault.write = _read_only(tmp_path).write  # type: ignore[method-assign]
        text = reply_of(await house.say(SAVE[language])).text
    assert text == say(language, "error.read_only")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "disk.full"),
        (errno.EROFS, "disk.read_only"),
        (errno.EACCES, "disk.forbidden"),
        (errno.ESTALE, "disk.net_gone"),
        (errno.ETIMEDOUT, "disk.net_silent"),
    ],
)
async def test_a_disk_that_is_full_or_gone(
    language: str, number: int, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.core.supervisor.WAIT_FOR_VAULT", 0.005)
    house = desk(language)
    real, tries = house.vault.write, 0

    async def write(path: str, data: bytes, expect: str | None) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise translate(OSError(number, "said by the system"))
        await real(path, data, expect)

    house.vault.write = write  # type: ignore[method-assign]
    async with house.open():
        await house.say(SAVE[language])
    reason = say(language, key)
    assert [reply.text for _, reply in house.journal.told] == [
        say(language, "vault.waiting", reason=reason)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("had_notes", [False, True])
async def test_a_vault_that_is_not_mounted(
    language: str, had_notes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.core.supervisor.WAIT_FOR_VAULT", 0.005)
    root = tmp_path / "vault"
    if had_notes:
        root.mkdir()
    real = VaultFiles(root)
    real.had_notes = had_notes
    house = desk(language)
    stands, tries = house.vault.write, 0

    async def write(path: str, data: bytes, expect: str | None) -> None:
        nonlocal tries
        tries += 1
        await (real.write if tries == 1 else stands)(path, data, expect)

    house.vault.write = write  # type: ignore[method-assign]
    async with house.open():
        await house.say(SAVE[language])
    real.close()
    key = "error.unmounted" if had_notes else "error.no_vault"
    ((_, reply),) = house.journal.told
    reason = say(language, key, path=root)
    assert reply.text == say(language, "vault.waiting", reason=reason)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("error", "key"),
    [
        (VaultError(), "error.VaultError"),
        (TimeoutError(), "job.slow"),
        (VaultError("{path} keeps changing; …", "error.restless", path="a.md"), "error.restless"),
    ],
)
async def test_what_is_given_up(language: str, error: Exception, key: str) -> None:
    house = desk(language)
    failing(house, error)
    async with house.open():
        reply = reply_of(await house.say(SAVE[language]))
    reason = say(language, key, path="a.md").rstrip(".。")
    assert reply.text == say(language, "job.given_up", job=1, reason=reason)
    assert reply.buttons[0].label == say(language, "button.retry")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("error", "key"),
    [
        (ModelFailed("too long", "model.slow"), "chat.failed"),
        (ModelFailed(), "chat.failed"),
        (ModelUnavailable(), "chat.offline"),
    ],
)
async def test_a_model_that_fails(language: str, error: OctopusError, key: str) -> None:
    house = desk(language)

    async def fail(*_: Any, **__: Any) -> Any:
        raise error

    house.model.chat = fail  # type: ignore[method-assign]
    async with house.open():
        text = await act(house, language, "chat", text="?")
    assert text == say(language, key, reason=told(say, language, error))
    assert english_of(text) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_model_server_that_is_not_there(language: str) -> None:
    model = OllamaModel(OllamaSettings(url="http://127.0.0.1:9"))
    line = await model.status()
    await model.close()
    reason = say(language, "model.no_server", url="http://127.0.0.1:9")
    assert told(say, language, line) == say(language, "model.none", reason=reason)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_private_note_is_refused(language: str, tmp_path: Path) -> None:
    config = Config.model_validate({"vault": {"path": str(tmp_path), "private": ["Health"]}})
    secret = b"the doctor said something long\n"
    files = {"Health/Plan.md": secret}
    owner = House(language=language, privacy=privacy(config))
    async with Desk(files, house=owner).open() as house:
        text = await act(house, language, "note.append", note="Plan", text="x", heading="Z")
        opened = await act(house, language, "note.open", note="Plan")
    assert english_of(text) == english_of(opened) == []
    assert "doctor" not in text + opened


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_file_that_is_too_large_or_gone(language: str) -> None:
    large = Attachment("document", "r", name="a.zip", size=10**9)
    gone = Attachment("document", "gone", name="b.zip", size=10)
    house = desk(language)

    async def fetch(conversation: str, attachment: Attachment) -> bytes:
        raise DeliveryRefused("not here any more", "file.gone")

    house.files.fetch = fetch  # type: ignore[method-assign]
    async with house.open():
        first = reply_of(await house.say(SAVE[language], attachments=(large,))).text
        second = reply_of(await house.say(SAVE[language], attachments=(gone,))).text
    assert say(language, "file.too_big", name="a.zip", limit=20) in first
    assert say(language, "file.gone") in second
    assert english_of(first + second) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_others_wrote_is_only_kept(language: str) -> None:
    origin = Origin("user", "Ann", NOON)
    async with desk(language).open() as house:
        text = reply_of(await house.say("undo", origin=origin)).text
    assert english_of(text) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_button_that_means_nothing(language: str) -> None:
    async with desk(language).open() as house:
        job = await house.say(kind=Kind.PRESS, press="made-up")
    assert reply_of(job).text == say(language, "button.invalid")


COMMANDS = sorted(skill.command for skill in Desk().skills.values() if skill.command)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_answers_in_the_owners_language(command: str, language: str) -> None:
    """Bare commands: their answers, or how they are used."""
    async with desk(language).open() as house:
        text = reply_of(await house.say(f"/{command}")).text
    assert english_of(text) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_status_has_every_line_in_the_owners_language(language: str) -> None:
    house = desk(language)
    house.supervisor.parts[Sentence("Telegram", "status.telegram")] = lambda: Sentence(
        "not reachable", "telegram.down"
    )

    async def status(self: FakeIndex) -> IndexStatus:
        skipped = (Skipped("a (conflict copy).md", "a conflict copy left by synchronisation"),)
        return IndexStatus(3, 2, skipped, 0.0, 1, rebuilding=0.5)

    house.index.status = status.__get__(house.index)  # type: ignore[method-assign]
    async with house.open():
        text = reply_of(await house.say("/status")).text
    lines = text.splitlines()
    assert lines[0].startswith(say(language, "status.jobs"))
    assert say(language, "status.rebuilding", share="50%") in lines[1]
    assert say(language, "status.unarmed") in lines[2]
    assert say(language, "telegram.down") in lines[-1]


@pytest.mark.parametrize("language", EVERY)
def test_every_sentence_of_a_search_is_said(language: str) -> None:
    for query in ('"open', "a)", "(a", "/[/", "/.*/", "sort:", "x" * 9000, "modified:never"):
        note = parse(query, NOON.date()).note
        assert isinstance(note, Sentence), query
        assert told(say, language, note) != str(note)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_calendar_that_cannot_be_read(language: str, tmp_path: Path) -> None:
    (tmp_path / "odd.ics").write_bytes(b"no calendar")
    house = desk(language)
    house.calendars.between = CalendarFiles([tmp_path / "odd.ics"]).between  # type: ignore[method-assign]
    async with house.open():
        text = reply_of(await house.say("/agenda")).text
    reason = say(language, "calendar.none")
    fault = say(language, "calendar.unreadable", name="`odd.ics`", reason=reason)
    assert fault in text


# The catalogue against the code.


def raised() -> dict[str, set[str]]:
    """Every key that the code gives to a sentence, with its English words; "" where it has none."""
    found: dict[str, set[str]] = {}
    for file in Path(octopus.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node)[:1].isupper() | (_name(node) == "_end"):
                texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
                words = [text for text in texts if isinstance(text, str)]
                keys = [k.value for k in node.keywords if k.arg == "key"]
                if len(words) == 2 and re.fullmatch(r"[a-z]+\.[a-z_0-9]+", words[1]):
                    found.setdefault(words[1], set()).add(words[0])
                elif keys and isinstance(keys[0], ast.Constant) and "." in str(keys[0].value):
                    found.setdefault(str(keys[0].value), set())
    return found


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


RAISED = raised()


def kinds(of: type[OctopusError]) -> list[type[OctopusError]]:
    return [of, *(each for below in of.__subclasses__() for each in kinds(below))]


def test_what_the_code_says_in_english_is_what_the_catalogue_says() -> None:
    assert len(RAISED) > 150
    odd = {k: v for k, v in RAISED.items() if v and v != {catalogue("en").get(k)}}
    assert odd == {}
    assert set(RAISED) <= set(catalogue("en"))


@pytest.mark.parametrize("kind", kinds(OctopusError), ids=lambda kind: kind.__name__)
def test_every_class_of_errors_has_a_text_in_every_language(kind: type[OctopusError]) -> None:
    if kind.__module__ != "octopus.errors" or kind.__name__ == "ConfigError":
        return  # they are never raised without words of their own
    for language in EVERY:
        assert say(language, f"error.{kind.__name__}") != " ".join(str(kind.__doc__).split())
    assert say("en", f"error.{kind.__name__}") == " ".join(str(kind.__doc__).split())


@pytest.mark.parametrize("language", EVERY)
def test_every_key_that_is_raised_is_said_in_every_language(language: str) -> None:
    same = {
        key
        for key in RAISED
        if catalogue(language)[key] == catalogue("en")[key]
        and len(re.sub(r"\{\w+\}", "", str(catalogue("en")[key])).split()) > 1
    }
    assert same == set()


def test_what_is_raised_below_names_its_key() -> None:
    """Errors of the vault and its format always can be said in the owner's language."""
    without = []
    package = Path(octopus.__file__).parent
    for folder in ("obsidian", "handlers", "backends/ollama"):
        for file in (package / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                    words = [a for a in node.exc.args if isinstance(a, ast.JoinedStr)]
                    if words and _name(node.exc) in {kind.__name__ for kind in kinds(OctopusError)}:
                        without.append(f"{file.name}:{node.lineno}")
    assert without == []


# Sentences.


def test_a_sentence_is_a_text_that_knows_its_key_and_survives_json() -> None:
    sentence = Sentence("There is no file {path}.", "error.no_such_file", path="{x}.md")
    assert sentence == "There is no file {x}.md."
    again = Sentence.from_json(sentence.to_json())
    assert (again, again.key, again.values) == (sentence, sentence.key, sentence.values)
    assert told(say, "de", again) == "Es gibt keine Datei {x}.md."
    assert json.dumps([sentence]) == json.dumps([str(sentence)])


def test_sentences_within_sentences_are_said_in_the_same_language() -> None:
    with pytest.raises(VaultError) as caught:
        open_source(NOTES["Broken.md"])
    assert "строка" in told(say, "ru", caught.value)
    with pytest.raises(VaultError) as caught:
        visible(".obsidian/app.json")
    assert told(say, "zh", caught.value) == "'.obsidian/app.json' 是隐藏的，不属于库。"


def test_a_text_without_a_key_is_said_as_it_is() -> None:
    assert told(say, "de", OctopusError("for the command line")) == "for the command line"
    assert told(say, "de", "plain {text}") == "plain {text}"


@pytest.mark.parametrize("name", ["**bold** [x](http://y.example)", "<b>x</b> &amp; `z`", "{path}"])
@pytest.mark.parametrize("language", ["en", *LANGUAGES])
async def test_words_of_others_are_words_in_what_is_said(name: str, language: str) -> None:
    async with desk(language).open() as house:
        wanted = json.dumps({"intent": "note.open", "args": {"note": name}, "language": language})
        opened = reply_of(await house.say("", kind=Kind.ACT, press=wanted))
        args = {"note": "Lamp", "text": "x", "heading": name}
        wanted = json.dumps({"intent": "note.append", "args": args, "language": language})
        missing = reply_of(await house.say("", kind=Kind.ACT, press=wanted))
    assert not opened.markdown
    assert not missing.markdown
    assert missing.text == say(language, "error.heading", name=name.strip("# "))
    (part,) = parts(missing.text)
    assert (part.text, part.entities) == (missing.text, ())
