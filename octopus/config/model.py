"""What can be set: the sections as frozen models, each field saying what it allows."""

from __future__ import annotations

import os
import re
from datetime import time
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    field_validator,
)

from octopus.config.route import CaptureRoute, reachable
from octopus.config.section import Section
from octopus.language.lexicon import languages

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_URL = re.compile(r"https?://(?:[^\s/@]*@)?(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?:/\S*)?")


def _clock(value: object) -> time:
    if isinstance(value, time):  # TOML has times of its own, with seconds
        return value
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError("not a time of day")
    return time.fromisoformat(value)


def _zone(name: str) -> str:
    if name:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("no such time zone") from error
    return name


def _language(code: str) -> str:
    """The language of a code, of which a country does not matter: "de-AT" is "de"."""
    spoken = code.strip().replace("_", "-").partition("-")[0].lower()
    if spoken not in languages():
        raise ValueError("nothing is known of this language")
    return spoken


def _url(value: str) -> str:
    if value and not _URL.fullmatch(value):
        raise ValueError("not such an address")
    return value.rstrip("/")


def _inside(value: str) -> str:
    path = PurePosixPath(value)
    if (
        path.is_absolute()
        or ".." in path.parts
        or "\\" in value
        or re.search(r"[\x00-\x1f]", value)
    ):
        raise ValueError("leads out of the vault")
    return "" if value in {"", "."} else str(path)


def _folder_name(value: str) -> str:
    if "/" in value or not value.startswith(".") or value in {".", ".."}:
        raise ValueError("not such a name")
    return value


def _note_path(value: str) -> str:
    if not value.lower().endswith(".md"):
        raise ValueError("not a note")
    return value


def _note_or_none(value: str) -> str:
    return _note_path(value) if value else value


Clock = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda value: f"{value:%H:%M}"),
    Field(description='a time of day "HH:MM", 00:00 to 23:59'),
]
Url = Annotated[
    str, AfterValidator(_url), Field(description="an address http://host[:port] or https://...")
]
Inside = Annotated[
    str,
    AfterValidator(_inside),
    Field(description='a path inside the vault, with "/" and without ".."'),
]
UserId = Annotated[int, Field(gt=0, strict=True)]
Seconds = Annotated[
    float, Field(gt=0, le=86_400, allow_inf_nan=False, description="seconds, above 0 to 86400")
]


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:  # "~nobody": a user who is not there
        raise ValueError("there is no such user's home") from error


#: Folders may be written with "~"; a relative one starts at the current folder.
Folder = Annotated[Path, AfterValidator(_at_home), Field(description="the path of a folder")]


Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]


def Share(default: float) -> Any:
    """How much something counts beside the words of a query."""
    return Field(default, ge=0, le=10, allow_inf_nan=False, description="a number, 0 to 10")


class Owner(Section):
    """Who is served, and what their words for times mean."""

    name: str = Field("", max_length=100, description="up to 100 characters")
    language: Annotated[str, AfterValidator(_language)] = Field(
        "en", description="one of the languages " + ", ".join(languages())
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        "", description='a zone name like "Europe/Berlin", or empty for the system\'s'
    )
    morning: Clock = time(9)
    noon: Clock = time(12)
    afternoon: Clock = time(15)
    evening: Clock = time(19)
    date_order: Literal["dmy", "mdy", "ymd"] = Field("dmy", description='"dmy", "mdy" or "ymd"')

    @property
    def zone(self) -> ZoneInfo:
        """The owner's time zone; the system's where none is named."""
        return ZoneInfo(self.timezone or system_zone())


