"""Reads "every second Tuesday" and says it in the words of the Tasks plugin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from octopus.language.dates import last_of_month, month_day, next_weekday, shifted
from octopus.language.scan import Found, Grammar, Piece, Scan

REPEATS = Grammar(
    [
        ("weekdays", "every weekday|weekdays"),
        ("weekdays", "weekdays"),
        ("other_weekday", "every_other weekday"),
        ("other_weekday", "every number weekday|weekdays"),
        ("alternate", "number? weekday other_after"),
        ("other", "number? unit other_after"),
        ("interval", "every number unit"),
        ("interval", "every unit"),
        ("other", "every_other unit"),
        ("never", "every negative unit"),
        ("duration", "every duration"),
        ("rate", "rate"),
        ("number_rate", "every number rate_unit"),
        ("part", "every part"),
        ("part", "every in_part"),
        ("parts", "parts"),
        ("weekend", "every weekend"),
        ("weekends", "weekends"),
        ("often", "twice per_unit"),
        ("often", "number times per_unit"),
        ("often", "every unit number times"),
        ("apart", "every ordinal|ordinal_dot unit"),
        ("first_day", "every ordinal|ordinal_dot unit of? unit"),
        ("alternate", "weekday yes weekday no"),
        ("other", "unit yes unit no"),
        ("day_of", "every dayno? ordinal|ordinal_dot"),
        ("day_of", "every dayno digits"),
        ("day_of", "every_date digits"),
        ("month_day", "every dayno? ordinal|ordinal_dot day_mark? of? unit"),
        ("month_day", "every dayno? digits of? unit"),
        ("month_day", "every_date digits of? unit"),
        ("month_day", "every ordinal|ordinal_dot|digits|number day_mark unit?"),
        ("month_day", "dayno? ordinal|ordinal_dot|digits|number day_mark of? every unit"),
        ("month_day", "ordinal|digits|number day_mark rate"),
        ("month_day", "rate ordinal|digits|number day_mark"),
        ("month_day", "every unit dayno? ordinal|digits|ordinal_dot"),
        ("month_day", "every unit on? the? ordinal|ordinal_dot"),
        ("month_day", "every unit number day_mark"),
        ("month_day", "every interval_of? number unit number day_mark"),
        ("month_day", "rate dayno? ordinal|ordinal_dot"),
        ("month_day", "dayno? ordinal|digits|ordinal_dot of? every unit"),
        ("month_day", "every the? ordinal|ordinal_dot|digits month_of"),
        ("month_last", "last_day of? every unit"),
        ("month_last", "every last_day of? unit?"),
        ("month_last", "every unit on? last_day"),
        ("month_last", "rate on? last_day"),
        ("month_last", "every monthend"),
        ("month_last", "end of? every unit"),
        ("month_last", "every unit monthend"),
        ("nth_weekday", "every ordinal|ordinal_dot weekday of? unit?"),
        ("nth_weekday", "the? ordinal|ordinal_dot weekday of? every unit"),
        ("nth_weekday", "every unit on? the? ordinal|ordinal_dot weekday"),
        ("last_weekday", "every last weekday of? unit?"),
        ("last_weekday", "the? last weekday of? every unit"),
        ("year_day", "every unit on? dayno? ordinal|digits|ordinal_dot of? month"),
        ("year_day", "every unit on? month ordinal|digits"),
        ("year_day", "every unit number month_mark number day_mark"),
        ("year_day", "rate on? dayno? ordinal|digits|ordinal_dot of? month"),
        ("year_day", "rate on? month ordinal|digits"),
        ("year_day", "every ordinal|digits|ordinal_dot of? month"),
        ("year_day", "every month ordinal|digits"),
        ("year_day", "every ordinal|ordinal_dot of? month"),
    ]
)

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_LAST = -1


@dataclass(frozen=True, slots=True)
class Repeat:
    """A recurrence: every ``number`` units, on these weekdays, or this day of the month."""

    unit: str
    number: int = 1
    weekdays: tuple[int, ...] = ()
    day: int | None = None  # of the month, or the n-th of the weekday; -1 is the last
    month: int | None = None
    part: str | None = None  # of the day, where the recurrence names one ("every morning")
    when_done: bool = False
    times: int = 0  # "twice a week": so often in one unit, on days that were not said

    @property
    def names_day(self) -> bool:
        """Whether it says on which days: "every Monday", but not "every week"."""
        return bool(self.weekdays or self.day or self.month or self.unit == "workday")

    @property
    def text(self) -> str:
        """In the words of the Tasks plugin: ``every 2 weeks on Monday``."""
        if self.unit == "workday":
            words = "every weekday" if self.number == 1 else f"every {self.number} weekdays"
        elif self.month is not None:
            words = f"every {_MONTHS[self.month - 1]} on the {_nth(self.day or 1)}"
        else:
            words = (
                f"every {self.unit}" if self.number == 1 else f"every {self.number} {self.unit}s"
            )
            names = ", ".join(_DAY_NAMES[day] for day in self.weekdays)
            if self.day is not None:
                words += f" on the {_nth(self.day)}" + (f" {names}" if names else "")
            elif names:
                words += f" on {names}"
        return words + (" when done" if self.when_done else "")

    def first(self, today: date, *, ahead: bool = True) -> date | None:
        """The first day it falls on; today counts only where its time is still ``ahead``."""
        day: date | None = today if ahead else today + timedelta(days=1)
        for _ in range(366 * 8):
            if day is None or self._fits(day):
                return day
            day = shifted(day, 1, "day")
        return None

    def _fits(self, day: date) -> bool:
        if self.unit == "workday":
            return day.weekday() < 5
        if self.month is not None:
            return day == month_day(day, self.month, self.day or 1)
        if self.weekdays and self.day is not None:
            if day.weekday() != self.weekdays[0]:
                return False
            if self.day == _LAST:
                return (last_of_month(day) - day).days < 7
            return (day.day - 1) // 7 + 1 == self.day
        if self.weekdays:
            return day.weekday() in self.weekdays
        if self.day == _LAST:
            return day == last_of_month(day)
        return self.day is None or day.day == self.day


def _nth(day: int) -> str:
    if day == _LAST:
        return "last"
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def fits(scan: Scan, found: Found) -> bool:
    """False for a day of the month after "every day", and for a number that counts things."""
    unit = found.get("unit") or found.get("rate")
    if found.name.startswith(("month_", "nth_", "last_")) and unit not in (None, "month"):
        return False
    if found.name == "year_day" and unit not in (None, "year"):
        return False
    if found.name == "first_day" and found.get("unit", 1) != "month":
        return False
    if found.name == "day_of" and not (_begins(scan, found) or _ends(scan, found.end)):
        return False
    if found.name == "day_of" and scan.before(found.end, ("every_other",)) is not None:
        return False  # "every second" may be as short as it is said
    if found.name == "interval" and unit == "second" and found.get("number") is None:
        return False  # "every second call"
    last = found.values[-1][0]
    if last in ("digits", "number"):
        return not {edge.kind for edge in scan.edges[found.end]} & _COUNTED
    return True


def _begins(scan: Scan, found: Found) -> bool:
    """True for an ordinal that begins the message: what follows it is what is to be done."""
    ordinal = found.values[-1][0] in ("ordinal", "ordinal_dot")
    opens = ordinal and found.end <= _OPENING and bool(scan.kinds(0) & {"every", "every_date"})
    return opens and found.end < len(scan.tokens) and not scan.kinds(found.end) & _MORE_DAYS


_OPENING = 3  # words of "every 25th"
_MORE_DAYS = {"and", "comma", "weekday", "unit"}


def _ends(scan: Scan, at: int) -> bool:
    """False where a thing follows that is counted: "every 3rd lamp", "every 1st and 3rd"."""
    if at >= len(scan.tokens) or not scan.tokens[at].text.isalpha():
        return not scan.kinds(at) & _COUNTED if at < len(scan.tokens) else True
    kinds, language, word = scan.kinds(at), scan.language, scan.tokens[at].text
    if "and" in kinds:
        return False
    return bool(
        kinds & _WHEN or word in language.words("verbs") or language.longest("filler_start", [word])
    )


_WHEN = {"at", "in_part", "on", "day", "since"}
_COUNTED = {"measure", "unit", "oclock", "ampm", "hour_plus"}


def repeat_of(scan: Scan, piece: Piece) -> Piece:
    """The piece with its recurrence, and with the other weekdays of a list."""
    found = piece.found
    assert found is not None
    repeat = _READERS[found.name](found)
    said = (token.text for token in scan.tokens[piece.start : piece.end])
    spelt = not any(word[0].isdecimal() for word in said)  # figures mean what they say
    if repeat is not None and repeat.unit == "day" and spelt:  # "quinze": both ends count
        weeks = scan.language.data.get("fortnight", {}).get(str(repeat.number))
        repeat = repeat if weeks is None else Repeat("week", int(weeks))
    end = piece.end
    if repeat is not None and repeat.weekdays and repeat.day is None:
        more, end = _more_weekdays(scan, end, repeat.weekdays)
        repeat = replace(repeat, weekdays=tuple(sorted(more)))
    return Piece("repeat", piece.start, end, found, repeat)


def _more_weekdays(scan: Scan, at: int, days: tuple[int, ...]) -> tuple[set[int], int]:
    found = set(days)
    end = at
    while True:
        begin = end
        for edge in scan.edges[begin]:
            if edge.kind in ("comma", "and"):
                begin = edge.end
                break
        for edge in scan.edges[begin]:
            if edge.kind == "every":
                begin = edge.end
                break
        days_here = [e for e in scan.edges[begin] if e.kind in ("weekday", "weekdays")]
        if not days_here or begin == end:
            return found, end
        found.add(days_here[0].value)
        end = days_here[0].end


def _day(found: Found) -> int:
    for kind in ("ordinal", "ordinal_dot", "digits", "number"):
        value = found.get(kind)
        if value is not None:
            return int(value)
    return 1


def _weekday(found: Found) -> int:
    day = found.get("weekday")
    return int(found.get("weekdays") if day is None else day)


def _interval(found: Found) -> Repeat | None:
    number = found.get("number")
    number = 1 if number is None else number
    return Repeat(found.get("unit"), number) if 1 <= number <= 9999 else None


def _duration(found: Found) -> Repeat:
    number, unit = str(found.get("duration")).split()
    return Repeat(unit, int(number))


def _month_day(found: Found) -> Repeat | None:
    unit = found.get("unit") or found.get("rate") or "month"
    day = _day(found)
    return Repeat("month", 1, day=day) if unit == "month" and 1 <= day <= 31 else None


def _apart(found: Found) -> Repeat | None:
    """ "Every third day": as often as every three days."""
    number = _day(found)
    return Repeat(found.get("unit"), number) if number > 1 else None


def _often(found: Found) -> Repeat | None:
    number = 2 if found.get("twice") else found.get("number")
    unit = found.get("per_unit") or found.get("unit")
    return Repeat(unit, times=number) if number > 1 else Repeat(unit)


def _rate(found: Found) -> Repeat:
    number, _, unit = str(found.get("rate")).rpartition(" ")
    return Repeat(unit, int(number or 1))


def _year_day(found: Found) -> Repeat | None:
    month = found.get("month")
    day = _day(found)
    if month is None:  # 每年3月5日
        month, day = found.get("number"), found.get("number", 1)
    fits = month_day(date(2000, 1, 1), month, day) is not None
    return Repeat("year", month=month, day=day) if fits else None


_READERS = {
    "weekdays": lambda found: Repeat("week", weekdays=(_weekday(found),)),
    "other_weekday": lambda found: Repeat(
        "week", found.get("number") or 2, weekdays=(_weekday(found),)
    ),
    "alternate": lambda found: Repeat("week", 2, weekdays=(_weekday(found),)),
    "interval": _interval,
    "other": lambda found: Repeat(found.get("unit"), 2),
    "never": lambda _: None,
    "duration": _duration,
    "rate": _rate,
    "number_rate": lambda found: Repeat(found.get("rate_unit"), found.get("number")),
    "part": lambda found: Repeat("day", part=found.get("part") or found.get("in_part")),
    "parts": lambda found: Repeat("day", part=found.get("parts")),
    "weekend": lambda _: Repeat("week", weekdays=(5,)),
    "weekends": lambda _: Repeat("week", weekdays=(5,)),
    "often": _often,
    "apart": _apart,
    "first_day": lambda found: Repeat("month", 1, day=_day(found)),
    "day_of": lambda found: Repeat("month", 1, day=_day(found)) if _day(found) <= 31 else None,
    "month_day": _month_day,
    "month_last": lambda _: Repeat("month", day=_LAST),
    "nth_weekday": lambda found: Repeat("month", day=_day(found), weekdays=(_weekday(found),)),
    "last_weekday": lambda found: Repeat("month", day=_LAST, weekdays=(_weekday(found),)),
    "year_day": _year_day,
}


def next_such(repeat: Repeat, today: date) -> date | None:
    """The first day of a recurrence of whole days, for a to-do without a time."""
    if repeat.weekdays and repeat.day is None:
        return min(next_weekday(today, day) for day in repeat.weekdays)
    return repeat.first(today)
