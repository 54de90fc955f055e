"""Finds the owner's choices and puts them together: every value knows where it came from.

Flags win over the environment, that over the credentials directory, that over the file, and
all of them over the defaults. Every mistake of every source is told in one go.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_origin

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from octopus.config.model import Config
from octopus.config.route import CaptureRoute
from octopus.config.section import Section
from octopus.errors import ConfigError

Origin = Literal["default", "file", "credentials", "environment", "flag"]

PREFIX = "OCTOPUS_"
#: Variables that begin like settings and are none.
NOT_SETTINGS = frozenset({"OCTOPUS_CONFIG", "OCTOPUS_CRASH_AT"})
MASK = "********"

_PASSWORD_IN_URL = re.compile(r"(?<=://)[^/@\s]*:[^/@\s]*(?=@)")
_SECRET_NAME = re.compile(r"token|secret|passw|api_?key|credential", re.IGNORECASE)
_BOT_TOKEN = re.compile(r"\d{6,}:[\w-]{20,}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration, and for each key where its value was found."""

    config: Config
    origins: Mapping[str, Origin]
    file: Path | None

    def show(self) -> list[tuple[str, Any, Origin]]:
        """Every key with its value, secrets masked, and its origin; fit for JSON."""
        rows: list[tuple[str, Any, Origin]] = []
        values = self.config.model_dump(mode="json", by_alias=True)
        for section, name, _ in _fields():
            value, key = values[section][name], f"{section}.{name}"
            rows.append((key, masked(key, value), self.origins[key]))
        return rows


def _fields() -> Iterator[tuple[str, str, FieldInfo]]:
    """Section, key as the owner writes it, and pydantic's description of it."""
    for section, info in Config.model_fields.items():
        model = info.annotation
        assert isinstance(model, type)
        assert issubclass(model, Section)
        for name, value in model.model_fields.items():
            yield section, value.alias or name, value


def keys() -> list[str]:
    """Every key, as ``section.key``."""
    return [f"{section}.{name}" for section, name, _ in _fields()]


def is_secret(key: str) -> bool:
    """Whether the value of this key must never be shown; unknown keys are judged by name."""
    for section, name, info in _fields():
        if f"{section}.{name}" == key:
            return info.annotation is SecretStr
    return _SECRET_NAME.search(key) is not None


def masked(key: str, value: object) -> object:
    """The value as it may be shown: secrets and passwords in addresses are not."""
    if is_secret(key):
        return MASK if value else value
    if isinstance(value, str):
        return _BOT_TOKEN.sub(MASK, _PASSWORD_IN_URL.sub(MASK, value))
    if isinstance(value, list | tuple):
        return [masked(key, item) for item in value]
    if isinstance(value, Mapping):
        return {name: masked(str(name), item) for name, item in value.items()}
    return value


