"""Thousands of generated days and times, against a calendar that is counted here by hand."""

from __future__ import annotations

import os
import random
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from octopus.core.meaning import Meaning
from tests.language.reading import BERLIN, say
from tests.language.speech import SPEECH, Speech

FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"
CASES = 20_000 if FULL else 400
MORNING, EVENING = time(9), time(19)

BASES = [
    date(2026, 11, 20),  # an ordinary Friday
    date(2027, 6, 14),
    date(2026, 1, 31),  # month ends
    date(2026, 4, 30),
    date(2027, 2, 28),
    date(2028, 2, 29),
    date(2028, 2, 28),
    date(2027, 3, 28),  # the clocks go forward
    date(2026, 10, 25),  # and back
    date(2027, 3, 27),
    date(2026, 10, 24),
    date(2026, 12, 31),
    date(2027, 1, 1),
]

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Expected = tuple[str, datetime | None, date | None, str | None]  # when, at, due, repeat


def wall(day: date, clock: time) -> datetime:
    """The moment at which a clock on the wall in Berlin shows this; a gap moves it forward."""
    naive = datetime.combine(day, clock)
    moment = naive.replace(tzinfo=BERLIN)
    back = moment.astimezone(UTC).astimezone(BERLIN)
    return back if back.replace(tzinfo=None) != naive else moment


def months_later(day: date, number: int) -> date:
    """The same day number, at most the month's last."""
    year, month = day.year, day.month + number
    while month > 12:
        year, month = year + 1, month - 12
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def coming(day: date, month: int, number: int) -> date | None:
    """The next such date, today or later."""
    for year in range(day.year, day.year + 9):
        if number <= monthrange(year, month)[1] and date(year, month, number) >= day:
            return date(year, month, number)
    return None


