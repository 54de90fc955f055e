"""What the middle says by itself is said in the owner's language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from octopus.app.owner import house
from octopus.config import Config
from octopus.core.handler import House
from octopus.core.job import State
from octopus.core.message import Kind
from octopus.core.wording import ENGLISH, english
from octopus.errors import VaultUnavailable
from octopus.language.catalogue import catalogue
from tests.fakes.desk import Desk, reply_of


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_the_words_without_a_catalogue_are_those_of_the_english_one(key: str) -> None:
    assert catalogue("en")[key] == ENGLISH[key]


def test_an_unknown_sentence_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        english("en", "nothing.of.it")


def config(folder: Path, language: str) -> Config:
    (folder / "vault").mkdir(exist_ok=True)
    return Config.model_validate(
        {
            "owner": {"language": language, "timezone": "Europe/Berlin"},
            "vault": {"path": str(folder / "vault")},
            "state": {"path": str(folder / "state")},
            "ollama": {"url": "http://127.0.0.1:9"},
        }
    )


async def _failing(house: Desk) -> None:
    async def fail(*_: Any) -> None:
        raise OSError("the disk is odd")

    house.vault.write = fail  # type: ignore[method-assign,assignment]


async def test_given_up_in_german(tmp_path: Path) -> None:
    settings = house(config(tmp_path, "de"), ("", "Europe/Berlin"))
    async with Desk(house=settings).open() as desk:
        await _failing(desk)
        job = await desk.say("Notiz: Lampe")
    assert job.state is State.DEAD
    assert reply_of(job).text.startswith("Das ist mir nicht gelungen (Auftrag 1")
    assert reply_of(job).buttons[0].label != "Try again"


async def test_waiting_for_the_vault_in_german(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.core.supervisor.WAIT_FOR_VAULT", 0.005)
    settings = house(config(tmp_path, "de"), ("", "Europe/Berlin"))
    desk = Desk(house=settings)
    real, refused = desk.vault.write, 0

    async def write(path: str, data: bytes, expect: str | None) -> None:
        nonlocal refused
        refused += 1
        if refused < 3:
            raise VaultUnavailable("Die Platte ist voll.")
        await real(path, data, expect)

    desk.vault.write = write  # type: ignore[method-assign]
    async with desk.open():
        await desk.say("Notiz: Lampe")
    told = [reply.text for _, reply in desk.journal.told]
    assert told == [
        "Die Platte ist voll. Ich hebe deine Nachricht auf und mache von selbst weiter, "
        "sobald der Vault wieder da ist."
    ]


async def test_a_button_that_means_nothing_is_refused_in_the_owners_language() -> None:
    async with Desk(house=House(language="de")).open() as desk:
        job = await desk.say(kind=Kind.PRESS, press="made-up")
    assert reply_of(job).text == "Dieser Knopf gilt nicht mehr."
