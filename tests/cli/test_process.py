"""Octopus as a process: what it imports, how it starts, talks to a daemon and ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest

from octopus.backends.sqlite import Database, SqliteReminders
from octopus.core.event import Bus
from octopus.core.reminder import Reminder
from tests.patience import PATIENCE

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
#: What the light commands must never load: a second and a hundred megabytes each.
HEAVY = (
    "aiogram",
    "aiohttp",
    "icalendar",
    "starlette",
    "uvicorn",
    "mcp",
    "ollama",
    "apscheduler",
    "watchdog",
)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """No settings from outside, a vault and a state of our own."""
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault/Lamp.md").write_text("the lamp in the hall\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OCTOPUS_")}
    kept.pop("STATE_DIRECTORY", None)
    return kept | {
        "XDG_CONFIG_HOME": str(tmp_path / "none"),
        "OCTOPUS_VAULT__PATH": str(tmp_path / "vault"),
        "OCTOPUS_STATE__PATH": str(tmp_path / "state"),
        "OCTOPUS_HTTP__ENABLED": "false",
        "OCTOPUS_OLLAMA__URL": "http://127.0.0.1:9",
        "OCTOPUS_OWNER__TIMEZONE": "Europe/Berlin",
    }


Run = Callable[..., subprocess.CompletedProcess[str]]


def started(env: dict[str, str], *arguments: str, **more: Any) -> subprocess.Popen[Any]:
    """The program as a process of its own."""
    command = [sys.executable, "-m", "octopus", *arguments]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, **more)


@pytest.fixture
def octopus(env: dict[str, str]) -> Run:
    def command(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "octopus", *arguments],
            env=env,
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
            **more,
        )

    return command


@pytest.fixture
def daemon(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The daemon, ready; it is ended whatever happens."""
    process = started(
        env, "run", stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "is ready" in line:
                break
        else:
            raise AssertionError("the daemon ended before it was ready")
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        process.communicate()


# What is imported.

PROBE = """
import sys
sys.argv = ["octopus", *sys.argv[1:]]
from octopus.cli import main
try:
    main()
finally:
    print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
    print("PARTS", *sorted(n for n in sys.modules if n.startswith("octopus.")), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "lamp"],
        ["explain", "note: lamp"],
        ["jobs"],
        ["note", "show", "Lamp", "--json"],
        ["version"],
        ["daily"],
        ["agenda"],
        ["index", "status"],
        ["config", "check"],
        ["doctor", "--crash-points"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_light_commands_load_nothing_heavy(env: dict[str, str], arguments: list[str]) -> None:
    allowed = {"ollama", "apscheduler", "watchdog"} if arguments[0] == "doctor" else set()
    ended = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        env=env,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )
    assert ended.returncode == 0, ended.stderr
    loaded, parts = ([], [])
    for line in ended.stderr.splitlines():
        if line.startswith("LOADED"):
            loaded = line.split()[1:]
        elif line.startswith("PARTS"):
            parts = line.split()[1:]
    assert "octopus" in loaded
    assert not (set(HEAVY) - allowed) & set(loaded)
    if arguments[0] in {"version", "explain"}:
        assert not {"whoosh", "sqlite3.dbapi2", "asyncio.runners"} & set(parts)
        assert not [part for part in parts if part.startswith("octopus.backends")]
        assert "octopus.app.build" not in parts
    if arguments[0] == "version":
        assert "pydantic" not in loaded
        assert "octopus.config" not in parts


def test_logs_are_on_stderr_and_answers_on_stdout(octopus: Run, env: dict[str, str]) -> None:
    env["OCTOPUS_LOG__LEVEL"] = "DEBUG"
    asked = octopus("ask", "note: buy a lamp", "--json")
    assert asked.returncode == 0
    assert asked.stderr
    assert json.loads(asked.stdout)["intent"] == "note.add"


def test_a_reader_who_has_had_enough_ends_it_quietly(env: dict[str, str], tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    batch.write_text("lamp\n" * 3000)
    process = started(env, "search", "--batch", str(batch), stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(PATIENCE) == 1
    assert errors == b""


def test_a_terminal_without_utf_8_ends_nothing(octopus: Run, env: dict[str, str]) -> None:
    env |= {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    asked = octopus("ask", "note: Käse 🧀", "--json")
    assert asked.returncode == 0, asked.stderr
    assert "K\u00e4se" in json.loads(asked.stdout)["reply"]
    assert octopus("ask", "hello").returncode == 0


# The terminal.


@contextmanager
def terminal(env: dict[str, str]) -> Iterator[tuple[IO[str], IO[str]]]:
    """What is typed into a console and what it shows; at the end of the input it ends with 0."""
    process = started(env, "console", stdin=subprocess.PIPE, encoding="utf-8")
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdout as shown, process.stdin as typed:
        try:
            yield typed, shown
            typed.close()
            shown.read()  # it may still be showing something: a closed pipe would be an error
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
            process.wait()


def test_piped_lines_are_messages_and_the_end_of_input_is_the_end(octopus: Run) -> None:
    talk = octopus("console", input="note: buy a torch\nsearch lamp\n[1]\n\n/help\n")
    assert talk.returncode == 0, talk.stderr
    out = talk.stdout
    assert out.index("> note: buy a torch") < out.index("Saved: ") < out.index("> search lamp")
    assert "1 note for" in out
    assert "/undo" in out


def test_a_console_without_input_ends_at_once(octopus: Run) -> None:
    talk = octopus("console", input="")
    assert (talk.returncode, talk.stdout) == (0, "")


def test_bytes_that_are_no_text_end_no_console(env: dict[str, str]) -> None:
    talk = subprocess.run(
        [sys.executable, "-m", "octopus", "console"],
        env=env,
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
        input=b"note: caf\xe9 \xff\x00 lamp\nhello\n",
    )
    assert talk.returncode == 0
    assert b"> hello" in talk.stdout


def test_a_console_whose_reader_left_says_so_by_its_code(env: dict[str, str]) -> None:
    process = started(env, "console", stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdin is not None
    process.stdout.close()
    process.stdin.write(b"hello\n" * 5)
    process.stdin.close()
    assert process.stderr is not None
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(PATIENCE) == 1
    assert b"Traceback" not in errors


def test_a_reminder_rings_in_the_console_and_its_button_works(
    env: dict[str, str], tmp_path: Path
) -> None:
    async def arm() -> None:
        database = Database(Path(env["OCTOPUS_STATE__PATH"]) / "octopus.db")
        await database.open()
        at = datetime.now(UTC)
        call = Reminder(0, "call Ann", at.replace(tzinfo=None), "UTC", at, "console", user="owner")
        await SqliteReminders(database, Bus()).add(call, job=1_000_000, step=1)
        await database.close()

    asyncio.run(arm())
    with terminal(env) as (typed, shown):
        assert "⏰ call Ann" in shown.readline()
        while "[1] Done" not in shown.readline():
            pass
        typed.write("[1]\n")
        typed.flush()
        assert shown.readline() == "> [1]\n"
        assert shown.readline() == "✓ call Ann\n"


def test_a_reminder_rings_in_a_console_that_joined_a_daemon(
    env: dict[str, str], daemon: subprocess.Popen[str]
) -> None:
    with terminal(env) as (typed, shown):
        typed.write("remind me in 1 second to call Ann\n")
        typed.flush()
        said: list[str] = [""]
        while "✓" not in "".join(said[-2:-1]):
            said.append(shown.readline())
            if "[1] Done" in said[-1]:
                typed.write("[1]\n")
                typed.flush()
        assert sum("call Ann" in line for line in said) >= 2
        assert said[-2] == "✓ call Ann\n"
    assert daemon.poll() is None


def test_the_same_console_joins_a_daemon(octopus: Run, daemon: subprocess.Popen[str]) -> None:
    talk = octopus("console", input="note: buy a torch\n[1]\n")
    assert talk.returncode == 0, talk.stderr
    assert "Moved to the trash" in talk.stdout
    assert daemon.poll() is None


# The daemon.


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_0(daemon: subprocess.Popen[str], number: signal.Signals) -> None:
    daemon.send_signal(number)
    assert daemon.wait(PATIENCE) == 0
    assert daemon.stdout is not None
    assert daemon.stdout.read() == ""


def test_there_is_one_daemon(octopus: Run, daemon: subprocess.Popen[str]) -> None:
    second = octopus("run")
    assert second.returncode == 75
    assert str(daemon.pid) in second.stderr


def test_everything_through_the_daemon(
    octopus: Run, daemon: subprocess.Popen[str], tmp_path: Path
) -> None:
    def answer(*arguments: str) -> Any:
        ended = octopus(*arguments, "--json")
        assert (ended.returncode, ended.stderr) == (0, ""), arguments
        return json.loads(ended.stdout)

    asked = answer("ask", "note: buy a torch")
    assert asked["effects"][0]["path"].startswith("Inbox/")
    while answer("search", "torch")["total"] == 0:
        pass  # the daemon indexes it after a moment, in which more may come
    pressed = answer("press", str(asked["job"]), asked["buttons"][0]["id"])
    assert pressed["effects"][0]["kind"] == "undo"
    assert answer("note", "new", "List", "one")["path"] == "Inbox/List.md"
    assert answer("note", "append", "List", "two")["undo"] > 0
    assert (tmp_path / "vault/Inbox/List.md").read_text() == "one\ntwo"
    assert [each["path"] for each in answer("undo")["undone"]] == ["Inbox/List.md"]
    assert (tmp_path / "vault/Inbox/List.md").read_text() == "one"
    assert answer("note", "show", "Inbox/List")["path"] == "Inbox/List.md"
    states = {job["state"] for job in answer("jobs")["jobs"]}
    assert states == {"done"}
    assert answer("jobs", "show", str(asked["job"]))["jobs"][0]["intent"] == "note.add"
    assert answer("index", "rebuild")["indexed"] == 2
    assert answer("index", "status")["notes"] == 2
    checks = json.loads(octopus("doctor", "--json").stdout)["checks"]
    assert {c["name"]: c["detail"] for c in checks}["daemon"].startswith("running; ")
    assert all(check["ok"] for check in checks if check["name"] != "model"), checks
    for arguments in (
        ("jobs", "retry", str(asked["job"])),
        ("jobs", "cancel", str(asked["job"])),
        ("jobs", "cancel", "999"),
        ("press", "1", "forged"),
        ("note", "append", "none such", "x"),
    ):
        ended = octopus(*arguments, "--json")
        assert (ended.returncode, ended.stdout) == (1, ""), arguments
        assert ended.stderr.startswith("octopus: ")


def test_a_killed_daemon_leaves_nothing_that_stops_the_next(
    octopus: Run, daemon: subprocess.Popen[str]
) -> None:
    daemon.kill()
    daemon.wait()
    asked = octopus("ask", "note: buy a torch", "--json")
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["intent"] == "note.add"


def test_an_unmounted_vault_is_not_written_and_no_message_is_lost(
    octopus: Run, daemon: subprocess.Popen[str], tmp_path: Path
) -> None:
    daemon.terminate()
    daemon.wait(PATIENCE)
    (tmp_path / "vault").rename(tmp_path / "elsewhere")
    (tmp_path / "vault").mkdir()
    asked = octopus("ask", "note: buy a torch", "--json")
    assert (asked.returncode, asked.stdout) == (75, "")
    assert "mounted" in asked.stderr
    assert "Your message is kept (job 1)" in asked.stderr
    talk = octopus("console", input="note: buy a bulb\nhello\n")
    assert talk.returncode == 0
    assert "> hello" in talk.stdout
    assert list((tmp_path / "vault").iterdir()) == []
    assert octopus("doctor", "--json").returncode == 1
    (tmp_path / "vault").rmdir()
    (tmp_path / "elsewhere").rename(tmp_path / "vault")
    assert octopus("ask", "hello").returncode == 0
    jobs = json.loads(octopus("jobs", "--json").stdout)["jobs"]
    assert {job["state"] for job in jobs} <= {"done", "queued"}
