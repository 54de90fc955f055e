"""What is on: gathered from to-dos, reminders, calendars and daily notes, told day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.agenda import Agenda, Appointment, Day, Schedule, Sources, arrange
from octopus.core.reminder import Reminder
from octopus.core.todo import Todo
from octopus.frontends.telegram.render import parts
from octopus.handlers.agenda import MOST_DAYS, rings
from octopus.language.agenda import MOST, told
from octopus.language.lexicon import languages
from tests.fakes.desk import Desk, reply_of
from tests.fakes.ports import FakeCalendars

TODAY = date(2026, 11, 20)
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 12, tzinfo=BERLIN)


def at(hour: int, day: int = 20, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def meeting(title: str, hour: int = 10, day: int = 20, place: str = "") -> Appointment:
    when = date(2026, 11, day)
    return Appointment(title, when, when, at(hour, day), at(hour, day, 45), place)


def reminder(text: str, when: datetime, repeat: str | None = None, **more: object) -> Reminder:
    wall = when.replace(tzinfo=None)
    return Reminder(1, text, wall, "UTC", when, "telegram:42", repeat=repeat, **more)  # type: ignore[arg-type]


def todo(text: str, due: date | None = None, line: int = 1) -> Todo:
    return Todo("T.md", line, " ", open=True, text=text, description=text, due=due)


TASKS = """- [ ] buy milk 📅 2026-11-20
- [ ] pay the rent 📅 2026-11-16
- [x] done already 📅 2026-11-20 ✅ 2026-11-20
- [ ] write the report ⏳ 2026-11-21 📅 2026-11-27
- [ ] some day
- [ ] call Ann ⏰ 2026-11-20 18:00
"""


# Through the whole house.


async def test_everything_of_one_day() -> None:
    desk = Desk({"Tasks.md": TASKS.encode(), "2026-11-20.md": b"# 2026-11-20\n## Plan\n## Log\n"})
    desk.calendars.appointments = (
        Appointment("Trip", date(2026, 11, 19), date(2026, 11, 22)),
        meeting("Dentist", 14, place="Main St"),
        meeting("Tomorrow's", day=21),
    )
    desk.reminders.rows[1] = reminder("take pills", at(13))
    async with desk.open():
        job = await desk.say("what's on today?")
    assert job.intent == "agenda"
    assert reply_of(job).text == (
        "Today, Fri 20 Nov\n"
        "• Trip (until Sun 22 Nov)\n"
        "13:00 ⏰ take pills\n"
        "14:00–14:45 Dentist, Main St\n"
        "1. ☐ call Ann · 18:00\n"
        "2. ☐ buy milk\n"
        "In the note: Plan, Log\n"
        "\n"
        "Overdue\n"
        "3. ☐ pay the rent · Mon 16 Nov"
    )
    assert not reply_of(job).markdown
    assert desk.vault.writes == 0


async def test_a_button_ticks_its_to_do() -> None:
    desk = Desk({"Tasks.md": TASKS.encode()})
    async with desk.open():
        job = await desk.say("/agenda")
        labels = [button.label for button in reply_of(job).buttons]
        assert labels == ["☐ 1. call Ann", "☐ 2. buy milk", "☐ 3. pay the rent"]
        await desk.press(job, 2)
    assert "- [x] pay the rent 📅 2026-11-16 ✅ 2026-11-20\n" in desk.notes()["Tasks.md"]


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("what's on tomorrow?", "2026-11-21", "2026-11-21"),
        ("what's on next week?", "2026-11-23", "2026-11-29"),
        ("what's on this weekend", "2026-11-21", "2026-11-22"),
        ("agenda for next month", "2026-12-01", "2026-12-31"),
        ("/agenda", "2026-11-20", "2026-11-20"),
        ("/agenda next week", "2026-11-23", "2026-11-29"),
        ("/agenda 2026-12-24", "2026-12-24", "2026-12-24"),
        ("Was steht nächste Woche an?", "2026-11-23", "2026-11-29"),
        ("что у меня на завтра", "2026-11-21", "2026-11-21"),
        ("下周有什么安排", "2026-11-23", "2026-11-29"),
    ],
)
async def test_the_days_that_were_meant(said: str, first: str, last: str) -> None:
    desk = Desk()
    async with desk.open():
        job = await desk.say(said)
    assert desk.calendars.asked == [(date.fromisoformat(first), date.fromisoformat(last))]
    assert job.intent == "agenda"


async def test_nothing_is_said_in_the_language_of_the_question() -> None:
    desk = Desk()
    async with desk.open():
        assert reply_of(await desk.say("what's on tomorrow?")).text == (
            "Nothing is planned: tomorrow, Sat 21 Nov."
        )
        reply = reply_of(await desk.say("what's on next week?"))
    assert reply.text == "Nothing is planned: Mon 23 Nov – Sun 29 Nov."


async def test_only_days_that_hold_something() -> None:
    desk = Desk({"Tasks.md": TASKS.encode()})
    desk.calendars.appointments = (meeting("Dentist", 9, day=24),)
    async with desk.open():
        reply = reply_of(await desk.say("what's on next week?"))
    assert reply.text == ("Tue 24 Nov\n09:00–09:45 Dentist\n\nFri 27 Nov\n1. ☐ write the report")


async def test_a_bad_calendar_takes_nothing_down() -> None:
    desk = Desk({"Tasks.md": TASKS.encode()})
    desk.calendars.faults = ("work.ics cannot be read: it is cut off",)
    async with desk.open():
        text = reply_of(await desk.say("what's on today?")).text
        assert "buy milk" in text
        (part,) = parts(text, markdown=True)
        assert "Calendar: work.ics cannot be read: it is cut off" in part.text


async def test_a_format_that_leads_out_of_the_vault_takes_nothing_down() -> None:
    settings = b'{"format": "[../..]/YYYY"}'
    desk = Desk({".obsidian/daily-notes.json": settings, "Tasks.md": TASKS.encode()})
    async with desk.open():
        assert "buy milk" in reply_of(await desk.say("what's on today?")).text


@pytest.mark.parametrize("args", [{"date": "soon"}, {"date": "2026-02-30"}, {"to": "x"}])
async def test_a_day_that_is_none(args: dict[str, str]) -> None:
    desk = Desk()
    async with desk.open():
        assert "which day" in reply_of(await desk.act("agenda", **args)).text
        assert "which day" in reply_of(await desk.say("/agenda gibberish here")).text


async def test_a_year_is_cut() -> None:
    desk = Desk()
    async with desk.open():
        reply = reply_of(await desk.act("agenda", date="2026-01-01", to="2026-12-31"))
        assert f"first {MOST_DAYS} days" in reply.text
        await desk.act("agenda", date="9999-12-31", to="9999-12-31")
    assert desk.calendars.asked[0][1] == date(2026, 3, 3)


# Foreign words.


def one(*appointments: Appointment, todos: tuple[Todo, ...] = ()) -> Agenda:
    sources = Sources(todos, (), Schedule(tuple(appointments)))
    return arrange(sources, TODAY, TODAY, NOW)


EVIL = [
    "see https://evil.example/x?q=1 now",
    "[click](https://evil.example)",
    "![x](http://evil.example/a.png)",
    "`code` evil.example `more`",
    "**bold** _it_ ~~x~~ <b>y</b> evil.example",
    "tg://resolve?domain=evil",
    "| a | b | evil.example",
    "1. evil.example",
    "# evil.example",
    "mailto:a@evil.example $x$",
]


@pytest.mark.parametrize("title", EVIL)
def test_addresses_of_others_are_no_links(title: str) -> None:
    mine = todo("*my* own_word 1. and [[Lena]]", TODAY)
    text = told(one(meeting(title), todos=(mine,)), "en")
    assert text.markdown
    (part,) = parts(text.text, markdown=True)
    assert {entity["type"] for entity in part.entities} == {"code"}
    assert "1. ☐ *my* own_word 1. and Lena" in part.text
    covered = "".join(
        part.text.encode("utf-16-le")[
            2 * each["offset"] : 2 * (each["offset"] + each["length"])
        ].decode("utf-16-le")
        for each in part.entities
    )
    assert "evil" in covered


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_words_are_shown_as_they_are(title: str, place: str) -> None:
    words = "".join(c for c in title if c.isprintable()).strip() or "x"
    text = told(one(meeting(f"{words} evil.example", place=place.replace("\n", " "))), "en")
    for part in parts(text.text, markdown=text.markdown):
        assert not {entity["type"] for entity in part.entities} - {"code"}
    plain = told(one(meeting("nothing odd *at* all_")), "en")
    assert "nothing odd *at* all_" in plain.text
    assert not plain.markdown


def test_the_same_event_many_times_is_told_three_times() -> None:
    alike = [meeting("Blink", hour) for hour in range(20)]
    text = told(one(*alike, meeting("Dentist", 9)), "en").text
    assert text.count("Blink") == 3
    assert "02:00–02:45 Blink (17 more)" in text
    assert "Dentist" in text


def test_very_many_of_a_kind_are_cut() -> None:
    many = tuple(todo(f"t{n}", TODAY, n) for n in range(1, 80))
    text = told(one(todos=many), "en").text
    assert len(text.splitlines()) == MOST + 1
    assert text.endswith("55 more")


def test_one_that_goes_on_from_yesterday() -> None:
    night = Appointment("Night shift", date(2026, 11, 19), TODAY, at(22, 19), at(6))
    assert "• Night shift" in told(one(night), "en").text


@pytest.mark.parametrize("language", [*languages(), "xx", "pt-BR"])
def test_in_every_language(language: str) -> None:
    assert "Dentist" in told(one(meeting("Dentist")), language).text
    empty = Agenda(TODAY, (Day(TODAY), Day(TODAY + timedelta(days=1))))
    assert told(empty, language).text


# How it is put together.


def test_a_to_do_is_told_once() -> None:
    twice = Todo(
        "T.md",
        1,
        " ",
        open=True,
        text="a",
        description="a",
        due=date(2026, 11, 22),
        scheduled=TODAY,
        remind_at=datetime(2026, 11, 21, 9),  # noqa: DTZ001 - the owner's wall clock
    )
    found = arrange(Sources([twice]), TODAY, TODAY + timedelta(days=5), NOW)
    assert [day.day for day in found.days if day.todos] == [TODAY]


def test_an_alarm_of_a_to_do_is_told_with_it() -> None:
    mine = todo("call Ann", TODAY)
    rings_ = reminder("call Ann", at(18), path="T.md", todo="call Ann")
    other = reminder("call Bob", at(19), path="T.md", todo="call Bob")
    (day,) = arrange(Sources([mine], [rings_, other]), TODAY, TODAY, NOW).days
    assert day.todos == (mine,)
    assert day.reminders == (other,)


def test_overdue_only_where_today_is() -> None:
    late = todo("late", TODAY - timedelta(days=1))
    assert arrange(Sources([late]), TODAY, TODAY, NOW).overdue == (late,)
    tomorrow = TODAY + timedelta(days=1)
    assert not arrange(Sources([late]), tomorrow, tomorrow, NOW)


def test_the_owners_zone_says_on_which_day_it_rings() -> None:
    late = reminder("x", at(23, minute=30))
    found = arrange(Sources((), [late]), TODAY, TODAY + timedelta(days=1), NOW)
    assert [len(day.reminders) for day in found.days] == [0, 1]


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        (None, [20]),
        ("every day", [20, 21, 22, 23, 24, 25, 26, 27]),
        ("every week on Monday, Friday", [20, 23, 27]),
        ("every 3 days", [20, 23, 26]),
        ("every 10 minutes", [20]),
        ("every week when done", [20]),
        ("nonsense", [20]),
    ],
)
def test_reminders_come_again(repeat: str | None, days: list[int]) -> None:
    found = rings([reminder("pills", at(9), repeat)], TODAY, date(2026, 11, 27), UTC)
    assert [each.at.day for each in found] == days
    assert {each.local.hour for each in found} == {9}


def test_reminders_come_again_far_ahead() -> None:
    day = date(2030, 1, 1)
    found = rings([reminder("pills", at(9), "every day")], day, day, UTC)
    assert [f"{each.at:%Y-%m-%d}" for each in found] == ["2026-11-20", "2030-01-01"]


async def test_the_double_of_the_calendars_answers_as_the_port_does() -> None:
    calendars = FakeCalendars(meeting("a"), meeting("b", day=21), faults=("x",))
    found = await calendars.between(TODAY, TODAY, UTC)
    assert [each.title for each in found.appointments] == ["a"]
    assert found.faults == ("x",)
