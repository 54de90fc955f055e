"""The terminal as a front end: lines in order, buttons, any bytes, any end."""

from __future__ import annotations

import asyncio
import io
import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TextIO

import pytest

from octopus.core.outcome import Outcome
from octopus.core.wording import told
from octopus.errors import BusyError, NotFound
from octopus.frontends.console import HELP, Console, lines, shown_on_a_line, shown_safely
from octopus.language.catalogue import say
from tests.fakes.desk import Desk, reply_of
from tests.patience import PATIENCE


class Talk:
    """Answers each message with its own text, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pressed: list[tuple[int, str]] = []
        self.buttons: list[dict[str, str]] = []

    async def ask(self, text: str) -> dict[str, Any]:
        self.asked.append(text)
        if text == "gone":
            raise BusyError
        if text == "refused":
            raise NotFound("There is no such thing.")
        return {"job": len(self.asked), "reply": f"heard {text}", "buttons": self.buttons}

    async def press(self, job: int, button: str) -> dict[str, Any]:
        self.pressed.append((job, button))
        return {"job": 99, "reply": f"pressed {button}", "buttons": []}


async def piped(text: str, talk: Talk | None = None) -> str:
    """What is printed for this input."""
    talk, sink = talk or Talk(), io.StringIO()
    await asyncio.wait_for(Console(talk.ask, talk.press, io.StringIO(text), sink).run(), PATIENCE)
    return sink.getvalue()


async def test_piped_lines_are_answered_in_order_until_the_end() -> None:
    printed = await piped("one\n\n  \ntwo\nthree")
    assert printed == "> one\nheard one\n> two\nheard two\n> three\nheard three\n"


async def test_no_input_is_an_end_too() -> None:
    assert await piped("") == ""


async def test_a_hundred_thousand_lines_keep_their_order() -> None:
    talk = Talk()
    await piped("".join(f"{n}\n" for n in range(100_000)), talk)
    assert talk.asked == [str(n) for n in range(100_000)]


async def test_very_long_lines_and_any_script() -> None:
    talk = Talk()
    long = "käse \u200f\u05d0 \U0001f9c0 " * 100_000
    printed = await piped(f"{long}\n", talk)
    assert talk.asked == [long]
    assert f"heard {long}" in printed


async def test_a_number_in_brackets_presses_the_button_of_the_last_reply() -> None:
    talk = Talk()
    talk.buttons = [{"id": "u", "label": "Undo"}, {"id": "o", "label": "Open"}]
    printed = await piped("note\n[2]\n[1]\n", talk)
    assert "  [1] Undo  [2] Open" in printed
    assert talk.pressed == [(1, "o")]
    assert "pressed o" in printed
    assert talk.asked == ["note", "[1]"]  # the last reply had none, so it is a text like any other


@pytest.mark.parametrize(
    "line",
    ["[1]", "[0]", "[3]", "[x]", "[]", "[²]", f"[{'9' * 5000}]", "1", "[1] more"],
    ids=lambda line: line[:9],
)
async def test_what_is_no_button_is_a_message(line: str) -> None:
    talk = Talk()
    if line != "[1]":
        talk.buttons = [{"id": "u", "label": "Undo"}, {"id": "o", "label": "Open"}]
    await piped(f"note\n{line}\n", talk)
    assert talk.asked == ["note", line]
    assert talk.pressed == []


async def test_what_cannot_be_done_is_said_and_the_next_line_is_answered() -> None:
    printed = await piped("refused\nnext\n")
    assert "There is no such thing." in printed
    assert "heard next" in printed


async def test_a_daemon_that_is_gone_ends_it_with_the_reason() -> None:
    with pytest.raises(BusyError):
        await piped("gone\nnext\n")


async def test_a_reply_without_words_shows_something() -> None:
    async def ask(text: str) -> dict[str, Any]:
        return {"job": 1, "reply": "", "buttons": []}

    sink = io.StringIO()
    await Console(ask, Talk().press, io.StringIO("x\n"), sink).run()
    assert sink.getvalue() == "> x\n-\n"


def test_text_of_others_cannot_command_the_terminal() -> None:
    hostile = "a\x1b]0;owned\x07\x1b[2J\r\x00\x7f\x9b31m\n\tb"
    assert shown_safely(hostile) == "a␛]0;owned␇␛[2J␍␀␡\ufffd31m\n\tb"
    assert (
        shown_safely("pay \u202eevil\u202c \u2067x\u2069") == "pay \ufffdevil\ufffd \ufffdx\ufffd"
    )
    assert shown_safely("lone \ud800 Grüße 🐙") == "lone ? Grüße 🐙"


def test_what_turns_text_round_is_not_sent_to_the_terminal() -> None:
    assert shown_safely("a\u202egnp.exe\u2066b") == "a\ufffdgnp.exe\ufffdb"
    assert shown_safely("\u200fשלום") == "\u200fשלום"  # a mark of a script of its own


def test_a_name_stays_on_its_line() -> None:
    assert shown_on_a_line("a\nb\tc\x07\x08\u202e\u2028.md") == "a␊b␉c␇␈\ufffd\ufffd.md"


async def test_a_hostile_reply_is_shown_safely() -> None:
    printed = await piped("\x1b[31mred\n")
    assert "\x1b" not in printed


async def test_bytes_that_are_no_text_end_nothing() -> None:
    talk = Talk()
    source = io.TextIOWrapper(io.BytesIO(b"one\n\xff\xfe two\nthree\n"), encoding="utf-8")
    out = io.BytesIO()
    sink = io.TextIOWrapper(out, encoding="ascii")
    await asyncio.wait_for(Console(talk.ask, talk.press, source, sink).run(), PATIENCE)
    assert talk.asked == ["one", "\ufffd\ufffd two", "three"]
    assert b"heard ?? two" in out.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_a_person_gets_a_prompt_and_no_echo() -> None:
    talk, sink = Talk(), io.StringIO()
    await Console(talk.ask, talk.press, Terminal("one\n"), sink).run()
    assert sink.getvalue() == f"{HELP}\n> heard one\n> "


async def test_a_closed_pipe_is_told_to_the_caller() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    talk = Talk()
    with io.TextIOWrapper(io.FileIO(writing, "w"), write_through=True) as sink:
        with pytest.raises(BrokenPipeError):
            await Console(talk.ask, talk.press, io.StringIO("one\ntwo\n"), sink).run()
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)
    assert len(talk.asked) <= 1


class Failing(io.StringIO):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def __next__(self) -> Any:
        raise self._error


@pytest.mark.parametrize(
    "error", [OSError("the terminal is gone"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad")]
)
async def test_input_that_cannot_be_read_is_no_silence(error: Exception) -> None:
    reading = lines(Failing(error))
    with pytest.raises(type(error)):
        await anext(reading)


def test_reading_goes_on_quietly_after_the_loop_is_gone() -> None:
    reading, writing = os.pipe()
    source = os.fdopen(reading)
    failed: list[Any] = []

    async def first(stream: TextIO) -> str:
        async for line in lines(stream):
            return line
        raise AssertionError

    hook: Callable[[Any], Any] = failed.append
    old, threading.excepthook = threading.excepthook, hook
    try:
        os.write(writing, b"one\n")
        assert asyncio.run(first(source)) == "one"
        os.write(writing, b"two\n")
        os.close(writing)
        for thread in threading.enumerate():
            if thread.name == "console":
                thread.join(PATIENCE)
    finally:
        threading.excepthook = old
        source.close()
    assert failed == []


async def test_markup_is_for_those_who_read_it() -> None:
    """A calendar's name must not become a link, so that agenda is Markdown; not so here."""
    desk = Desk({"Tasks.md": "- [ ] buy milk 📅 2026-11-20\n".encode()})
    desk.calendars.faults = ("home.ics cannot be read",)
    async with desk.open():
        job = await desk.say("/agenda")
    assert reply_of(job).markdown
    assert "1\\. " in reply_of(job).text
    sink = io.StringIO()
    Console(Talk().ask, Talk().press, io.StringIO(), sink).show(Outcome.of(job, (), 0).shown())
    assert "\n1. ☐ buy milk" in sink.getvalue()
    assert "\\" not in sink.getvalue()


async def test_an_error_is_told_in_the_owners_words() -> None:
    sink, words = io.StringIO(), partial(told, say, "de")

    async def ask(text: str) -> dict[str, Any]:
        raise NotFound("There is no file {path}.", "error.no_such_file", path="a.md")

    await Console(ask, Talk().press, io.StringIO("x\n"), sink, words).run()
    assert sink.getvalue() == "> x\nEs gibt keine Datei a.md.\n"
