"""For following the owner's own settings in Obsidian. They are read, never written.

Whatever is broken or hostile in a file gives the defaults and one warning for that file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from octopus.errors import PathError
from octopus.obsidian.moment import format_date
from octopus.obsidian.path import join, normal

# Relative to the configuration folder, ".obsidian" unless the owner has renamed it.
TASKS = "plugins/obsidian-tasks-plugin/data.json"
FILES = (
    "app.json",
    "types.json",
    "core-plugins.json",
    "community-plugins.json",
    "daily-notes.json",
    "templates.json",
    "zk-prefixer.json",
    "plugins/periodic-notes/data.json",
    TASKS,
)
_SOME_DAY = date(2000, 1, 1)  # what leads out of the vault is no part of a date

# Default formats of obsidian-daily-notes-interface.
PERIODS = {
    "daily": "YYYY-MM-DD",
    "weekly": "gggg-[W]ww",
    "monthly": "YYYY-MM",
    "quarterly": "YYYY-[Q]Q",
    "yearly": "YYYY",
}
_SETS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter"} | {
    "yearly": "year"
}
MAX_SIZE = 2_000_000  # characters of one settings file; more is not a settings file


@dataclass(frozen=True, slots=True)
class App:
    """``app.json``: where new files go and how links are written."""

    new_file_location: str = "root"  # root, current or folder
    new_file_folder: str = ""
    attachment_folder: str = "/"  # "/" root, "./" beside the note, "./sub", or a path
    link_format: str = "shortest"  # shortest, relative or absolute
    markdown_links: bool = False
    always_update_links: bool = False
    ignore_filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """Where the note of a day, a week ... is, and what a new one is made from."""

    format: str
    folder: str = ""
    template: str = ""  # vault path, "" for none
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Templates:
    """``templates.json``."""

    folder: str = ""
    date_format: str = "YYYY-MM-DD"
    time_format: str = "HH:mm"


@dataclass(frozen=True, slots=True)
class Unique:
    """``zk-prefixer.json``, the unique note creator."""

    format: str = "YYYYMMDDHHmm"
    folder: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """One box of the Tasks plugin: what its character means and what a click makes of it."""

    symbol: str
    name: str
    next: str
    type: str  # TODO, IN_PROGRESS, ON_HOLD, DONE, CANCELLED, NON_TASK, EMPTY

    @property
    def done(self) -> bool:
        """Whether nothing is left to do: also for what is cancelled or no task at all."""
        return self.type in ("DONE", "CANCELLED", "NON_TASK")


DEFAULT_STATUSES = (
    Status(" ", "Todo", "x", "TODO"),
    Status("x", "Done", " ", "DONE"),
    Status("/", "In Progress", "x", "IN_PROGRESS"),
    Status("-", "Cancelled", " ", "CANCELLED"),
)


@dataclass(frozen=True, slots=True)
class Tasks:
    """The Tasks plugin's settings, version 8."""

    dataview: bool = False  # [due:: 2026-11-20] rather than the emoji
    global_filter: str = ""  # only lines with it are tasks
    remove_filter: bool = False  # the plugin hides the filter in its own lists
    set_created: bool = False
    set_done: bool = True
    set_cancelled: bool = True
    next_line: bool = False  # the next recurrence comes below
    remove_scheduled: bool = False  # drop the scheduled date on recurrence where a due date is
    filename_as_scheduled: bool = False
    filename_folders: tuple[str, ...] = ()  # only in these, everywhere where there are none
    statuses: tuple[Status, ...] = DEFAULT_STATUSES


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is read from the configuration folder."""

    app: App = field(default_factory=App)
    periods: Mapping[str, Period] = field(
        default_factory=lambda: {name: Period(form) for name, form in PERIODS.items()}
    )
    templates: Templates = field(default_factory=Templates)
    unique: Unique = field(default_factory=Unique)
    tasks: Tasks = field(default_factory=Tasks)
    types: Mapping[str, str] = field(default_factory=dict)  # property name to Obsidian's type
    warnings: tuple[str, ...] = ()  # at most one sentence a file


class _File:
    """One settings file; values of the wrong type count as missing and are remembered."""

    def __init__(self, name: str, text: str | None) -> None:
        self.name = name
        self.problem = ""
        self.value: Any = None
        if text is None or not text.strip():
            return
        if len(text) > MAX_SIZE:
            self.problem = "it is too large"
            return
        try:
            self.value = json.loads(text.removeprefix("\ufeff"))
        except (ValueError, RecursionError) as error:
            self.problem = "it is not valid JSON" if isinstance(error, ValueError) else "too deep"

    def sub(self, *keys: str) -> _File:
        """A part of this file that reports its problems to this one."""
        part = _Part(self)
        value = self.value
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        part.value = value
        return part

    def report(self, problem: str) -> None:
        self.problem = self.problem or problem

    def get(self, key: str, default: Any, kind: type) -> Any:
        """The value of ``key`` if it is a ``kind``, else ``default``."""
        if self.value is None:
            return default
        if not isinstance(self.value, dict):
            self.report("it has no keys")
            return default
        value = self.value.get(key)
        if value is None:
            return default
        if not isinstance(value, kind):
            self.report(f'"{key}" has the wrong type')
            return default
        return value

    def text(self, key: str, default: str) -> str:
        value = str(self.get(key, default, str))
        if not _encodable(value):
            self.report(f'"{key}" is not valid text')
            return default
        return value

    def flag(self, key: str, default: bool) -> bool:
        return bool(self.get(key, default, bool))

    def one_of(self, key: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key, default)
        if value not in allowed:
            self.report(f'"{key}" is none of {", ".join(allowed)}')
            return default
        return value

    def folder(self, key: str) -> str:
        """A vault folder, "" for the root; one that leads out of the vault counts as missing."""
        value = self.text(key, "").strip()
        if not value.strip("/"):
            return ""
        try:
            return normal(value)
        except PathError:
            self.report(f'"{key}" is no path inside the vault')
            return ""

    def form(self, key: str, default: str) -> str:
        """A format that names notes; one whose names lead out of the vault counts as missing."""
        value = self.text(key, "").strip()
        if not value:
            return default
        try:
            name = format_date(_SOME_DAY, value)
            normal(name)
        except PathError:
            name = "/"
        if name.startswith("/"):
            self.report(f'"{key}" names no path inside the vault')
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.get(key, [], list)
        return tuple(each for each in values if isinstance(each, str) and _encodable(each))


class _Part(_File):
    def __init__(self, whole: _File) -> None:
        self.whole = whole
        self.name = whole.name
        self.value = None

    def report(self, problem: str) -> None:
        self.whole.report(problem)


def _encodable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def read_settings(files: Mapping[str, str | None]) -> Settings:
    """The settings from the texts of ``FILES``; those that are missing are None or left out."""
    known = {name: _File(name, files.get(name)) for name in FILES}
    settings = Settings(
        app=_app(known["app.json"]),
        periods=_periods(known),
        templates=_templates(known["templates.json"]),
        unique=_unique(known["zk-prefixer.json"]),
        tasks=_tasks(known[TASKS]),
        types=_types(known["types.json"]),
    )
    return replace(
        settings,
        warnings=tuple(
            f"{file.name}: {file.problem}; using defaults."
            for file in known.values()
            if file.problem
        ),
    )


def _app(file: _File) -> App:
    attachments = file.text("attachmentFolderPath", "/").strip() or "/"
    relative = attachments.startswith("./")
    inside = attachments[2:] if relative else attachments
    if inside.strip("/"):
        try:
            inside = normal(inside)
        except PathError:
            file.report('"attachmentFolderPath" is no path inside the vault')
            relative, inside = False, "/"
    return App(
        file.one_of("newFileLocation", "root", ("root", "current", "folder")),
        file.folder("newFileFolderPath"),
        f"./{inside.strip('/')}" if relative else inside,
        file.one_of("newLinkFormat", "shortest", ("shortest", "relative", "absolute")),
        file.flag("useMarkdownLinks", False),
        file.flag("alwaysUpdateLinks", False),
        file.texts("userIgnoreFilters"),
    )


def _enabled(file: _File, plugin: str) -> bool | None:
    """Whether a plugin is on; None where the file does not say. Both forms of the file are known:
    {"daily-notes": true}, and ["daily-notes"] of older versions and of community plugins."""
    if isinstance(file.value, dict):
        value = file.value.get(plugin)
        return value if isinstance(value, bool) else None
    if isinstance(file.value, list):
        return plugin in file.value
    if file.value is not None:
        file.report("it lists no plugins")
    return None


def _periods(files: Mapping[str, _File]) -> dict[str, Period]:
    core = files["daily-notes.json"]
    on = _enabled(files["core-plugins.json"], "daily-notes")
    periods = {name: Period(form, enabled=name == "daily") for name, form in PERIODS.items()}
    periods["daily"] = _period(core, "daily", "template", enabled=on is not False)
    if _enabled(files["community-plugins.json"], "periodic-notes") is False:
        return periods
    plugin = files["plugins/periodic-notes/data.json"]
    for name in PERIODS:
        part, template = plugin.sub(name), "template"
        if part.value is None:  # version 1.0 keeps sets of calendars; the first is the default
            sets = plugin.get("calendarSets", [], list)
            part.value = sets[0].get(_SETS[name]) if sets and isinstance(sets[0], dict) else None
            template = "templatePath"
        if part.flag("enabled", False):
            periods[name] = _period(part, name, template, enabled=True)
    return periods


def _period(file: _File, name: str, template: str, *, enabled: bool) -> Period:
    form = file.form("format", PERIODS[name])
    return Period(form, file.folder("folder"), file.folder(template), enabled)


def _templates(file: _File) -> Templates:
    default = Templates()
    return Templates(
        file.folder("folder"),
        file.text("dateFormat", "") or default.date_format,
        file.text("timeFormat", "") or default.time_format,
    )


def _unique(file: _File) -> Unique:
    return Unique(
        file.form("format", "YYYYMMDDHHmm"),
        file.folder("folder"),
        file.folder("template"),
    )


def _tasks(file: _File) -> Tasks:
    return Tasks(
        dataview=file.text("taskFormat", "tasksPluginEmoji") == "dataview",
        global_filter=file.text("globalFilter", "").strip(),
        remove_filter=file.flag("removeGlobalFilter", False),
        set_created=file.flag("setCreatedDate", False),
        set_done=file.flag("setDoneDate", True),
        set_cancelled=file.flag("setCancelledDate", True),
        next_line=file.flag("recurrenceOnNextLine", False),
        remove_scheduled=file.flag("removeScheduledDateOnRecurrence", False),
        filename_as_scheduled=file.flag("useFilenameAsScheduledDate", False),
        filename_folders=file.texts("filenameAsDateFolders"),
        statuses=_statuses(file.sub("statusSettings")),
    )


def _statuses(file: _File) -> tuple[Status, ...]:
    """The owner's statuses, core ones first; of one symbol the first counts."""
    listed = [*file.get("coreStatuses", [], list), *file.get("customStatuses", [], list)]
    found: dict[str, Status] = {}
    for each in listed:
        if not isinstance(each, dict):
            continue
        symbol, then = each.get("symbol"), each.get("nextStatusSymbol")
        if isinstance(symbol, str) and len(symbol) == 1 and isinstance(then, str) and len(then) < 2:
            name, kind = str(each.get("name", "")), str(each.get("type", "TODO"))
            found.setdefault(symbol, Status(symbol, name, then or "x", kind))
    for status in DEFAULT_STATUSES:
        found.setdefault(status.symbol, status)
    return tuple(found.values())


def _types(file: _File) -> dict[str, str]:
    types = file.get("types", {}, dict)
    return {name: kind for name, kind in types.items() if isinstance(kind, str)}


def attachment_folder(app: App, note: str) -> str:
    """The folder for attachments of the note at the path ``note``."""
    if app.attachment_folder.startswith("./"):
        return join(note.rpartition("/")[0], app.attachment_folder[2:])
    return app.attachment_folder.strip("/")


def new_note_folder(app: App, current: str = "") -> str:
    """The folder for a new note; ``current`` is the path of the note that it is made from."""
    if app.new_file_location == "current":
        return current.rpartition("/")[0]
    return app.new_file_folder if app.new_file_location == "folder" else ""