class Case:
    """One moment of saying, one language, and dice."""

    def __init__(self, speech: Speech, dice: random.Random) -> None:
        self.speech = speech
        self.dice = dice
        self.today = dice.choice(BASES) if dice.random() < 0.7 else self.any_day()
        self.now = wall(self.today, time(dice.randrange(24), dice.randrange(60)))
        self.today = self.now.date()
        self.clock = time(dice.randrange(13, 24), dice.randrange(60))

    def any_day(self) -> date:
        return date(2026, 1, 1) + timedelta(days=self.dice.randrange(1500))

    def said_clock(self) -> str:
        return self.speech.clock.format(h=self.clock.hour, m=self.clock.minute)

    def joined(self, day: str) -> str:
        gap = "" if self.speech.command.startswith("{when}提") else " "
        return day + gap + self.said_clock()

    def other_day(self) -> date:
        return self.today + timedelta(days=self.dice.randrange(1, 300))

    # each of these says something and knows what it means

    def relative_day(self) -> Expected:
        number = self.dice.randrange(3)
        said = (self.speech.today, self.speech.tomorrow, self.speech.after_tomorrow)[number]
        day = self.today + timedelta(days=number)
        return self.joined(said), wall(day, self.clock), None, None

    def weekday(self) -> Expected:
        number = self.dice.randrange(7)
        day = self.today + timedelta(days=1)
        while day.weekday() != number:
            day += timedelta(days=1)
        return self.joined(self.speech.weekdays[number]), wall(day, self.clock), None, None

    def month_day(self) -> Expected:
        wanted = self.other_day()
        day = coming(self.today, wanted.month, wanted.day)
        assert day is not None
        said = self.speech.date.format(d=wanted.day, month=self.speech.months[wanted.month - 1])
        return self.joined(said), wall(day, self.clock), None, None

    def month_day_year(self) -> Expected:
        day = self.today + timedelta(days=self.dice.randrange(1, 1200))
        said = self.speech.date_year.format(
            d=day.day, month=self.speech.months[day.month - 1], y=day.year
        )
        return self.joined(said), wall(day, self.clock), None, None

    def numeric(self) -> Expected:
        wanted = self.other_day()
        day = coming(self.today, wanted.month, wanted.day)
        assert day is not None
        said = self.speech.numeric.format(d=wanted.day, m=wanted.month)
        return self.joined(said), wall(day, self.clock), None, None

    def minutes(self) -> Expected:
        number = self.dice.randrange(2, 300)
        then = (self.now.astimezone(UTC) + timedelta(minutes=number)).astimezone(BERLIN)
        return self.speech.in_minutes.format(n=number), then, None, None

    def hours(self) -> Expected:
        number = self.dice.randrange(2, 80)
        then = (self.now.astimezone(UTC) + timedelta(hours=number)).astimezone(BERLIN)
        return self.speech.in_hours.format(n=number), then, None, None

    def days(self) -> Expected:
        number = self.dice.randrange(2, 90)
        day = self.today + timedelta(days=number)
        return self.joined(self.speech.in_days.format(n=number)), wall(day, self.clock), None, None

    def weeks(self) -> Expected:
        number = self.dice.randrange(2, 30)
        day = self.today + timedelta(days=7 * number)
        return self.joined(self.speech.in_weeks.format(n=number)), wall(day, self.clock), None, None

    def months(self) -> Expected:
        number = self.dice.randrange(2, 26)
        day = months_later(self.today, number)
        return (
            self.joined(self.speech.in_months.format(n=number)),
            wall(day, self.clock),
            None,
            None,
        )

    def month_end(self) -> Expected:
        day = self.today.replace(day=monthrange(self.today.year, self.today.month)[1])
        return self.joined(self.speech.end_of_month), wall(day, self.clock), None, None

    def no_day(self) -> Expected:
        at = wall(self.today, self.clock)
        if at <= self.now:
            at = wall(self.today + timedelta(days=1), self.clock)
        return self.said_clock(), at, None, None

    def part(self) -> Expected:
        said, clock = self.dice.choice(
            [(self.speech.morning, MORNING), (self.speech.evening, EVENING)]
        )
        gap = "" if self.speech.command.startswith("{when}提") else " "
        day = self.today + timedelta(days=1)
        return self.speech.tomorrow + gap + said, wall(day, clock), None, None

    def every_day(self) -> Expected:
        at = wall(self.today, self.clock)
        if at <= self.now:
            at = wall(self.today + timedelta(days=1), self.clock)
        return self.joined(self.speech.every_day), at, None, "every day"

    def every_weekday(self) -> Expected:
        day = self.today
        while day.weekday() > 4 or wall(day, self.clock) <= self.now:
            day += timedelta(days=1)
        return (
            self.joined(self.speech.every_weekday),
            wall(day, self.clock),
            None,
            "every weekday",
        )

    def every_named(self) -> Expected:
        number = self.dice.randrange(7)
        day = self.today
        while day.weekday() != number or wall(day, self.clock) <= self.now:
            day += timedelta(days=1)
        said = self.joined(self.speech.every_named[number])
        return said, wall(day, self.clock), None, f"every week on {NAMES[number]}"

    def every_n_days(self) -> Expected:
        number = self.dice.randrange(2, 30)
        at = wall(self.today, self.clock)
        if at <= self.now:
            at = wall(self.today + timedelta(days=1), self.clock)
        said = self.joined(self.speech.every_n_days.format(n=number))
        return said, at, None, f"every {number} days"

    def deadline(self) -> Expected:
        if self.now.hour > 21:  # none is ahead: another day's
            return self.no_day()
        hour = self.dice.randrange(max(13, self.now.hour + 1), 24)
        return self.speech.by.format(h=hour), wall(self.today, time(hour)), None, None

    def week_after(self) -> Expected:
        said, weeks = self.dice.choice(
            [(self.speech.week_after, 1), (self.speech.fortnight_after, 2)]
        )
        if not said:
            return self.weekday()
        number = self.dice.randrange(7)
        day = self.today + timedelta(days=1)
        while day.weekday() != number:
            day += timedelta(days=1)
        day += timedelta(days=7 * weeks)
        name = self.speech.weekdays[number].removeprefix("on ")
        return self.joined(said.format(day=name)), wall(day, self.clock), None, None


KINDS: list[Callable[[Case], Expected]] = [
    Case.relative_day,
    Case.weekday,
    Case.month_day,
    Case.month_day_year,
    Case.numeric,
    Case.minutes,
    Case.hours,
    Case.days,
    Case.weeks,
    Case.months,
    Case.month_end,
    Case.no_day,
    Case.part,
    Case.every_day,
    Case.every_weekday,
    Case.every_named,
    Case.every_n_days,
    Case.deadline,
    Case.week_after,
]


