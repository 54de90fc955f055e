"""The configuration: where values come from, and what is told of mistakes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr, ValidationError

from octopus.app.owner import routes
from octopus.config import MASK, Config, Http, Loaded, Log, Owner, keys, load, masked
from octopus.config.model import system_zone
from octopus.errors import ConfigError

TOKEN = "123456789:AAcanary-canary-canary-canary-canary"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def write(folder: Path, text: str) -> Path:
    file = folder / "octopus.toml"
    file.write_text(text, encoding="utf-8")
    return file


def read(home: Path, text: str = "", **environ: str) -> Loaded:
    return load(write(home, text), {}, {"HOME": str(home), **environ})


def problems(
    home: Path, text: str = "", flags: Mapping[str, object] | None = None, **environ: str
) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(write(home, text), flags, {"HOME": str(home), **environ})
    return caught.value.problems


class TestDefaults:
    def test_nothing_is_needed(self, home: Path) -> None:
        loaded = load(None, {}, {"HOME": str(home)})
        assert loaded.file is None
        assert set(loaded.origins.values()) == {"default"}
        assert loaded.config.vault.path == Path("./vault")
        assert loaded.config.http.port == 8321
        assert loaded.config.owner.morning == time(9)

    def test_keys_are_those_documented(self) -> None:
        documented = {
            "owner": "name language timezone morning noon afternoon evening date_order",
            "telegram": "token allowed_users api_base poll_timeout use_reactions chat_interval "
            "total_rate",
            "vault": "path inbox todo_note template config_dir read_only private",
            "capture": "fetch_titles link_note routes",
            "daily": "heading time_format line",
            "agenda": "calendars brief review",
            "state": "path",
            "ollama": "url model embed_model num_ctx request_timeout first_token_timeout "
            "allow_cloud",
            "http": "enabled host port public_url",
            "search": "semantic languages recency links names",
            "log": "level json",
        }
        wanted = {f"{part}.{key}" for part, names in documented.items() for key in names.split()}
        assert wanted <= set(keys())

    def test_sections_are_frozen(self) -> None:
        with pytest.raises(ValidationError):
            Config().http.port = 1  # type: ignore[misc]

    def test_every_field_says_what_is_allowed(self) -> None:
        for section in Config.model_fields.values():
            assert isinstance(section.annotation, type)
            for name, info in section.annotation.model_fields.items():
                assert info.description, name

    def test_log_section_can_be_made_by_field_name(self) -> None:
        assert Log(as_json=True).as_json


class TestPrecedence:
    SOURCES = ("file", "credentials", "environment", "flag")

    @pytest.mark.parametrize("count", range(1, 5))
    def test_the_strongest_source_wins(self, home: Path, count: int) -> None:
        given = self.SOURCES[:count]
        credentials = home / "credentials"
        credentials.mkdir()
        text = '[owner]\nname = "file"\n' if "file" in given else ""
        if "credentials" in given:
            (credentials / "owner_name").write_text("credentials\n")
        environ = {"HOME": str(home), "CREDENTIALS_DIRECTORY": str(credentials)}
        if "environment" in given:
            environ["OCTOPUS_OWNER__NAME"] = "environment"
        flags = {"owner.name": "flag" if "flag" in given else None}
        loaded = load(write(home, text), flags, environ)
        assert loaded.config.owner.name == given[-1]
        assert loaded.origins["owner.name"] == given[-1]
        assert loaded.origins["owner.language"] == "default"

    def test_a_section_is_mixed_from_many_sources(self, home: Path) -> None:
        loaded = read(home, "[http]\nport = 1234\n", OCTOPUS_HTTP__HOST="::1")
        assert (loaded.config.http.port, loaded.config.http.host) == (1234, "::1")

    def test_file_in_the_usual_place(self, home: Path) -> None:
        usual = home / ".config" / "octopus"
        usual.mkdir(parents=True)
        (usual / "config.toml").write_text('[owner]\nname = "usual"\n')
        assert load(None, {}, {"HOME": str(home)}).config.owner.name == "usual"

    def test_config_home_and_named_files(self, home: Path, tmp_path: Path) -> None:
        (tmp_path / "octopus").mkdir()
        (tmp_path / "octopus" / "config.toml").write_text('[owner]\nname = "xdg"\n')
        named = write(tmp_path, '[owner]\nname = "variable"\n')
        environ = {"HOME": str(home), "XDG_CONFIG_HOME": str(tmp_path)}
        assert load(None, {}, environ).config.owner.name == "xdg"
        environ["OCTOPUS_CONFIG"] = str(named)
        assert load(None, {}, environ).config.owner.name == "variable"
        flagged = write(home, '[owner]\nname = "flag"\n')
        assert load(flagged, {}, environ).config.owner.name == "flag"

    def test_relative_xdg_variables_are_ignored(self, home: Path) -> None:
        loaded = load(None, {}, {"HOME": str(home), "XDG_STATE_HOME": "here"})
        assert loaded.config.state.path == home / ".local/state/octopus"


class TestEnvironment:
    def test_plain_values(self, home: Path) -> None:
        config = read(
            home,
            OCTOPUS_HTTP__PORT="80",
            OCTOPUS_HTTP__ENABLED="false",
            OCTOPUS_TELEGRAM__CHAT_INTERVAL="0.5",
            OCTOPUS_LOG__LEVEL="debug",
        ).config
        assert config.http == Http(port=80, enabled=False)
        assert config.telegram.chat_interval == 0.5
        assert config.log.level == "DEBUG"

    def test_lists_and_tables_are_json(self, home: Path) -> None:
        config = read(
            home,
            OCTOPUS_TELEGRAM__ALLOWED_USERS="[1, 2]",
            OCTOPUS_VAULT__PRIVATE='["Diary", "Work/Secret.md"]',
            OCTOPUS_JOBS__DEADLINES='{"chat": 300}',
        ).config
        assert config.telegram.allowed_users == (1, 2)
        assert config.vault.private == ("Diary", "Work/Secret.md")
        assert config.jobs.deadlines == {"chat": 300.0}

    def test_what_is_not_json_is_told(self, home: Path) -> None:
        found = problems(home, OCTOPUS_TELEGRAM__ALLOWED_USERS="1,2")
        assert found == (
            'telegram.allowed_users = "1,2" (environment OCTOPUS_TELEGRAM__ALLOWED_USERS): '
            'must be JSON, such as [1] or ["a"]',
        )

    def test_unknown_variables(self, home: Path) -> None:
        found = problems(home, OCTOPUS_VAULT__PAHT="x", OCTOPUS_HTTP_PORT="1", OCTOPUSSY="z")
        assert len(found) == 2
        assert "OCTOPUS_HTTP_PORT" in found[0]
        assert "did you mean vault.path?" in found[1]

    def test_variables_that_are_no_settings(self, home: Path) -> None:
        file = write(home, "")
        environ = {"HOME": "/", "OCTOPUS_CONFIG": str(file), "OCTOPUS_CRASH_AT": "x"}
        assert load(None, {}, environ).file == file


class TestCredentials:
    @pytest.mark.parametrize("name", ["telegram_token", "telegram.token"])
    def test_both_spellings(self, home: Path, name: str) -> None:
        (home / name).write_text(TOKEN + "\n")
        loaded = read(home, CREDENTIALS_DIRECTORY=str(home))
        assert loaded.config.telegram.token.get_secret_value() == TOKEN
        assert loaded.origins["telegram.token"] == "credentials"

    def test_an_empty_one_is_none(self, home: Path) -> None:
        (home / "telegram_token").write_text("\n")
        text = f'[telegram]\ntoken = "{TOKEN}"\n'
        loaded = read(home, text, CREDENTIALS_DIRECTORY=str(home))
        assert loaded.origins["telegram.token"] == "file"

    def test_http_token(self, home: Path) -> None:
        (home / "http_token").write_text("0123456789abcdef\n")
        http = read(home, CREDENTIALS_DIRECTORY=str(home)).config.http
        assert http.token == SecretStr("0123456789abcdef")

    def test_others_files_are_left_alone(self, home: Path) -> None:
        (home / "smtp_password").write_bytes(b"\xff")
        read(home, CREDENTIALS_DIRECTORY=str(home))

    def test_broken_credentials_are_told(self, home: Path) -> None:
        (home / "telegram_token").write_bytes(b"\xff\xfe")
        (found,) = problems(home, CREDENTIALS_DIRECTORY=str(home))
        assert found.startswith("telegram.token: the credential")


class TestState:
    def test_service_manager_first(self, home: Path) -> None:
        environ = {"STATE_DIRECTORY": "/var/lib/octopus:/var/lib/other", "XDG_STATE_HOME": "/xdg"}
        assert read(home, **environ).config.state.path == Path("/var/lib/octopus")

    def test_then_xdg_then_home(self, home: Path) -> None:
        assert read(home, XDG_STATE_HOME="/xdg").config.state.path == Path("/xdg/octopus")
        assert read(home).config.state.path == home / ".local/state/octopus"

    def test_the_owners_word_wins(self, home: Path) -> None:
        loaded = read(home, '[state]\npath = "/data"\n', STATE_DIRECTORY="/var/lib/octopus")
        assert loaded.config.state.path == Path("/data")
        assert loaded.origins["state.path"] == "file"


WRONG = {
    "owner.name": ['"' + "x" * 101 + '"', "5"],
    "owner.language": ['"english"', '"e"', "1"],
    "owner.timezone": ['"Mars/City"', '"../etc/passwd"', "2"],
    "owner.morning": ['"9"', '"24:00"', '"09:60"', '"morning"', "9", "true"],
    "owner.date_order": ['"myd"', '""'],
    "telegram.token": ['"no token"', '"123"', "1"],
    "telegram.allowed_users": ["[0]", "[-5]", '["me"]', "[true]", "5", "[1.5]"],
    "telegram.api_base": ['"api.telegram.org"', '"ftp://host"', '"http://"'],
    "telegram.poll_timeout": ["0", "51", "2.5", '"soon"', "true"],
    "telegram.use_reactions": ['"perhaps"', "2"],
    "telegram.chat_interval": ["-1", "61", "nan", "inf"],
    "telegram.total_rate": ["-1", "nan", "inf"],
    "vault.template": ['"/etc"', '"../x"'],
    "vault.inbox": ['"/etc"', '"../x"', '"a/../../b"', '"a\\\\b"', '"a\\u0000"', "[]"],
    "vault.todo_note": ['"Tasks"', '"../Tasks.md"', '""'],
    "vault.config_dir": ['"obsidian"', '".a/b"', '".."', '"."'],
    "vault.read_only": ['"x"'],
    "vault.private": ['["../x"]', '"Diary"'],
    "ollama.url": ['"localhost:11434"', '"http://a b"'],
    "ollama.num_ctx": ["0", "511", '"many"'],
    "ollama.request_timeout": ["0", "-1", "nan"],
    "http.host": ['""', '"a b"', '"http://x"'],
    "http.port": ["-1", "65536", '"http"', "true"],
    "http.public_url": ['"example.org"'],
    "http.token": ['"short"', '"with a space in it"'],
    "reminders.quiet_from": ['"25:00"', '"late"', "22"],
    "reminders.quiet_until": ['"7"', "true"],
    "jobs.workers": ["0", "65"],
    "jobs.max_attempts": ["0", "21"],
    "jobs.deadlines": ["{ chat = 0 }", "[1]", "5"],
    "log.level": ['"LOUD"', "1"],
    "log.json": ['"x"'],
}


def test_times_of_toml(home: Path) -> None:
    assert read(home, "[owner]\nmorning = 07:30:00\n").config.owner.morning == time(7, 30)


class TestMistakes:
    @pytest.mark.parametrize(
        ("key", "value"), [(key, value) for key, values in WRONG.items() for value in values]
    )
    def test_each_names_key_value_place_and_what_is_allowed(
        self, home: Path, key: str, value: str
    ) -> None:
        section, _, name = key.partition(".")
        (found,) = problems(home, f"[{section}]\n\n{name} = {value}\n")
        assert found.startswith(f"{key} = ")
        assert "octopus.toml, line 3): must be " in found
        if name != "token":
            shown = found.removeprefix(f"{key} = ").partition(" (")[0]
            assert shown != json.dumps(MASK)

    def test_all_together(self, home: Path) -> None:
        text = "".join(
            f"[{section}]\n"
            + "".join(
                f"{key.partition('.')[2]} = {values[0]}\n"
                for key, values in WRONG.items()
                if key.startswith(section + ".")
            )
            for section in Config.model_fields
        )
        found = problems(home, text, {"http.prot": 1}, OCTOPUS_X__Y="1")
        assert len(found) == len(WRONG) + 2
        assert {line.partition(" = ")[0] for line in found} == {*WRONG, "http.prot", "x.y"}

    def test_unknown_keys_and_sections(self, home: Path) -> None:
        found = problems(home, "[vualt]\npath = 1\n[http]\nanything = 1\n[weather]\ncity = 1\n")
        assert "did you mean vault.path?" in found[0]
        assert "[http] has enabled, host, port" in found[1]
        assert "the sections are owner, telegram" in found[2]

    def test_key_outside_a_section(self, home: Path) -> None:
        (found,) = problems(home, "\nport = 5\n")
        assert "line 2): no such setting" in found

    def test_broken_toml_names_the_line(self, home: Path) -> None:
        (found,) = problems(home, '[owner]\nname = "x\n')
        assert "octopus.toml: not valid TOML" in found
        assert "line 2" in found

    def test_not_text(self, home: Path) -> None:
        file = write(home, "")
        file.write_bytes(b"[owner]\nname = '\xff'\n")
        with pytest.raises(ConfigError, match="line 2: not UTF-8"):
            load(file, {}, {})

    @pytest.mark.parametrize("name", ["missing.toml", "."])
    def test_named_file_cannot_be_read(self, home: Path, name: str) -> None:
        with pytest.raises(ConfigError, match="cannot be read"):
            load(home / name, {}, {})
        with pytest.raises(ConfigError, match="cannot be read"):
            load(None, {}, {"OCTOPUS_CONFIG": str(home / name)})

    def test_byte_order_mark_and_windows_lines_are_fine(self, home: Path) -> None:
        file = write(home, "")
        file.write_bytes(b"\xef\xbb\xbf[owner]\r\nname = 'Ada'\r\n")
        assert load(file, {}, {"HOME": "/"}).config.owner.name == "Ada"

    def test_lines_of_tables_in_tables(self, home: Path) -> None:
        (found,) = problems(home, "[jobs]\nworkers = 1\n[jobs.deadlines]\nchat = -1\n")
        assert "line 3)" in found
        (found,) = problems(home, "\nhttp.port = -1\n")
        assert "line 2)" in found

    @pytest.mark.parametrize(
        "text",
        [
            f'[telegram]\ntokn = "{TOKEN}"\n',
            f'[telegram]\ntoken = "{TOKEN} "\n',
            f'[bot]\ntoken = "{TOKEN}"\n',
            f'[owner]\ndate_order = "{TOKEN}"\n',
            f'[owner]\nlanguage = ["{TOKEN}"]\n',
            f'[telegram]\napi_base = "http://me:{TOKEN}@ho st"\n',
            f'[mail]\npassword = "{TOKEN}"\n',
            f'token = "{TOKEN}"\n',
        ],
    )
    def test_secrets_are_not_told(self, home: Path, text: str) -> None:
        assert "canary" not in "\n".join(problems(home, text))
        assert "canary" not in "\n".join(problems(home, OCTOPUS_TELEGRAM__TOKENN=TOKEN))

    def test_secrets_are_not_in_a_traceback_of_the_parser(self, home: Path) -> None:
        with pytest.raises(ConfigError) as caught:
            read(home, f'[telegram]\ntoken = "{TOKEN}!"\n')
        assert caught.value.__cause__ is None
        assert "canary" not in repr(caught.value)


class TestShow:
    def test_values_masked_with_origin(self, home: Path) -> None:
        text = f'[telegram]\ntoken = "{TOKEN}"\n[ollama]\nurl = "http://me:canary@host:1"\n'
        loaded = read(home, text, OCTOPUS_OWNER__MORNING="07:30")
        rows = {key: (value, origin) for key, value, origin in loaded.show()}
        assert list(rows) == keys()
        assert rows["telegram.token"] == (MASK, "file")
        assert rows["http.token"] == ("", "default")
        assert rows["ollama.url"] == (f"http://{MASK}@host:1", "file")
        assert rows["ollama.first_token_timeout"] == (60.0, "default")
        assert rows["owner.morning"] == ("07:30", "environment")
        assert "canary" not in json.dumps(loaded.show())
        assert "canary-canary" not in repr(loaded)

    def test_masking_goes_into_lists_and_tables(self) -> None:
        assert masked("x.y", [TOKEN, {"password": "p", "a": 1}]) == [
            MASK,
            {"password": MASK, "a": 1},
        ]


class TestZone:
    def test_named(self) -> None:
        assert Owner(timezone="Asia/Tokyo").zone == ZoneInfo("Asia/Tokyo")

    def test_of_the_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TZ", ":Europe/Paris")
        assert Owner().zone == ZoneInfo("Europe/Paris")
        monkeypatch.setenv("TZ", "nonsense")
        assert ZoneInfo(system_zone()).key == system_zone()


class TestRoutes:
    """[[capture.routes]] are checked before anything starts."""

    def told(self, home: Path, *tables: str) -> str:
        text = "".join(f"[[capture.routes]]\n{table}\n" for table in tables)
        return "\n".join(problems(home, text))

    def test_they_are_read_in_their_order(self, home: Path) -> None:
        text = (
            '[capture]\nlink_note = "Links.md"\n'
            '[[capture.routes]]\nname = "recipes"\nhashtag = "#recipe"\nto = "R/{{title}}"\n'
            '[[capture.routes]]\ntopic = 7\nmedia = "photo"\nto = "Pictures/{{date:YYYY}}"\n'
            'append = true\nheading = "New"\ncontent = "- {{text}}"\n'
        )
        config = read(home, text).config
        first, second = routes(config)
        assert (first.name, first.hashtag, first.to) == ("recipes", "recipe", "R/{{title}}")
        assert (second.name, second.topic, second.media) == ("route 2", "7", ("photo",))
        assert (second.append, second.heading, second.content) == (True, "New", "- {{text}}")
        assert config.capture.link_note == "Links.md"
        assert not config.capture.fetch_titles

    def test_from_the_environment_as_json(self, home: Path) -> None:
        made = json.dumps([{"prefix": "idea:", "to": "Ideas"}])
        (one,) = read(home, OCTOPUS_CAPTURE__ROUTES=made).config.capture.routes
        assert (one.prefix, one.to) == ("idea:", "Ideas")

    @pytest.mark.parametrize(
        "to",
        ["../Out", "/..", "a/../../b", ".obsidian/x", "a/.hidden/b", "{{date:[..]}}/x", "C:/x", ""],
    )
    def test_a_path_that_leaves_the_vault_is_named(self, home: Path, to: str) -> None:
        told = self.told(home, f'to = "{to}"')
        assert told.startswith(f'capture.routes[1].to = "{to}" (')
        assert "a path inside the vault" in told

    @pytest.mark.parametrize(
        ("table", "key"),
        [
            ('prefix = "/note"', "prefix"),
            ('hashtag = "two words"', "hashtag"),
            ('hashtag = "2026"', "hashtag"),
            ('media = "fax"', "media"),
            ('media = ["photo", "fax"]', "media"),
            ('content = "no words"', "content"),
            ('content = "{{text}} {{weather}}"', "content"),
            ('append = "often"', "append"),
            ('colour = "red"', "colour"),
        ],
    )
    def test_a_mistake_is_told_with_route_key_and_value(
        self, home: Path, table: str, key: str
    ) -> None:
        told = self.told(home, 'hashtag = "fine"\nto = "Fine"', f'to = "Note"\n{table}')
        assert told.startswith(f"capture.routes[2].{key}")
        assert "line 1" in told
        assert told.count("\n") == 0

    @pytest.mark.parametrize(
        ("tables", "why"),
        [
            (('to = "All"', 'hashtag = "a"\nmedia = "photo"\nto = "A"'), None),
            (('hashtag = "a"\nto = "A"', 'hashtag = "a/b"\nto = "B"'), "route 2"),
            (('prefix = "id"\nto = "A"', 'prefix = "idea"\nto = "B"'), "route 2"),
            (('to = "A"', 'media = "photo"\nto = "B"'), "route 2"),
            (('to = "A"', 'to = "B"'), "route 2"),
            (('media = "location"\nprefix = "x"\nto = "A"',), "no words"),
            (('heading = "New"\nto = "A"',), "append"),
            (('name = "a"\nprefix = "x"\nto = "A"', 'name = "a"\nto = "B"'), "called"),
        ],
    )
    def test_a_route_that_can_never_match_is_a_mistake(
        self, home: Path, tables: tuple[str, ...], why: str | None
    ) -> None:
        if why is None:  # a tag takes to-dos as well, which a route without one leaves alone
            text = "".join(f"[[capture.routes]]\n{table}\n" for table in tables)
            assert len(read(home, text).config.capture.routes) == len(tables)
        else:
            told = self.told(home, *tables)
            assert told.startswith("capture.routes")
            assert why in told

    def test_all_mistakes_of_all_routes_come_together(self, home: Path) -> None:
        found = problems(
            home,
            '[capture]\nlink_note = "Links"\n'
            '[[capture.routes]]\nto = "../x"\nprefix = "/a"\n'
            "[[capture.routes]]\n"
            '[[capture.routes]]\nto = "x"\nmedia = "fax"\n',
        )
        keys = [problem.partition(" = ")[0] for problem in found]
        assert sorted(keys) == [
            "capture.link_note",
            "capture.routes[1].prefix",
            "capture.routes[1].to",
            "capture.routes[2].to",
            "capture.routes[3].media[1]",
        ]


class TestLanguage:
    @pytest.mark.parametrize(("given", "taken"), [("de-AT", "de"), ("PT_br", "pt"), ("uk", "uk")])
    def test_a_country_does_not_matter(self, home: Path, given: str, taken: str) -> None:
        assert read(home, f'[owner]\nlanguage = "{given}"\n').config.owner.language == taken

    @pytest.mark.parametrize("given", ["xx", "", "nl", "english", "de/../en"])
    def test_a_language_that_nothing_is_known_of_is_told_with_those_that_are(
        self, home: Path, given: str
    ) -> None:
        (told,) = problems(home, f'[owner]\nlanguage = "{given}"\n')
        assert told.startswith("owner.language")
        assert "de, en, es, fr, it, pt, ru, uk, zh" in told


EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


class TestExample:
    def test_it_loads_and_holds_the_defaults(self, home: Path) -> None:
        environ = {"HOME": str(home)}
        loaded = load(EXAMPLE, {}, environ)
        assert set(loaded.origins.values()) == {"file"}
        assert loaded.config == load(None, {}, environ).config

    def test_each_key_has_a_comment_of_its_own(self) -> None:
        lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
        found, section = [], ""
        for before, line in zip(["", *lines], lines, strict=False):
            if header := re.fullmatch(r"\[(\w+)\]", line):
                section = header[1]
            elif setting := re.match(r"(\w+) = ", line):
                found.append(f"{section}.{setting[1]}")
                assert re.match(r"# \S.{10,}", before), line
        assert found == keys()


def test_import_is_light() -> None:
    """Start-up time is measured: reading settings loads no settings machinery and no vendors."""
    code = "import octopus.config, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"pydantic_settings", "asyncio", "aiogram", "loguru", "starlette"}


def test_variables_of_other_programs_are_left_alone(home: Path) -> None:
    loaded = read(home, "", OCTOPUS_TEST_SCALE="full", OCTOPUS_HOME="/srv", OCTOPUS_NONSENSE="y")
    assert set(loaded.origins.values()) == {"default"}
