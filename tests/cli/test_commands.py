"""Every command without a daemon: the documented shapes, exit codes, and nothing else on stdout."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from loguru import logger

import octopus
from octopus.app.index import index_settings
from octopus.backends.lock import hold
from octopus.backends.whoosh import Weights
from octopus.cli import PLACES, Commands, main
from octopus.cli.failure import exit_code
from octopus.config import Config, Search, Vault
from octopus.core.crash import POINTS
from octopus.errors import (
    BusyError,
    ConfigError,
    NotFound,
    NotListening,
    OctopusError,
    SchemaError,
)
from tests.cli.house import contents
from tests.fakes.pdf import pdf

Run = Callable[..., "Ran"]


class Ran:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        assert self.err == ""
        return json.loads(self.out)


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    def command(*arguments: str) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Ran(code, out, err)

    yield command
    logger.remove()


# The list of commands itself.


def test_every_command_is_where_it_is_said_to_be() -> None:
    commands = Commands()
    assert set(commands) == set(PLACES)
    for name in PLACES:
        assert isinstance(commands[name], click.Command)
        assert commands[name].name == name
        assert commands[name].help
    assert "none such" not in commands
    assert commands.get("none such") is None


def test_help_lists_them(run: Run) -> None:
    shown = run("--help")
    assert shown.code == 0
    assert all(f"\n  {name}" in shown.out for name in PLACES)


@pytest.mark.parametrize(
    "arguments",
    [
        ["none-such"],
        ["search"],
        ["explain"],
        ["note", "show"],
        ["jobs", "show", "x"],
        ["jobs", "--state", "odd"],
        ["press", "x", "y"],
        ["search", "x", "--limit", "0"],
        ["search", "two", "words"],
        ["search", "x", "--similar", "Note"],
        ["search", "--explain"],
        ["explain", "x", "--now", "yesterday"],
        ["--none-such"],
        ["version", "--none-such"],
        ["doctor", "--set", "novalue"],
    ],
)
def test_a_usage_that_is_wrong_ends_with_2(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OctopusError(), 1),
        (NotFound(), 1),
        (OSError("x"), 1),
        (BusyError(), 75),
        (NotListening(), 75),
        (ConfigError(["a"]), 78),
        (SchemaError(), 78),
    ],
)
def test_exit_codes(error: Exception, code: int) -> None:
    assert exit_code(error) == code


# Settings.


def test_every_mistake_of_the_settings_is_told_with_78(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "c.toml"
    file.write_text('[owner]\nmorning = "25:00"\n[vault]\nnone_such = 1\n')
    monkeypatch.setenv("OCTOPUS_OLLAMA__NUM_CTX", "many")
    for arguments in (["jobs"], ["config", "check"], ["explain", "x"], ["search", "x"]):
        ended = run("--config", str(file), *arguments)
        assert ended.code == 78
        assert ended.out == ""
        for key in ("owner.morning", "vault.none_such", "ollama.num_ctx"):
            assert key in ended.err
        assert all(line.startswith("octopus: ") for line in ended.err.splitlines())


@pytest.mark.parametrize("place", ["before", "after", "environment"])
def test_the_file_of_the_settings_is_named_in_three_ways(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    file = home / "c.toml"
    file.write_text('[owner]\nname = "Ada"\n')
    arguments = ["config", "show", "--json"]
    if place == "before":
        arguments = ["--config", str(file), *arguments]
    elif place == "after":
        arguments += ["--config", str(file)]
    else:
        monkeypatch.setenv("OCTOPUS_CONFIG", str(file))
    assert run(*arguments).json["owner.name"] == {"value": "Ada", "origin": "file"}


def test_settings_are_shown_with_their_origin_and_without_secrets(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "12345678:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ1"
    monkeypatch.setenv("OCTOPUS_TELEGRAM__TOKEN", token)
    shown = run("config", "show", "--json")
    assert token not in shown.out
    assert shown.json["vault.path"]["origin"] == "environment"
    assert shown.json["owner.language"] == {"value": "en", "origin": "default"}
    assert token not in run("config", "show").out
    overridden = run("config", "show", "--json", "--set", "owner.name=Ada").json
    assert overridden["owner.name"] == {"value": "Ada", "origin": "flag"}


def test_fine_settings_are_fine(run: Run) -> None:
    checked = run("config", "check")
    assert checked.code == 0
    assert "fine" in checked.out


def test_a_state_that_cannot_be_used_is_an_error_in_words(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_text("no folder")
    monkeypatch.setenv("OCTOPUS_STATE__PATH", str(home / "file"))
    ended = run("ask", "note: lamp")
    assert ended.code == 1
    assert ended.err.startswith("octopus: ")
    assert "Traceback" not in ended.err


# Looking.


def test_version(run: Run) -> None:
    assert run("version", "--json").json == {
        "version": octopus.__version__,
        "python": platform.python_version(),
    }
    assert octopus.__version__ in run("version").out


def test_explain_has_the_documented_keys(run: Run) -> None:
    meaning = run("explain", "remind me tomorrow at 5 pm to call Ann", "--json").json
    assert {"intent", "source", "language", "args", "question", "buttons"} <= set(meaning)
    assert meaning["source"] in {"rules", "model"}
    unclear = run("explain", "lamp", "--json").json
    assert unclear["intent"] == "clarify"
    assert unclear["question"]
    assert [set(button) >= {"label"} for button in unclear["buttons"]]
    assert "because" in run("explain", "note: lamp").out


def test_explain_hears_at_the_time_it_is_told(run: Run) -> None:
    texts = ("--now", "2026-11-20T09:30+01:00"), ("--now", "2027-01-05T09:30")
    dates = [
        run("explain", "what did I write yesterday?", *now, "--json").json["args"] for now in texts
    ]
    assert dates[0] != dates[1]


def test_a_batch_is_explained_in_order(run: Run, home: Path) -> None:
    batch = home / "batch"
    lines = [{"text": "note: a"}, {"text": "search b", "now": "2026-11-20T09:30+01:00"}]
    lines += [{"text": "yes", "reply_to": "Shall I?"}]
    batch.write_text("".join(json.dumps(line) + "\n\n" for line in lines))
    shown = run("explain", "--batch", str(batch))
    assert shown.code == 0
    found = [json.loads(line) for line in shown.out.splitlines()]
    assert [each["intent"] for each in found[:2]] == ["note.add", "search"]
    assert len(found) == 3


@pytest.mark.parametrize(
    "line", ["{", "[]", "7", '"x"', '{"now": 1}', '{"text": 7}', '{"text": "x", "reply_to": 1}']
)
def test_a_broken_line_of_a_batch_is_named(run: Run, home: Path, line: str) -> None:
    (home / "batch").write_text(f'{{"text": "note: a"}}\n{line}\n')
    ended = run("explain", "--batch", str(home / "batch"))
    assert ended.code == 1
    assert "Line 2" in ended.err
    assert len(ended.out.splitlines()) == 1


def test_search_has_the_documented_keys(run: Run, home: Path) -> None:
    (home / "vault/Lamp.md").write_text("# Hall\nthe lamp is broken\n")
    found = run("search", "lamp", "--json").json
    assert {"total", "took_ms", "stage", "hits"} <= set(found)
    (hit,) = found["hits"]
    assert set(hit) == {"path", "title", "heading", "line", "score", "snippet", "by"}
    assert (hit["path"], hit["line"]) == ("Lamp.md", 2)
    assert run("search", "nothing like it", "--json").json["total"] == 0
    plain = run("search", "lamp")
    assert "Lamp.md:2" in plain.out


def test_a_word_within_a_word_is_found_and_says_so(run: Run, home: Path) -> None:
    (home / "vault/Farm.md").write_text("the zebracorn\n")
    (home / "vault/Field.md").write_text("corn\n")
    found = run("search", "corn", "--json").json
    assert [(hit["path"], hit["by"]) for hit in found["hits"]] == [
        ("Field.md", ""),
        ("Farm.md", "inside"),
    ]
    assert "Farm.md:1  Farm  (inside a word)" in run("search", "corn").out
    assert run("search", "corn -zebra", "--json").json["total"] == 1
    assert run("search", "the -corn", "--json").json["total"] == 0
    told = run("search", "--explain", "corn", "Farm").out
    assert told.startswith("Farm.md: inside, 1 of 1\n")
    assert "corn: only inside a word: zebracorn" in told


def test_words_that_begin_with_a_dash_are_words(run: Run, home: Path) -> None:
    (home / "vault/Lamp.md").write_text("lamp -h --limit\n")
    assert run("search", "-tag:work lamp", "--json").code == 0
    assert run("explain", "- milk and -h", "--json").code == 0
    assert run("note", "new", "- milk", "--no such option", "--json").json["path"]


def test_a_batch_of_queries_is_answered_in_order(run: Run, home: Path) -> None:
    (home / "vault/Lamp.md").write_text("lamp\n")
    (home / "vault/Shade.md").write_text("shade\n")
    (home / "batch").write_text("shade\nlamp\nneither\n")
    shown = run("search", "--batch", str(home / "batch"), "--limit", "1")
    found = [json.loads(line) for line in shown.out.splitlines()]
    paths = [[hit["path"] for hit in each["hits"]] for each in found]
    assert paths == [["Shade.md"], ["Lamp.md"], []]


def test_index_status_and_rebuild(run: Run, home: Path) -> None:
    (home / "vault/Lamp.md").write_text("lamp\n")
    status = run("index", "status", "--json").json
    assert {"notes", "indexed", "skipped", "lag_ms", "generation"} <= set(status)
    assert (status["notes"], status["indexed"], status["skipped"]) == (1, 1, [])
    assert run("index", "rebuild", "--json").json["indexed"] == 1
    assert "1 of 1" in run("index", "status").out


def test_words_of_a_pdf_are_found_right_away(run: Run, home: Path) -> None:
    (home / "vault/Lease.pdf").write_bytes(pdf("rent of the hangar", "and its gondola"))
    (hit,) = run("search", "gondola", "--json").json["hits"]
    assert (hit["path"], hit["heading"]) == ("Lease.pdf", "page 2")
    (home / "vault/Other.pdf").write_bytes(pdf("a balloon"))
    assert run("index", "rebuild", "--json").json["skipped"] == []
    assert [hit["path"] for hit in run("search", "balloon", "--json").json["hits"]] == ["Other.pdf"]


def test_a_note_is_shown_as_it_is_understood(run: Run, home: Path) -> None:
    (home / "vault/b").mkdir()
    (home / "vault/b/Other.md").write_text("x")
    (home / "vault/b/pic.png").write_bytes(b"x")
    text = (
        "---\naliases: [Bulb]\ntags: area/home\nup: '[[Other]]'\n---\n# One\n"
        "[[Other#Part|shown]] ![[pic.png]] #Area/Home #new\n"
        "- [ ] buy 📅 2026-12-01 ⏫ ^quote-1\n\t- [x] sub\n"
    )
    (home / "vault/Lamp.md").write_text(text)
    shown = run("note", "show", "Lamp", "--json").json
    assert list(shown) == [
        "path",
        "title",
        "properties",
        "aliases",
        "tags",
        "headings",
        "links",
        "tasks",
        "blocks",
    ]
    assert (shown["path"], shown["title"], shown["aliases"]) == ("Lamp.md", "Lamp", ["Bulb"])
    assert shown["tags"] == ["#area/home", "#new"]
    assert shown["headings"] == [{"level": 1, "text": "One", "line": 6}]
    links = {(link["kind"], link["resolved"]) for link in shown["links"]}
    expected = {("link", "b/Other.md"), ("embed", "b/pic.png"), ("property", "b/Other.md")}
    assert links == expected
    first, second = shown["tasks"]
    assert (first["due"], first["priority"], first["block"]) == ("2026-12-01", "high", "quote-1")
    assert (second["status"], second["parent"]) == ("x", first["line"])
    both = run("note", "show", "Lamp.md", "b/Other", "--json")
    assert [json.loads(line)["path"] for line in both.out.splitlines()] == [
        "Lamp.md",
        "b/Other.md",
    ]
    assert run("note", "show", "Lamp").out == text


@pytest.mark.parametrize("path", ["none such", "../secret", "/etc/passwd", ".hidden", "a\0b"])
def test_a_note_that_cannot_be_shown(run: Run, home: Path, path: str) -> None:
    (home / "secret.md").write_text("SECRET")
    ended = run("note", "show", path, "--json")
    assert ended.code == 1
    assert ended.out == ""
    assert ended.err.startswith("octopus: ")


# Doing.


def test_ask_has_the_documented_shape(run: Run, home: Path) -> None:
    asked = run("ask", "note: buy a lamp", "--json").json
    assert set(asked) == {"job", "intent", "reply", "buttons", "effects", "took_ms"}
    assert asked["intent"] == "note.add"
    (path,) = contents(home / "vault")
    assert asked["effects"] == [{"kind": "create", "path": path, "undo": 1}]
    assert [set(button) for button in asked["buttons"]] == [{"id", "label"}]
    assert path in asked["reply"]
    assert asked["took_ms"] > 0


def test_a_button_is_pressed(run: Run, home: Path) -> None:
    asked = run("ask", "note: buy a lamp", "--json").json
    (button,) = asked["buttons"]
    pressed = run("press", str(asked["job"]), button["id"], "--json").json
    assert pressed["intent"] == "undo"
    assert list(contents(home / "vault")) == [f".trash/{asked['effects'][0]['path']}"]
    for job, name in ((asked["job"], "forged"), (999, button["id"])):
        ended = run("press", str(job), name)
        assert ended.code == 1
        assert "no button" in ended.err


def test_notes_are_made_and_added_to(run: Run, home: Path) -> None:
    made = run("note", "new", "Lamp", "# A\none\n", "--json").json
    assert made == {"path": "Inbox/Lamp.md", "changed": ["Inbox/Lamp.md"], "undo": 1}
    added = run("note", "append", "Lamp", "- two", "--heading", "A", "--json").json
    assert added == {"path": "Inbox/Lamp.md", "changed": ["Inbox/Lamp.md"], "undo": 2}
    assert contents(home / "vault") == {"Inbox/Lamp.md": "# A\none\n- two\n"}
    assert "Inbox/Lamp.md" in run("note", "append", "Inbox/Lamp.md", "three").out
    for arguments in (["none such", "x"], ["Lamp", "x", "--heading", "Z"], ["Lamp", " "]):
        ended = run("note", "append", *arguments, "--json")
        assert ended.code == 1
        assert ended.out == ""
    (home / "vault/Lamp.md").write_text("another")
    ended = run("note", "append", "Lamp", "x", "--json")
    assert ended.code == (1 if "which" in ended.err.lower() else 0)


def test_undo_takes_the_last_write_back(run: Run, home: Path) -> None:
    (home / "vault/Other.md").write_text("the owner's")
    run("note", "new", "Lamp", "one\n")
    run("note", "append", "Lamp", "two")
    first = run("undo", "--json").json
    assert first["conflict"] is None
    assert [each["path"] for each in first["undone"]] == ["Inbox/Lamp.md"]
    assert first["undone"][0]["what"]
    assert contents(home / "vault") == {"Inbox/Lamp.md": "one\n", "Other.md": "the owner's"}
    second = run("undo", "1", "--json").json
    assert [each["path"] for each in second["undone"]] == ["Inbox/Lamp.md"]
    nothing = run("undo", "--json").json
    assert nothing["undone"] == []
    assert "nothing to take back" in nothing["conflict"]
    assert run("undo").code == 1


def test_undo_says_where_it_cannot(run: Run, home: Path) -> None:
    run("note", "new", "Lamp", "one\n")
    run("note", "append", "Lamp", "two")
    (home / "vault/Inbox/Lamp.md").write_text("one\nTWO\n")
    answer = run("undo", "--json").json
    assert answer["undone"] == []
    assert "Nothing was touched" in answer["conflict"]
    assert contents(home / "vault") == {"Inbox/Lamp.md": "one\nTWO\n"}


def test_jobs_are_listed_shown_and_not_tried_again_without_need(run: Run) -> None:
    assert run("jobs", "--json").json == {"jobs": []}
    asked = run("ask", "note: buy a lamp", "--json").json
    for arguments in (["jobs"], ["jobs", "list"], ["jobs", "--state", "done"]):
        (job,) = run(*arguments, "--json").json["jobs"]
        keys = {"id", "kind", "state", "attempt", "received_at", "intent", "error"}
        assert set(job) == keys
        assert (job["id"], job["kind"], job["state"]) == (asked["job"], "message", "done")
        assert (job["attempt"], job["intent"], job["error"]) == (1, "note.add", None)
        assert job["received_at"][-6] in "+-"
    assert run("jobs", "--state", "dead", "--json").json == {"jobs": []}
    assert run("jobs", "list", "--limit", "1").out.split()[:2] == [str(asked["job"]), "done"]
    shown = run("jobs", "show", str(asked["job"]), "--json").json["jobs"][0]
    assert shown["text"] == "note: buy a lamp"
    for command in ("show", "retry", "cancel"):
        ended = run("jobs", command, "999" if command == "show" else str(asked["job"]))
        assert ended.code == 1
        assert ended.out == ""


def test_a_state_that_somebody_holds_and_does_not_answer_for_is_75(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.backends.lock.hold_soon.__wrapped__.__defaults__", (0.0,))
    with hold(home / "state"):
        ended = run("ask", "note: lamp")
    assert ended.code == 75
    assert ended.err.startswith("octopus: ")
    assert contents(home / "vault") == {}


# The doctor.


def test_doctor_checks_every_part(run: Run, home: Path) -> None:
    checked = run("doctor", "--json")
    document = json.loads(checked.out)
    assert set(document) == {"ok", "checks"}
    assert all(set(check) == {"name", "ok", "detail", "fix"} for check in document["checks"])
    names = [check["name"] for check in document["checks"]]
    assert names == [
        "state", "database", "vault", "notes", "index", "search", "telegram", "model", "daemon"
    ]  # fmt: skip
    (planted,) = [check for check in document["checks"] if check["name"] == "search"]
    assert planted["ok"]
    assert "10 scripts" in planted["detail"]
    assert checked.code == (0 if document["ok"] else 1)
    assert all(bool(check["fix"]) != check["ok"] for check in document["checks"])


def test_doctor_says_how_to_mend_what_fails(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCTOPUS_VAULT__PATH", str(home / "gone"))
    checked = run("doctor", "--json")
    assert checked.code == 1
    (vault_check,) = [c for c in json.loads(checked.out)["checks"] if c["name"] == "vault"]
    assert not vault_check["ok"]
    assert "vault.path" in vault_check["fix"]
    plain = run("doctor")
    assert plain.code == 1
    assert "FAIL" in plain.out


def test_doctor_names_the_scripts_that_are_not_found(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "vault" / "Lamp.md").write_text("a lamp")
    monkeypatch.setattr("octopus.backends.whoosh.selfcheck._found", lambda *_: False)
    checked = run("doctor", "--json")
    assert checked.code == 1
    (found,) = [c for c in json.loads(checked.out)["checks"] if c["name"] == "search"]
    assert not found["ok"]
    assert "Thai" in found["detail"]
    assert contents(home / "vault") == {"Lamp.md": "a lamp"}


def test_search_says_why(run: Run, home: Path) -> None:
    (home / "vault" / "Lamp.md").write_text("a lamp in the hall")
    (home / "vault" / "Shade.md").write_text("a shade")
    (told,) = run("search", "--explain", "lamp", "Lamp", "--json").json["explanations"]
    assert set(told) == {"path", "found", "stage", "rank", "total", "reasons"}
    assert (told["path"], told["found"], told["rank"]) == ("Lamp.md", True, 1)
    (told,) = run("search", "lamp", "Shade.md", "--explain", "--json").json["explanations"]
    assert not told["found"]
    assert any("lamp" in reason for reason in told["reasons"])
    plain = run("search", "lamp", "--explain").out
    assert plain.startswith("Lamp.md: exact, 1 of 1\n    ")
    assert "Shade.md" not in plain
    assert "Shade.md: not found" in run("search", "lamp", "Shade", "--explain").out
    assert "name a note" in run("search", "zeppelin", "--explain").out


def test_search_for_what_is_similar(run: Run, home: Path) -> None:
    for name, text in {"Bread": "sourdough flour", "Rye": "flour, rye", "Car": "wheels"}.items():
        (home / "vault" / f"{name}.md").write_text(text)
    found = run("search", "--similar", "bread", "--json").json
    assert (found["stage"], [hit["path"] for hit in found["hits"]]) == ("similar", ["Rye.md"])
    assert "Rye.md:1" in run("search", "--similar", "Bread.md").out
    missing = run("search", "--similar", "Nobody")
    assert missing.code == 1
    assert "Nobody" in missing.err


def test_the_owners_choices_reach_the_index(home: Path) -> None:
    search = Search(languages=("de", "pt-BR"), recency=0, links=0.5, names=2)
    vault_ = Vault(path=home / "vault", config_dir=".other")
    made = index_settings(Config(search=search, vault=vault_))
    assert made.languages == ("en", "de", "pt")
    assert made.config_dir == ".other"
    assert made.weights == Weights(recency=0, links=0.5, names=2)


def test_doctor_lists_the_crash_points(run: Run) -> None:
    assert run("doctor", "--crash-points").out.split() == list(POINTS)


def test_without_a_zone_of_the_owner_the_given_moment_says_where_it_is(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OCTOPUS_OWNER__TIMEZONE")
    text, now = "remind me tomorrow at 9 to call Ann", "2026-11-20T09:30:00+05:30"
    meaning = run("explain", text, "--now", now, "--json").json
    assert meaning["args"]["at"] == "2026-11-21T09:00:00+05:30"


def test_search_in_a_vault_that_is_not_there_is_an_error(run: Run, home: Path) -> None:
    (home / "vault").rmdir()
    found = run("search", "lamp", "--json")
    assert (found.code, found.out) == (75, "")
    assert "vault.path" in found.err


def test_a_note_changed_since_is_undone_by_force_only(run: Run, home: Path) -> None:
    run("ask", "note: lamp", "--json")
    (note,) = (home / "vault" / "Inbox").iterdir()
    note.write_text("lamp, and more", encoding="utf-8")
    assert run("undo", "--json").json["undone"] == []
    assert note.exists()
    assert run("undo", "--force", "--json").json["conflict"] is None
    assert not note.exists()


@pytest.mark.parametrize("command", [("jobs", "show"), ("jobs", "retry"), ("undo",)])
def test_a_number_that_no_row_can_have_is_a_usage_error(run: Run, command: tuple[str]) -> None:
    found = run(*command, "9" * 23)
    assert found.code == 2
    assert "Traceback" not in found.err


def test_config_check_speaks_json(run: Run) -> None:
    assert run("config", "check", "--json").json == {"ok": True, "file": None}
