"""Templates and the paths of daily notes."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.errors import PathError
from octopus.obsidian.daily import period_path, template_path, unique_path
from octopus.obsidian.settings import Period, Settings, Templates, Unique
from octopus.obsidian.template import has_templater, render, render_daily, shift
from tests.obsidian.nasty import scaled

NOW = datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 - wall clock time is what templates show
DAY = NOW.date()


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        # E49
        (
            "# {{date:dddd}}\n{{title}} {{time:HH:mm}} {{ date }} <% tp.x %>",
            "# Friday\nNote 09:30 2026-11-20 <% tp.x %>",
        ),
        ("{{TITLE}} {{Date}} {{time}}", "Note 2026-11-20 09:30"),
        ("{{date:YYYY}}{{time:ss}}", "202600"),
        ("{{time:YYYY-MM-DD}}", "2026-11-20"),
        ("{{unknown}} {{ }} {date}", "{{unknown}} {{ }} {date}"),
        ("<% tp.date('{{date}}') %> {{date}}", "<% tp.date('{{date}}') %> 2026-11-20"),
        ("<% open {{title}}", "<% open Note"),
        ("a <% b %><% c %> d", "a <% b %><% c %> d"),
        ("{{date\n}}", "{{date\n}}"),
        ("{{date+1d:YYYY-MM-DD}}", "2026-11-21"),
        ("\r\n{{title}}\r\n", "\r\nNote\r\n"),
    ],
)
def test_variables(text: str, filled: str) -> None:
    assert render(text, title="Note", now=NOW) == filled


def test_formats_are_the_owners() -> None:
    templates = Templates("", "DD.MM.YYYY", "H[h]")
    assert render("{{date}} {{time}}", title="", now=NOW, templates=templates) == "20.11.2026 9h"
    assert render("{{date:MMMM}}", title="", now=NOW, language="ru") == "ноябрь"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{date}} {{title}}", "Fri Name Fri Name"),
        ("{{date:YYYY-MM-DD}}", "2026-03-31"),
        ("{{yesterday}} {{tomorrow}}", "2026-03-30 2026-04-01"),
        ("{{date+1d:dddd}} {{ date -1w:DD }}", "Wednesday 24"),
        ("{{date-1M:YYYY-MM-DD}}", "2026-02-28"),
        ("{{date+1Q:MM}} {{date+1y:YYYY}}", "06 2027"),
        ("{{time}} {{time+90m:HH:mm}}", "09:30 11:00"),
        ("{{date+1z:YYYY}}", "{{date+1z:YYYY}}"),
        ("{{date+999999y:YYYY}}", "{{date+999999y:YYYY}}"),
    ],
)
def test_daily_templates_are_reckoned_from_the_notes_own_day(text: str, filled: str) -> None:
    made = render_daily(text, title="Fri Name", day=date(2026, 3, 31), now=NOW)
    assert made == filled


def test_a_title_is_never_filled_in_again() -> None:
    assert render("{{title}}", title="{{date}}", now=NOW) == "{{date}}"


def test_templater_is_recognised() -> None:
    assert has_templater("<%* await x %>")
    assert not has_templater("{{date}} < %")


@scaled(80, 2000)
@given(st.text(alphabet="{}<%>date:+1dYM \n", max_size=60))
def test_text_of_templater_always_stays(text: str) -> None:
    assert "<% {{date}} %>" in render("<% {{date}} %>" + text, title="x", now=NOW)


@pytest.mark.parametrize(
    ("unit", "amount", "moved"),
    [
        ("d", -20, "2026-10-31"),
        ("M", 3, "2027-02-20"),
        ("w", 1, "2026-11-27"),
        ("m", 60, "2026-11-20"),
    ],
)
def test_shift(unit: str, amount: int, moved: str) -> None:
    found = shift(NOW, amount, unit)
    assert found is not None
    assert found.date().isoformat() == moved


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period("YYYY-MM-DD"), "2026-11-20.md"),
        (Period("YYYY-MM-DD", "Daily"), "Daily/2026-11-20.md"),
        (Period("YYYY/MM-MMMM/YYYY-MM-DD", "Daily"), "Daily/2026/11-November/2026-11-20.md"),
        (Period("DD.MM.YYYY"), "20.11.2026.md"),
        (Period("YYYY[.md]"), "2026.md"),
    ],
)
def test_the_path_of_a_daily_note(period: Period, expected: str) -> None:
    assert period_path(Settings(periods={"daily": period}), DAY) == expected


def test_paths_of_longer_periods() -> None:
    settings = Settings()
    found = [period_path(settings, DAY, period=name) for name in settings.periods]
    assert found == ["2026-11-20.md", "2026-W47.md", "2026-11.md", "2026-Q4.md", "2026.md"]


def test_names_in_the_interface_language() -> None:
    settings = Settings(periods={"daily": Period("D MMMM")})
    assert period_path(settings, DAY, language="de") == "20 November.md"
    assert period_path(settings, DAY, language="ru") == "20 ноября.md"


def test_a_format_cannot_lead_out_of_the_vault() -> None:
    with pytest.raises(PathError):
        period_path(Settings(periods={"daily": Period("[../../]YYYY")}), DAY)


def test_templates_may_leave_their_extension_out() -> None:
    assert [template_path(each) for each in ("", "T/day", "T/day.md")] == [
        "",
        "T/day.md",
        "T/day.md",
    ]


def test_unique_notes_take_the_next_free_minute() -> None:
    taken = {"Z/202611200930.md", "Z/202611200931.md"}
    assert unique_path(Unique(folder="Z"), NOW, taken.__contains__) == "Z/202611200932.md"
    day = Unique("YYYY")
    assert unique_path(day, NOW, {"2026.md"}.__contains__).startswith("202")
