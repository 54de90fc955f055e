"""Hours with an end: they begin at the time, and the text keeps what was said of the end."""

from __future__ import annotations

import pytest

from tests.language.reading import say

BEGUN = [  # heard on Friday 20 November 2026 at 09:30
    ("en", "meeting with HR thursday 3-4pm", "2026-11-26T15:00", "meeting with HR 3-4pm"),
    ("en", "meeting thursday from 3 to 4pm", "2026-11-26T15:00", "meeting from 3 to 4pm"),
    ("en", "meeting thursday 15:00-16:00", "2026-11-26T15:00", "meeting 15:00-16:00"),
    ("en", "meeting tomorrow 3pm-4pm", "2026-11-21T15:00", "meeting 3pm-4pm"),
    ("en", "meeting tomorrow 3:30-4:15pm", "2026-11-21T15:30", "meeting 3:30-4:15pm"),
    ("en", "meeting tomorrow 3 - 4 pm", "2026-11-21T15:00", "meeting 3 - 4 pm"),
    ("en", "meeting tomorrow from 10 to 11am", "2026-11-21T10:00", "meeting from 10 to 11am"),
    ("en", "meeting tomorrow 11-1pm", "2026-11-21T11:00", "meeting 11-1pm"),
    ("en", "meeting tomorrow 9-12pm", "2026-11-21T09:00", "meeting 9-12pm"),
    ("en", "party tomorrow 10-2am", "2026-11-21T22:00", "party 10-2am"),
    ("en", "party tomorrow 10pm-2am", "2026-11-21T22:00", "party 10pm-2am"),
    ("de", "Treffen Donnerstag 15-16 Uhr", "2026-11-26T15:00", "Treffen 15-16 Uhr"),
    ("de", "Treffen morgen von 15 bis 16 Uhr", "2026-11-21T15:00", "Treffen von 15 bis 16 Uhr"),
    ("es", "reunión mañana de 3 a 4 de la tarde", "2026-11-21T15:00", None),
    ("fr", "réunion jeudi de 15h à 16h", "2026-11-26T15:00", None),
    ("fr", "réunion jeudi 15h-16h", "2026-11-26T15:00", "réunion 15h-16h"),
    ("it", "riunione giovedì 15:00-16:00", "2026-11-26T15:00", "riunione 15:00-16:00"),
    ("pt", "reunião quinta das 15h às 16h", "2026-11-26T15:00", "reunião das 15h às 16h"),
    ("ru", "встреча в четверг с 15:00 до 16:00", "2026-11-26T15:00", "встреча с 15:00 до 16:00"),
    ("uk", "зустріч у четвер з 15:00 до 16:00", "2026-11-26T15:00", "зустріч з 15:00 до 16:00"),
    ("zh", "周四15:00-16:00开会", "2026-11-26T15:00", None),
]


@pytest.mark.parametrize(("language", "text", "at", "kept"), BEGUN)
def test_hours_ring_when_they_begin_and_are_kept_as_said(
    language: str, text: str, at: str, kept: str | None
) -> None:
    meaning = say(text, language=language)
    assert str(meaning.args.get("at"))[:16] == at
    assert kept is None or meaning.args["text"] == kept
    assert "16" in meaning.args["text"] or "4" in meaning.args["text"] or kept


def test_a_week_later_the_hours_are_the_same() -> None:
    meaning = say("gym every monday 3-4pm")
    assert (meaning.args["at"][:16], meaning.args["text"]) == ("2026-11-23T15:00", "gym 3-4pm")
    assert meaning.args["repeat"] == "every week on Monday"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "every hour from 9am to 5pm drink water"),
        ("en", "remind me from 9am to 5pm every day to drink"),
        ("uk", "зустріч у четвер з 15 до 16"),
        ("ru", "встреча в четверг с 15 до 16"),
    ],
)
def test_hours_within_which_to_ring_are_asked_about(language: str, text: str) -> None:
    assert say(text, language=language).intent == "clarify"


@pytest.mark.parametrize(
    "text", ["run 5-6 km tomorrow", "sleep 7-8 hours tomorrow", "buy 2-3 apples tomorrow"]
)
def test_amounts_are_no_hours(text: str) -> None:
    meaning = say(text)
    assert meaning.intent == "todo.add"
    assert meaning.args["text"] == text.removesuffix(" tomorrow")


def test_hours_alone_are_an_answer() -> None:
    meaning = say("tomorrow 3-4pm")
    assert (meaning.intent, meaning.args) == ("correct", {"change": "tomorrow 3-4pm"})


def test_quoted_hours_are_text() -> None:
    assert say('print "open 3-4pm" tomorrow').args["text"] == 'print "open 3-4pm"'