def _wrong(case: Case, expected: Expected, meaning: Meaning) -> str | None:
    when, at, _, repeat = expected
    found = (meaning.intent, meaning.args.get("at"), meaning.args.get("repeat"))
    text = meaning.args.get("text")
    right = ("reminder.add", at.isoformat() if at else None, repeat)
    if found == right and text == case.speech.task:
        return None
    return f"{when!r} said at {case.now.isoformat()}: {found} {text!r}, should be {right}"


@pytest.mark.parametrize("language", sorted(SPEECH))
def test_generated_times(language: str) -> None:
    speech = SPEECH[language]
    dice = random.Random(f"dates of {language}")
    wrong: list[str] = []
    for number in range(CASES):
        case = Case(speech, dice)
        expected = KINDS[number % len(KINDS)](case)
        text = speech.command.format(when=expected[0], task=speech.task)
        fault = _wrong(case, expected, say(text, case.now, language=language))
        if fault is not None:
            wrong.append(fault)
    assert not wrong, f"{len(wrong)} of {CASES}, the first: " + "\n".join(wrong[:12])


@pytest.mark.parametrize("language", sorted(SPEECH))
def test_generated_times_as_to_dos_of_a_day(language: str) -> None:
    speech = SPEECH[language]
    dice = random.Random(f"days of {language}")
    wrong: list[str] = []
    for number in range(CASES // 4):
        case = Case(speech, dice)
        day = case.today + timedelta(days=1 + number % 6)
        said = speech.weekdays[day.weekday()]
        gap = "" if language == "zh" else " "
        meaning = say(f"{said}{gap}{speech.task}", case.now, language=language)
        if (meaning.intent, meaning.args.get("due")) != ("todo.add", day.isoformat()):
            wrong.append(f"{said} {case.now}: {meaning}")
    assert not wrong, "\n".join(wrong[:8])


def _coming(case: Case, clock: time) -> datetime:
    at = wall(case.today, clock)
    return at if at > case.now else wall(case.today + timedelta(days=1), clock)


@pytest.mark.parametrize("language", sorted(SPEECH))
def test_generated_pairs_of_times_and_wishes_to_be_nagged(language: str) -> None:
    speech = SPEECH[language]
    dice = random.Random(f"pairs of {language}")
    wrong: list[str] = []
    for _ in range(CASES // 4):
        case = Case(speech, dice)
        early, late, minutes = dice.randrange(6, 13), dice.randrange(13, 24), dice.randrange(2, 60)
        when = speech.two_times.format(h1=early, h2=late)
        text = speech.command.format(when=when, task=speech.task)
        nagged = dice.random() < 0.5
        if nagged:
            text += (
                speech.nag.format(n=minutes)
                if language == "zh"
                else " " + speech.nag.format(n=minutes)
            )
        meaning = say(text, case.now, language=language)
        both = sorted(_coming(case, time(hour)) for hour in (early, late))
        found = [meaning.args.get("at"), *meaning.args.get("also", ())]
        right = found == [at.isoformat() for at in both]
        kept = meaning.args.get("text") == speech.task
        if not (right and kept and meaning.args.get("nag") == (minutes if nagged else None)):
            wrong.append(f"{text!r} said at {case.now.isoformat()}: {meaning}")
    assert not wrong, f"{len(wrong)} wrong, the first: " + "\n".join(wrong[:8])


@pytest.mark.parametrize("language", sorted(SPEECH))
def test_generated_amounts_that_no_calendar_has(language: str) -> None:
    speech = SPEECH[language]
    dice = random.Random(f"amounts of {language}")
    for number in range(CASES // 20):
        case = Case(speech, dice)
        too_far = [speech.in_days, speech.in_weeks, speech.in_months, speech.every_n_days]
        amount = dice.randrange(10**9, 10 ** dice.randrange(10, 40))
        if number % 2:
            when = dice.choice(too_far).format(n=amount)
        else:
            when = speech.never.format(n=dice.randrange(1, 10**6))
        text = speech.command.format(when=when, task=speech.task)
        meaning = say(text, case.now, language=language)
        assert meaning.intent == "clarify", text
        assert any(text in str(option.args["text"]) for option in meaning.options)
