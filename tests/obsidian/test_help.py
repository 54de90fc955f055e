"""Mending hand-written tasks, unlinked mentions, inserting templates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.insert import insert_template
from octopus.obsidian.mention import mention_pattern, mentions
from octopus.obsidian.repair import repair
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task import misread, parse_task
from tests.obsidian.nasty import scaled

TASKS = Tasks()


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("a 📅 2026-11-18 for #x 🔁 every week", "a for #x 🔁 every week 📅 2026-11-18"),
        ("b 📅 18.11.2026", "b 📅 2026-11-18"),
        ("b 📅 2026-1-5 soon", "b soon 📅 2026-01-05"),
        ("📅 2026-11-18 c ^id", "c 📅 2026-11-18 ^id"),
        ("a 📅 2026-11-21 ⏰ 2026-11-21 09:00", "a ⏰ 2026-11-21 09:00 📅 2026-11-21"),
        ("a ⏳ 2026-11-18 then 📅 2026-11-20 ok", "a then ok ⏳ 2026-11-18 📅 2026-11-20"),
        ("fine 📅 2026-11-20", None),
        ("nothing", None),
        ("a 📅 tomorrow", None),
        ("a 📅 2026-02-30", None),
        ("a 📅 31.02.2026 b", None),
        ("a ⏫ b", None),
    ],
)
def test_stray_dates_are_moved_where_the_plugin_reads_them(text: str, mended: str | None) -> None:
    """E39."""
    assert repair(text, TASKS) == mended
    if mended:
        assert misread(mended, TASKS) == ()
        assert parse_task(mended).dates


@scaled(80, 2000)
@given(st.text(alphabet="a 📅⏳🔁⏰2026-11.80:# every", max_size=60))
def test_mending_ends_and_helps(text: str) -> None:
    mended = repair(text, TASKS)
    if mended is not None:
        assert misread(mended, TASKS) == ()


def found(text: str, *names: str) -> list[str]:
    pattern = mention_pattern(names)
    assert pattern is not None
    return [text[span.offset : span.end] for span in mentions(text, scan(text), pattern)]


@pytest.mark.parametrize(
    ("text", "names", "mentioned"),
    [
        ("We met Lena and LENA.", ["Lena"], ["Lena", "LENA"]),
        ("Lenas Helena", ["Lena"], []),
        ("[[Lena]] and [Lena](Lena.md) ![[Lena]]", ["Lena"], []),
        ("[[x|Lena]] Lena", ["Lena"], ["Lena"]),
        ("`Lena` ```Lena``` #Lena", ["Lena"], []),
        ("```\nLena\n```\nLena", ["Lena"], ["Lena"]),
        ("---\na: Lena\n---\nLena", ["Lena"], ["Lena"]),
        ("heat\npump and Heat pump", ["Heat Pump"], ["heat\npump", "Heat pump"]),
        ("the pump, the heat pump", ["pump", "heat pump"], ["pump", "heat pump"]),
        ("我们讨论保险的事", ["保险"], ["保险"]),
        ("C++ and C", ["C++"], ["C++"]),
        ("see https://e.com/Lena", ["Lena"], []),
        ("nothing", ["Lena"], []),
        ("```\n" + "`x` http://y\n" * 9 + "Lena\n```\nLena", ["Lena"], ["Lena"]),
    ],
)
def test_mentions(text: str, names: list[str], mentioned: list[str]) -> None:
    assert found(text, *names) == mentioned


def test_nothing_to_find() -> None:
    assert mention_pattern([]) is None
    assert mention_pattern(["", " "]) is None


def test_templates_are_inserted_and_their_properties_merged() -> None:
    template = "---\ntags: [t]\nstatus: new\n---\n## Plan\n- \n"
    assert insert_template(None, template) == template.encode()
    assert insert_template(b"x\n", "y") == b"x\ny\n"
    assert insert_template(b"---\ntags: [a]\nstatus: old\n---\nx\n", template) == (
        b"---\ntags: [a, t]\nstatus: old\n---\nx\n## Plan\n- \n"
    )
    assert insert_template(b"x\r\n", "---\na: 1\n---\n") == b"---\r\na: 1\r\n---\r\nx\r\n"
