"""How often something comes is said in the language of the reply; the note has it in English."""

from __future__ import annotations

import pytest

from tests.fakes.desk import Desk, reply_of


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("jeden Donnerstag die Blumen gießen", "jede Woche am Donnerstag"),
        ("cada jueves regar las plantas", "cada semana el jueves"),
        ("chaque jeudi arroser les plantes", "chaque semaine le jeudi"),
        ("ogni giovedì annaffiare le piante", "ogni settimana il giovedì"),
        ("каждый четверг полить цветы", "каждую неделю в четверг"),
        ("每周四浇花", "每周的周四"),
        ("every Thursday water the plants", "every week on Thursday"),
    ],
)
async def test_a_receipt_and_the_line_in_the_note(said: str, words: str) -> None:
    desk = Desk()
    async with desk.open():
        reply = reply_of(await desk.say(said))
    assert words in reply.text
    assert "🔁 every week on Thursday" in desk.notes()["Tasks.md"]


async def test_a_reminder_tells_it_when_it_is_set_and_in_the_list() -> None:
    desk = Desk()
    async with desk.open():
        receipt = reply_of(await desk.say("erinnere mich jeden Donnerstag um 8 an die Tonne"))
        listed = reply_of(await desk.say("zeig mir meine Erinnerungen"))
        (kept,) = await desk.reminders.armed()
    assert "Wiederholung: jede Woche am Donnerstag" in receipt.text
    assert "🔁 jede Woche am Donnerstag" in listed.text
    assert kept.repeat == "every week on Thursday"


async def test_what_is_asked_and_what_is_corrected_speaks_the_language() -> None:
    desk = Desk()
    async with desk.open():
        asked = reply_of(await desk.say("zweimal im Monat Auto waschen"))
        await desk.say("jeden Donnerstag die Blumen gießen")
        changed = reply_of(await desk.say("nein, jeden Freitag"))
    assert any("alle 2 Wochen" in button.label for button in asked.buttons)
    assert "jede Woche am Donnerstag → jede Woche am Freitag" in changed.text