class Telegram(Section):
    """The bot, and who may talk to it. Without a token Telegram stays off."""

    token: SecretStr = Field(
        SecretStr(""), description="the bot's token as @BotFather gave it, or empty"
    )
    allowed_users: tuple[UserId, ...] = Field(
        (), description="a list of numeric user ids above 0, such as [12345]"
    )
    api_base: Url = "https://api.telegram.org"
    poll_timeout: int = Field(25, ge=1, le=50, description="whole seconds, 1 to 50")
    use_reactions: bool = Field(True, description="true or false")
    chat_interval: float = Field(
        1.0, ge=0, le=60, allow_inf_nan=False, description="seconds, 0 to 60"
    )
    total_rate: float = Field(
        30, ge=0, allow_inf_nan=False, description="messages a second, 0 for no limit"
    )

    @field_validator("token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value()):
            raise ValueError("a token is digits, a colon, then letters, digits, _ and -")
        return value


class Vault(Section):
    """Where the notes are, and what may be done with them."""

    path: Folder = Path("./vault")
    inbox: Inside = "Inbox"
    todo_note: Annotated[Inside, AfterValidator(_note_path)] = Field(
        "Tasks.md", description="the path of a note inside the vault, ending in .md"
    )
    template: Inside = ""
    config_dir: Annotated[str, AfterValidator(_folder_name)] = Field(
        ".obsidian", description="the name of a folder that begins with a dot"
    )
    read_only: bool = Field(False, description="true or false")
    private: tuple[Inside, ...] = Field(
        (),
        description='a list of folders inside the vault and tags, such as ["Journal/", "#private"]',
    )


class Capture(Section):
    """What becomes of what is only to be kept."""

    fetch_titles: bool = Field(False, description="true or false")
    link_note: Annotated[Inside, AfterValidator(_note_or_none)] = Field(
        "", description="the path of a note inside the vault, ending in .md, or empty"
    )
    routes: Annotated[tuple[CaptureRoute, ...], AfterValidator(reachable)] = Field(
        (), description="a list of tables [[capture.routes]], each with a path to"
    )


class Daily(Section):
    """How lines are written into the daily note. Where it is, Obsidian's own settings say."""

    heading: str = Field(
        "", max_length=200, pattern=r"^[^\r\n]*$", description="a heading's text, or empty"
    )
    time_format: str = Field(
        "HH:mm", max_length=50, pattern=r"^[^\r\n]*$", description='moment letters like "HH:mm"'
    )
    line: str = Field(
        "- {time} {text}",
        max_length=200,
        pattern=r"^[^\r\n]*\{text\}[^\r\n]*$",
        description="one line with {text}, and {time} where it is wanted",
    )


class Agenda(Section):
    """What the agenda is made of, and when it is told unasked."""

    calendars: tuple[Folder, ...] = Field(
        (), description="a list of .ics files and folders with such files"
    )
    brief: bool = Field(True, description="true or false")
    review: bool = Field(True, description="true or false")

    @field_validator("calendars", mode="before")
    @classmethod
    def _no_empty_path(cls, value: object) -> object:
        if isinstance(value, list | tuple) and any(one in {"", "."} for one in value):
            raise ValueError("an empty path")
        return value


class State(Section):
    """Where the journal, the index and secrets are kept. Resolved when it is loaded."""

    path: Folder = Path()


class Ollama(Section):
    """The model server. Without a model's name nothing is asked of it."""

    url: Url = "http://127.0.0.1:11434"
    model: str = Field("", description='a model\'s name like "qwen3:4b"; empty: one is chosen')
    embed_model: str = Field("", description="an embedding model's name, or empty for none")
    num_ctx: int = Field(8192, ge=512, le=1_048_576, description="tokens, 512 to 1048576")
    request_timeout: Seconds = 120
    first_token_timeout: Seconds = 60
    allow_cloud: bool = Field(False, description="true or false")


class Http(Section):
    """The listener for the dashboard, scripts and metrics."""

    enabled: bool = Field(True, description="true or false")
    host: str = Field(
        "127.0.0.1", pattern=r"^[\w.:-]+$", description="an address or name to listen on"
    )
    port: int = Field(8321, ge=0, le=65_535, description="0 (any free one) to 65535")
    public_url: Url = ""
    token: SecretStr = Field(
        SecretStr(""), description="at least 16 visible ASCII characters, or empty"
    )

    @field_validator("token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(r"[!-~]{16,}", value.get_secret_value()):
            raise ValueError("too short, or with spaces")
        return value


class Search(Section):
    """How notes are found."""

    semantic: bool = Field(False, description="true or false")
    languages: tuple[Language, ...] = Field((), description='a list of codes like ["en", "de"]')
    recency: float = Share(0.1)
    links: float = Share(0.1)
    names: float = Share(1.0)


class Reminders(Section):
    """How reminders are told."""

    quiet_from: Clock = time(22)
    quiet_until: Clock = time(7)


class Jobs(Section):
    """How work is done."""

    workers: int = Field(4, ge=1, le=64, description="a whole number, 1 to 64")
    max_attempts: int = Field(3, ge=1, le=20, description="a whole number, 1 to 20")
    stop_timeout: float = Field(8.0, ge=0, le=600, description="seconds, 0 to 600")
    deadlines: dict[str, Seconds] = Field(
        {}, description='a table of seconds above 0 by intent, such as { "chat" = 300 }'
    )


class Log(Section):
    """What is told of the work, and how."""

    level: Annotated[
        Literal["TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
        BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
    ] = Field("INFO", description="TRACE, DEBUG, INFO, WARNING, ERROR or CRITICAL")
    as_json: bool = Field(False, alias="json", description="true or false")
    file: bool = Field(False, description="true or false")


class Config(BaseModel):
    """All sections. Each part of Octopus is given only its own."""

    model_config = ConfigDict(frozen=True)

    owner: Owner = Owner()
    telegram: Telegram = Telegram()
    vault: Vault = Vault()
    capture: Capture = Capture()
    daily: Daily = Daily()
    agenda: Agenda = Agenda()
    state: State = State()
    ollama: Ollama = Ollama()
    http: Http = Http()
    search: Search = Search()
    reminders: Reminders = Reminders()
    jobs: Jobs = Jobs()
    log: Log = Log()


def system_zone() -> str:
    """The name of the machine's time zone, UTC where it cannot be told."""
    localtime = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    for name in filter(None, (os.environ.get("TZ", "").lstrip(":"), localtime)):
        try:
            return ZoneInfo(name).key
        except (KeyError, ValueError, OSError):
            continue
    return "UTC"
