"""Whatever stands in a configuration: it loads, or every mistake is named. Nothing else happens."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octopus.config import MASK, Config, keys, load, masked
from octopus.errors import ConfigError

#: Slow machines run these too.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

KEYS = keys()
EXAMPLE = (Path(__file__).parent.parent / "config.example.toml").read_text(encoding="utf-8")

scalars = st.one_of(
    st.booleans(), st.integers(-(2**40), 2**40), st.floats(), st.text(max_size=20), st.none()
)
values = st.one_of(
    scalars, st.lists(scalars, max_size=3), st.dictionaries(st.text(max_size=5), scalars)
)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@CALM
@given(flags=st.dictionaries(st.sampled_from(KEYS), values, max_size=6))
def test_flags_of_any_type(flags: dict[str, Any]) -> None:
    try:
        loaded = load(None, flags, {"HOME": "/nowhere"})
    except ConfigError as error:
        for problem in error.problems:
            assert problem.partition(" = ")[0].partition("[")[0] in flags
            assert "(flag): must be " in problem
    else:
        json.dumps(loaded.show())
        given_ones = {key for key, value in flags.items() if value is not None}
        assert {key for key, origin in loaded.origins.items() if origin == "flag"} == given_ones


@CALM
@given(environ=st.dictionaries(st.sampled_from(KEYS), texts, max_size=6))
def test_environment_of_any_text(environ: dict[str, str]) -> None:
    variables = {f"OCTOPUS_{key.upper().replace('.', '__')}": v for key, v in environ.items()}
    try:
        loaded = load(None, {}, {"HOME": "/nowhere", **variables})
    except ConfigError as error:
        for problem in error.problems:
            assert problem.partition(" = ")[0].partition("[")[0] in environ
            assert "(environment OCTOPUS_" in problem
    else:
        for key in environ:
            assert loaded.origins[key] == "environment"


@CALM
@given(
    name=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", max_size=30)
    | st.builds("{}_{}".format, st.sampled_from(["HTTP", "VAULT", "X_"]), st.text("ABC_"))
)
def test_variables_of_any_name(name: str) -> None:
    known = {f"{key.upper().replace('.', '__')}" for key in KEYS} | {"CONFIG", "CRASH_AT"}
    sections = tuple(f"{section.upper()}_" for section in Config.model_fields)
    if name in known:
        return
    if "__" not in name and not name.startswith(sections):
        load(None, {}, {"HOME": "/nowhere", f"OCTOPUS_{name}": "1"})  # somebody else's
        return
    with pytest.raises(ConfigError) as caught:
        load(None, {}, {"HOME": "/nowhere", f"OCTOPUS_{name}": "1"})
    (problem,) = caught.value.problems
    assert f"OCTOPUS_{name})" in problem
    assert "no such setting" in problem


@CALM
@given(data=st.binary(max_size=200))
def test_files_of_any_bytes(folder: Path, data: bytes) -> None:
    file = folder / "bytes.toml"
    file.write_bytes(data)
    try:
        load(file, {}, {"HOME": "/nowhere"})
    except ConfigError as error:
        wrong = [problem for problem in error.problems if str(file) not in problem]
        assert wrong == []


@settings(CALM, max_examples=300)
@given(seed=st.integers(0, 2**32))
def test_the_example_with_a_slip_of_the_hand(folder: Path, seed: int) -> None:
    """One character of the example added, dropped or changed: mended in the head, or named."""
    chance = random.Random(seed)
    at = chance.randrange(len(EXAMPLE))
    middle = chance.choice(["", chance.choice("=[]\"'x1.\n#,-{}")])
    drop = chance.choice([0, 1]) if middle else 1
    file = folder / "slip.toml"
    file.write_text(EXAMPLE[:at] + middle + EXAMPLE[at + drop :], encoding="utf-8")
    try:
        load(file, {}, {"HOME": "/nowhere"})
    except ConfigError as error:
        for problem in error.problems:
            assert str(file) in problem
            assert "line " in problem or "end of document" in problem


@CALM
@given(secret=st.from_regex(r"[1-9][0-9]{7,9}:[A-Za-z0-9_-]{35}", fullmatch=True), around=texts)
def test_a_token_is_never_shown(secret: str, around: str) -> None:
    for key in ("telegram.token", "telegram.tokn", "tele.gram", "owner.name", "ollama.url"):
        for value in (secret, f" {secret} ", [secret], {"a": secret}):
            with_flags = {key: value, "http.port": -1}
            with pytest.raises(ConfigError) as caught:
                load(None, with_flags, {"HOME": "/nowhere"})
            assert secret not in str(caught.value)
    assert secret not in str(masked("any.key", f"{around} {secret} {around}"))


@CALM
@given(user=st.from_regex(r"[a-z]{1,8}", fullmatch=True), password=texts)
def test_passwords_in_addresses_are_masked(user: str, password: str) -> None:
    word = "".join(password.split()).replace("/", "").replace("@", "")
    shown = masked("ollama.url", f"http://{user}:{word}@host:11434/x")
    assert shown == f"http://{MASK}@host:11434/x"
