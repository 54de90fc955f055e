"""What is too long to be done is kept whole, and the reply says what was not done."""

from __future__ import annotations

import pytest

from tests.fakes.desk import Desk, reply_of

ITEMS = ", ".join(f"item{number}" for number in range(500))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"shopping: {ITEMS}", "no to-do was added"),
        (f"buy {ITEMS}", "no to-do was added"),
        ("remind me tomorrow at 9 to " + "x" * 20_000, "no reminder was set"),
    ],
)
async def test_a_long_text_is_kept_and_the_reply_says_what_was_not_done(
    text: str, said: str
) -> None:
    async with Desk().open() as there:
        job = await there.say(text)
        assert said in reply_of(job).text
        assert [data.decode() for data in there.vault.files.values()] == [text]


async def test_a_long_thought_is_just_kept() -> None:
    text = "It was a long day and nothing in it was special at all. " * 40
    async with Desk().open() as there:
        job = await there.say(text.strip())
        assert reply_of(job).text.startswith("Saved: ")
        assert "\n" not in reply_of(job).text
