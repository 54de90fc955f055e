"""The owner's settings are followed, whatever state their files are in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.settings import (
    DEFAULT_STATUSES,
    FILES,
    App,
    Period,
    Settings,
    attachment_folder,
    new_note_folder,
    read_settings,
)
from tests.obsidian.nasty import scaled

TASKS = "plugins/obsidian-tasks-plugin/data.json"
PERIODIC = "plugins/periodic-notes/data.json"


def read(**files: Any) -> Settings:
    names = {"tasks": TASKS, "periodic": PERIODIC}
    texts = {
        names.get(name, name.replace("_", "-") + ".json"): json.dumps(value)
        for name, value in files.items()
    }
    return read_settings(texts)


def test_defaults() -> None:
    settings = read_settings({})
    assert settings.warnings == ()
    assert settings.periods["daily"] == Period("YYYY-MM-DD")
    assert not settings.periods["weekly"].enabled
    assert settings.periods["weekly"].format == "gggg-[W]ww"
    assert settings.app.link_format == "shortest"
    assert not settings.app.markdown_links
    assert settings.templates.date_format == "YYYY-MM-DD"
    assert settings.templates.time_format == "HH:mm"
    assert settings.tasks.set_done
    assert not settings.tasks.dataview
    assert read_settings(dict.fromkeys(FILES, "{}")) == settings
    assert read_settings(dict.fromkeys(FILES)) == settings


def test_app() -> None:
    app = read(
        app={
            "newFileLocation": "folder",
            "newFileFolderPath": "/Inbox/",
            "attachmentFolderPath": "./files",
            "newLinkFormat": "relative",
            "useMarkdownLinks": True,
            "alwaysUpdateLinks": True,
            "userIgnoreFilters": ["Archive/", "/draft.*/", 7],
            "somethingElse": {"a": 1},
        }
    ).app
    assert app == App(
        "folder", "Inbox", "./files", "relative", True, True, ("Archive/", "/draft.*/")
    )


def test_daily_notes() -> None:
    settings = read(daily_notes={"folder": "/D/x/", "format": "YYYY/MM-DD", "template": "T/day"})
    assert settings.periods["daily"] == Period("YYYY/MM-DD", "D/x", "T/day")
    assert read(daily_notes={"format": ""}).periods["daily"].format == "YYYY-MM-DD"


@pytest.mark.parametrize(
    "form",
    [
        "YYYY/../../../x/pwn",
        "..",
        "HH:mm/../x",
        "/YYYY",
        "[/tmp]/YYYY",
        "[C:]/YYYY",
        "[.][.]/YYYY",
        "YYYY\\\\DD",
    ],
)
def test_a_format_that_leads_out_of_the_vault_is_refused(form: str) -> None:
    settings = read(daily_notes={"format": form, "folder": "D"}, zk_prefixer={"format": form})
    assert settings.periods["daily"] == Period("YYYY-MM-DD", "D")
    assert settings.unique.format == "YYYYMMDDHHmm"
    assert settings.warnings == tuple(
        f'{name}.json: "format" names no path inside the vault; using defaults.'
        for name in ("daily-notes", "zk-prefixer")
    )


def test_dots_within_a_name_are_no_way_out() -> None:
    settings = read(daily_notes={"format": "YYYY..MM/[a..]DD"})
    assert settings.periods["daily"].format == "YYYY..MM/[a..]DD"
    assert not settings.warnings


@pytest.mark.parametrize(
    ("listed", "enabled"),
    [
        ({"daily-notes": True}, True),
        ({"daily-notes": False}, False),
        (["daily-notes", "graph"], True),
        (["graph"], False),
        ({}, True),
    ],
)
def test_whether_daily_notes_are_on(listed: Any, enabled: bool) -> None:
    assert read(core_plugins=listed).periods["daily"].enabled is enabled


def test_periodic_notes_override_the_core_plugin() -> None:
    periodic = {
        "daily": {"enabled": True, "folder": "P", "format": "DD", "template": "x"},
        "weekly": {"enabled": True, "format": ""},
        "monthly": {"enabled": False, "folder": "M"},
    }
    core = {"folder": "D"}
    settings = read(
        daily_notes=core, periodic=periodic, community_plugins=["periodic-notes", "other"]
    )
    assert settings.periods["daily"] == Period("DD", "P", "x")
    assert settings.periods["weekly"] == Period("gggg-[W]ww")
    assert not settings.periods["monthly"].enabled
    off = read(daily_notes=core, periodic=periodic, community_plugins=["other"])
    assert off.periods["daily"] == Period("YYYY-MM-DD", "D")


def test_calendar_sets_of_the_newer_periodic_notes() -> None:
    day = {"enabled": True, "format": "YYYY", "folder": "C", "templatePath": "t"}
    settings = read(periodic={"calendarSets": [{"id": "Default", "day": day}]})
    assert settings.periods["daily"] == Period("YYYY", "C", "t")


def test_templates_and_unique_notes() -> None:
    settings = read(templates={"folder": "T", "dateFormat": "DD.MM."}, zk_prefixer={"folder": "Z"})
    assert (settings.templates.folder, settings.templates.date_format) == ("T", "DD.MM.")
    assert settings.templates.time_format == "HH:mm"
    assert (settings.unique.folder, settings.unique.format) == ("Z", "YYYYMMDDHHmm")


def test_tasks_plugin() -> None:
    status = {"symbol": "!", "name": "Important", "nextStatusSymbol": "x", "type": "TODO"}
    core = [{"symbol": "x", "name": "Fertig", "nextStatusSymbol": " ", "type": "DONE"}]
    tasks = read(
        tasks={
            "taskFormat": "dataview",
            "globalFilter": " #task ",
            "setCreatedDate": True,
            "setDoneDate": False,
            "recurrenceOnNextLine": True,
            "statusSettings": {"coreStatuses": core, "customStatuses": [status, "x", {}]},
        }
    ).tasks
    assert tasks.dataview
    assert tasks.global_filter == "#task"
    assert (tasks.set_created, tasks.set_done, tasks.set_cancelled) == (True, False, True)
    assert tasks.next_line
    by_symbol = {each.symbol: each for each in tasks.statuses}
    assert by_symbol["!"].name == "Important"
    assert by_symbol["x"].name == "Fertig"
    assert by_symbol["/"] in DEFAULT_STATUSES


def test_types() -> None:
    types = read(types={"types": {"due": "date", "x": 7}}).types
    assert types == {"due": "date"}


HOSTILE = [
    "[",
    "[]",
    "7",
    '"x"',
    "\0",
    "[" * 100_000,
    '{"a":' * 100_000,
    '{"app": ' + "9" * 10_000 + "}",
    "{'folder': 'x'}",
    "x" * 3_000_000,
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["app.json", "daily-notes.json", TASKS, PERIODIC])
def test_a_broken_file_gives_defaults_and_one_warning(name: str, text: str) -> None:
    settings = read_settings({name: text})
    assert len(settings.warnings) == 1
    assert settings.warnings[0].startswith(name)
    default = read_settings({})
    assert (settings.app, settings.periods, settings.tasks, settings.types) == (
        default.app,
        default.periods,
        default.tasks,
        default.types,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("daily_notes", {"folder": "../../etc"}),
        ("daily_notes", {"folder": "a\0b"}),
        ("daily_notes", {"format": 7, "folder": ["x"], "template": {}}),
        ("app", {"newLinkFormat": "silly", "useMarkdownLinks": "yes"}),
        ("app", {"attachmentFolderPath": "../up"}),
        ("app", {"attachmentFolderPath": "./../up"}),
        ("app", {"newFileFolderPath": "C:\\Windows"}),
        ("tasks", {"globalFilter": "\ud800", "setDoneDate": 1}),
        ("tasks", {"statusSettings": {"coreStatuses": 7}}),
    ],
)
def test_wrong_values_count_as_missing(name: str, value: Any) -> None:
    settings = read(**{name: value})
    assert len(settings.warnings) == 1
    assert (settings.app, settings.periods, settings.tasks) == (
        read_settings({}).app,
        read_settings({}).periods,
        read_settings({}).tasks,
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = (
    "folder",
    "format",
    "daily",
    "enabled",
    "taskFormat",
    "globalFilter",
    "statusSettings",
    "coreStatuses",
    "userIgnoreFilters",
    "newLinkFormat",
    "types",
    "calendarSets",
)


@scaled(80, 2000)
@given(
    st.dictionaries(
        st.sampled_from(FILES), st.dictionaries(st.sampled_from(KEYS), values, max_size=4)
    )
)
def test_any_json_is_read(files: dict[str, Any]) -> None:
    settings = read_settings({name: json.dumps(value) for name, value in files.items()})
    assert len(settings.warnings) <= len(files)


@scaled(80, 2000)
@given(st.sampled_from(FILES), st.text(max_size=60))
def test_any_text_is_read(name: str, text: str) -> None:
    assert len(read_settings({name: text}).warnings) <= 1


@pytest.mark.parametrize(
    ("setting", "folder"),
    [("/", ""), ("./", "a/b"), ("./files", "a/b/files"), ("Some/Folder", "Some/Folder")],
)
def test_attachments_go_where_the_owner_wants_them(setting: str, folder: str) -> None:
    app = read(app={"attachmentFolderPath": setting}).app
    assert attachment_folder(app, "a/b/Note.md") == folder
    assert attachment_folder(app, "Note.md") == folder.removeprefix("a/b").strip("/")


def test_new_notes_go_where_the_owner_wants_them() -> None:
    assert new_note_folder(App(), "a/b.md") == ""
    assert new_note_folder(App("current"), "a/b.md") == "a"
    assert new_note_folder(App("folder", "In"), "a/b.md") == "In"