@dataclass(slots=True)
class _Merge:
    """What was found so far, best source last; mistakes are gathered, never raised."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def put(self, key: str, value: Any, origin: Origin, place: str) -> None:
        """Take a value, or note that there is no such key."""
        known = keys()
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
            hint = f"did you mean {near[0]}?" if near else _available(key, known)
            shown = MASK if is_secret(key) or (near and is_secret(near[0])) else masked(key, value)
            self.problems.append(f"{key} = {_spelled(shown)} ({place}): no such setting; {hint}")
            return
        section, _, name = key.partition(".")
        self.values.setdefault(section, {})[name] = value
        self.origins[key] = origin
        self.places[key] = place

    def build(self) -> Config:
        """Validate everything. Raises ConfigError with all that is wrong."""
        sections: dict[str, Section] = {}
        allowed = {f"{section}.{name}": info.description for section, name, info in _fields()}
        for section, info in Config.model_fields.items():
            model = info.annotation
            assert isinstance(model, type)
            assert issubclass(model, Section)
            try:
                sections[section] = model.model_validate(self.values.get(section, {}))
            except ValidationError as error:
                self._explain(section, error, allowed)
        if self.problems:
            raise ConfigError(self.problems)
        return Config.model_validate(sections)

    def _explain(
        self, section: str, error: ValidationError, allowed: Mapping[str, str | None]
    ) -> None:
        nested = [
            item
            for item in error.errors()
            if section == "capture" and item["loc"][0] == "routes" and _tables(item)
        ]
        for item in nested:
            self.problems.append(self._route_problem(section, item["loc"], item))
        plain = [item for item in error.errors() if item not in nested]
        for key in dict.fromkeys(f"{section}.{item['loc'][0]}" for item in plain):
            value = masked(key, self.values[section][key.partition(".")[2]])
            self.problems.append(
                f"{key} = {_spelled(value)} ({self.places[key]}): must be {allowed[key]}"
            )

    def _route_problem(self, section: str, loc: Sequence[int | str], item: Any) -> str:
        """A mistake within one of several tables, named by its number, which counts from 1."""
        key, place = f"{section}.{loc[0]}", self.places[f"{section}.{loc[0]}"]
        value: Any = self.values[section][str(loc[0])]
        for step in loc[1:]:
            key += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
            value = value[step] if _has(value, step) else value if step != "to" else None
        names = CaptureRoute.model_fields
        info = names.get(str(loc[2])) if len(loc) > 2 else None
        said = item["msg"].removeprefix("Value error, ") if item["type"] == "value_error" else ""
        if item["type"] == "extra_forbidden":
            said = f"no such setting; a route has {', '.join(names)}"
        if info is not None:
            said = "; ".join(part for part in (said, f"must be {info.description}") if part)
        shown = _spelled(masked(key, value))
        return f"{key} = {shown} ({place}): {said or 'must be a table with a path to'}"


def _tables(item: Any) -> bool:
    """Whether something is wrong with single tables of a list, or between them."""
    listed = isinstance(item["input"], list | tuple)
    return len(item["loc"]) > 1 or (listed and item["type"] == "value_error")


def _has(value: Any, step: int | str) -> bool:
    if isinstance(step, int):
        return isinstance(value, list | tuple) and step < len(value)
    return isinstance(value, Mapping) and step in value


def _spelled(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _available(key: str, known: list[str]) -> str:
    section = key.partition(".")[0]
    names = [name for name in known if name.startswith(f"{section}.")]
    if names:
        return f"[{section}] has {', '.join(name.partition('.')[2] for name in names)}"
    return f"the sections are {', '.join(Config.model_fields)}"


def load(
    path: Path | None = None,
    flags: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """Read every source. ``flags`` are by ``section.key``; those that are None were not given.

    Raises ConfigError with every mistake of every source.
    """
    environ = os.environ if environ is None else environ
    merge = _Merge()
    file = _find_file(path, environ)
    if file is not None:
        _read_file(file, merge)
    if folder := environ.get("CREDENTIALS_DIRECTORY"):
        _read_credentials(Path(folder), merge)
    _read_environment(environ, merge)
    for key, value in (flags or {}).items():
        if value is not None:
            merge.put(key, value, "flag", "flag")
    if not merge.values.get("state", {}).get("path"):
        merge.values.setdefault("state", {})["path"] = str(_state_folder(environ))
    config = merge.build()
    return Loaded(config, {key: merge.origins.get(key, "default") for key in keys()}, file)


def _find_file(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path
    if named := environ.get("OCTOPUS_CONFIG"):
        return Path(named).expanduser()
    usual = _base(environ, "XDG_CONFIG_HOME", ".config") / "octopus" / "config.toml"
    return usual if usual.is_file() else None


def _state_folder(environ: Mapping[str, str]) -> Path:
    if given := environ.get("STATE_DIRECTORY", "").partition(":")[0]:
        return Path(given)
    return _base(environ, "XDG_STATE_HOME", ".local/state") / "octopus"


def _base(environ: Mapping[str, str], variable: str, usual: str) -> Path:
    """A folder of the XDG Base Directory Specification, by which relative values are ignored."""
    given = Path(environ.get(variable, ""))
    home = environ.get("HOME")
    return given if given.is_absolute() else (Path(home) if home else Path.home()) / usual


def _read_file(file: Path, merge: _Merge) -> None:
    try:
        text = file.read_bytes().decode("utf-8-sig")
        document = tomllib.loads(text.replace("\r\n", "\n"))
    except OSError as error:
        merge.problems.append(f"{file}: cannot be read ({error.strerror}); name another file")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        merge.problems.append(f"{file}, line {line}: not UTF-8 text; save the file as UTF-8")
    except tomllib.TOMLDecodeError as error:
        merge.problems.append(f"{file}: not valid TOML: {error}")
    else:
        for section, table in document.items():
            if isinstance(table, dict):
                for name, value in table.items():
                    place = f"{file}, line {_line_of(text, section, name)}"
                    merge.put(f"{section}.{name}", value, "file", place)
            else:
                place = f"{file}, line {_line_of(text, '', section)}"
                merge.put(section, table, "file", place)


def _line_of(text: str, section: str, name: str) -> int:
    """The 1-based line where a key is set; that of its table where it cannot be told."""
    table, best = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\[?\s*([^\[\]]+?)\s*\]", line):
            table = header[1].strip("\"'")
            best = number if table.partition(".")[0] == section else best
            if table == f"{section}.{name}":
                return number
        elif (found := re.match(r"\s*([\w.\"'-]+?)\s*=", line)) and (
            (table == section and found[1].strip("\"'") == name)
            or (not table and found[1] == f"{section}.{name}")
        ):
            return number
    return best


def _read_credentials(folder: Path, merge: _Merge) -> None:
    """Files named ``section_key`` or ``section.key``; others are for somebody else."""
    for key in keys():
        for name in (key, key.replace(".", "_")):
            file = folder / name
            try:
                # An empty one is how a unit says that there may be none.
                if file.is_file() and (text := file.read_text("utf-8").strip()):
                    merge.put(key, _parsed(key, text), "credentials", f"credential {name}")
            except (OSError, ValueError):
                merge.problems.append(f"{key}: the credential {file} cannot be read as text")


def _read_environment(environ: Mapping[str, str], merge: _Merge) -> None:
    for variable, text in sorted(environ.items()):
        if not _is_setting(variable):
            continue
        key = variable.removeprefix(PREFIX).lower().replace("__", ".", 1)
        try:
            value = _parsed(key, text)
        except ValueError:
            merge.problems.append(
                f"{key} = {_spelled(masked(key, text))} (environment {variable}): "
                f"must be JSON, such as {_example(key)}"
            )
        else:
            merge.put(key, value, "environment", f"environment {variable}")


def _is_setting(variable: str) -> bool:
    """Whether a setting is meant: by the double underscore, or by a section in front of one.

    Other programs may have variables of their own that begin like ours.
    """
    if not variable.startswith(PREFIX) or variable in NOT_SETTINGS:
        return False
    name = variable.removeprefix(PREFIX).lower()
    return "__" in name or name.startswith(tuple(f"{section}_" for section in Config.model_fields))


def _parsed(key: str, text: str) -> Any:
    """Lists and tables are JSON, everything else is the text itself."""
    return json.loads(text) if _container(key) else text


def _container(key: str) -> type | None:
    """tuple or dict for keys that hold more than one value."""
    for section, name, info in _fields():
        if f"{section}.{name}" == key:
            return next(
                (kind for kind in (tuple, dict) if get_origin(info.annotation) is kind), None
            )
    return None


def _example(key: str) -> str:
    return '{"name": 1}' if _container(key) is dict else '[1] or ["a"]'
