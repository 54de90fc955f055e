"""What is done without words is answered in the language of the words around it."""

from __future__ import annotations

import pytest

from octopus.core.handler import House
from octopus.core.job import Job
from octopus.core.message import Attachment, Origin
from octopus.language.catalogue import say
from tests.fakes.desk import Desk, reply_of
from tests.fakes.ports import NOON

GERMAN = House(language="de")
PICTURE = (Attachment("photo", "p1", unique_id="u1", name="a.jpg"),)


def undo_of(job: Job, language: str) -> int:
    """Where the button to take a change back stands, by its label in this language."""
    labels = [button.label for button in reply_of(job).buttons]
    return labels.index(say(language, "button.undo"))


@pytest.mark.parametrize(
    ("text", "language", "taken_back"),
    [
        ("Notiz: eine Lampe kaufen", "de", "In den Papierkorb gelegt"),
        ("заметка: купить лампу", "ru", "Перемещено в корзину"),
        ("нотатка: купити нову лампу", "uk", "Переміщено до кошика"),
        ("笔记：买一盏灯", "zh", "已移到回收站"),
        ("note: buy a lamp", "en", "Moved to the trash"),
    ],
)
async def test_a_press_is_answered_in_the_language_of_what_shows_the_button(
    text: str, language: str, taken_back: str
) -> None:
    async with Desk().open() as house:
        note = await house.say(text)
        assert reply_of(note).language == language
        pressed = await house.press(note, undo_of(note, language))
    assert taken_back in reply_of(pressed).text


async def test_the_button_of_a_pressed_reply_has_the_language_too() -> None:
    async with Desk({"Lampe.md": b"x\n"}).open() as house:
        question = await house.say("lösche die Notiz Lampe")
        pressed = await house.press(question)
        assert house.vault.files.keys() != {"Lampe.md"}
        again = await house.press(pressed, undo_of(pressed, "de"))
    assert reply_of(again).text.startswith(say("de", "undo.moved", path="Lampe.md"))


async def test_a_button_of_an_older_reply_is_answered_in_the_owners_language() -> None:
    desk = Desk(house=GERMAN)
    async with desk.open() as house:
        note = await house.say("note: buy a lamp")
        number = undo_of(note, "en")
        object.__setattr__(reply_of(note), "language", "")  # as it was kept before
        pressed = await house.press(note, number)
    assert "In den Papierkorb" in reply_of(pressed).text


@pytest.mark.parametrize(
    ("caption", "origin", "language"),
    [
        ("", None, "de"),
        ("the lamp that I want to buy tomorrow", None, "en"),
        ("die Lampe, die ich kaufen will", None, "de"),
        ("the lamp that I want to buy", Origin("user", "Ann", NOON), "de"),
    ],
)
async def test_a_picture_is_kept_in_the_language_of_its_caption(
    caption: str, origin: Origin | None, language: str
) -> None:
    async with Desk({}, {"p1": b"one"}, house=GERMAN).open() as house:
        job = await house.say(caption, attachments=PICTURE, origin=origin)
    assert reply_of(job).text.startswith(say(language, "note.saved", path=""))


async def test_an_edit_is_answered_in_the_language_of_the_new_words() -> None:
    async with Desk().open() as house:
        note = await house.say("nota: comprare una lampada nuova")
        job = await house.edit(note, "nota: comprare due lampade nuove")
    assert reply_of(job).text.startswith("Cambiato in ")
