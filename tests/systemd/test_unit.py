"""The units: sound, hardened, and in accord with what Octopus reads."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from octopus.config import load

FOLDER = Path(__file__).parent.parent.parent / "systemd"
UNITS = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*.service")}
OF_THE_MACHINE = ["octopus.service", "octopus@.service"]

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def settings(name: str) -> dict[str, list[str]]:
    found = defaultdict(list)
    for line in UNITS[name].read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found[key].append(value)
    return found


def environment(name: str) -> dict[str, str]:
    return dict(value.split("=", 1) for value in settings(name)["Environment"])


def test_three_units() -> None:
    assert set(UNITS) == {*OF_THE_MACHINE, "user/octopus.service"}


@pytest.mark.parametrize("name", UNITS)
class TestEveryUnit:
    def test_life(self, name: str) -> None:
        found = settings(name)
        assert found["Type"] == ["notify"]
        assert found["WatchdogSec"] == ["60"]
        assert found["Restart"] == ["always"]
        assert found["RestartPreventExitStatus"] == ["78"]
        assert found["TimeoutStopSec"] == ["20"]
        assert found["StartLimitBurst"]
        assert found["UMask"] == ["0077"]
        assert found["ExecStart"][0].endswith("/octopus run")

    def test_core_dumps_hold_secrets(self, name: str) -> None:
        assert settings(name)["LimitCORE"] == ["0"]

    def test_it_says_what_to_change(self, name: str) -> None:
        head = UNITS[name].read_text(encoding="utf-8").partition("[Unit]")[0]
        assert "CHANGE" in head
        assert "OCTOPUS_VAULT__PATH" in head

    def test_variables_are_settings_of_ours(self, name: str, tmp_path: Path) -> None:
        given = environment(name)
        if "OCTOPUS_CONFIG" in given:
            given["OCTOPUS_CONFIG"] = os.devnull
        loaded = load(None, {}, {"HOME": str(tmp_path), **given})
        assert loaded.origins["vault.path"] == "environment"

    def test_credential_is_read_by_octopus(self, name: str, tmp_path: Path) -> None:
        credential = settings(name)["LoadCredential"][0].partition(":")[0]
        (tmp_path / credential).write_text("12345:abc\n")
        environ = {"HOME": str(tmp_path), "CREDENTIALS_DIRECTORY": str(tmp_path)}
        token = load(None, {}, environ).config.telegram.token
        assert token.get_secret_value() == "12345:abc"

    def test_a_missing_token_is_no_failure(self, name: str, tmp_path: Path) -> None:
        """Where the file is missing systemd passes on the credential that is set in the unit."""
        credential, _, value = settings(name)["SetCredential"][0].partition(":")
        assert settings(name)["LoadCredential"][0].startswith(f"{credential}:")
        (tmp_path / credential).write_text(value.encode().decode("unicode_escape"))
        environ = {"HOME": str(tmp_path), "CREDENTIALS_DIRECTORY": str(tmp_path)}
        assert load(None, {}, environ).origins["telegram.token"] == "default"


@pytest.mark.parametrize("name", OF_THE_MACHINE)
def test_the_vault_is_seen_and_the_rest_of_home_is_not(name: str) -> None:
    found = settings(name)
    assert found["BindPaths"] == [environment(name)["OCTOPUS_VAULT__PATH"]]
    assert found["ProtectHome"] == ["tmpfs"]
    assert found["ProtectSystem"] == ["strict"]


@pytest.mark.parametrize("name", OF_THE_MACHINE)
def test_state_folder_is_found(name: str, tmp_path: Path) -> None:
    folder = "/var/lib/" + settings(name)["StateDirectory"][0].replace("%i", "ada")
    loaded = load(None, {}, {"HOME": str(tmp_path), "STATE_DIRECTORY": folder})
    assert loaded.config.state.path == Path(folder)


def test_instances_share_nothing() -> None:
    found = settings("octopus@.service")
    for key in ("User", "StateDirectory", "LoadCredential", "BindPaths"):
        assert all("%i" in value for value in found[key]), key
    assert "%i" in environment("octopus@.service")["OCTOPUS_CONFIG"]


def copied(name: str, folder: Path) -> Path:
    """The unit with a program that exists here; a template as an instance."""
    text = re.sub(r"(?m)^ExecStart=.*", "ExecStart=/bin/true", UNITS[name].read_text())
    target = folder / Path(name).name.replace("@.", "@ada.")
    target.write_text(text)
    return target


@needs_systemd
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong(name: str, tmp_path: Path) -> None:
    unit = copied(name, tmp_path)
    manager = ["--user"] if name.startswith("user/") else []
    done = subprocess.run(
        ["systemd-analyze", *manager, "verify", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)},
    )
    about_us = [line for line in done.stderr.splitlines() if "octopus" in line]
    assert (done.returncode, about_us) == (0, []), done.stderr


@needs_systemd
@pytest.mark.parametrize("name", OF_THE_MACHINE)
def test_exposure(name: str, tmp_path: Path) -> None:
    """At most 1.5 of 10; a unit without hardening has more than 9."""
    unit = copied(name, tmp_path)
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=15", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Overall exposure level" in done.stdout, done.stderr
    assert done.returncode == 0, done.stdout
