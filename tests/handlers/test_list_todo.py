"""To-dos asked for in words: by tag, note, priority, day, and what was done."""

from __future__ import annotations

import pytest

from tests.fakes.desk import Desk, reply_of
from tests.handlers.scene import labels

FILES = {
    "Tasks.md": """- [ ] call the plumber #home 📅 2026-11-24
- [ ] pay the rent ⏫ #home/flat 📅 2026-11-20
- [ ] read a book
- [ ] mend the roof 🔺
- [x] call Bob ✅ 2026-11-18
- [x] call Zoe #home ✅ 2026-11-20
- [x] call Max ✅ 2026-11-10
- [-] call Eve ❌ 2026-11-18
""",
    "Projects/Garden.md": "# Garden\n\n- [ ] buy seeds #spring\n- [x] dig ✅ 2026-11-17\n",
}
ALL = {"plumber", "rent", "book", "roof", "seeds"}
WORDS = (*ALL, "Bob", "Zoe", "Max", "Eve", "dig")


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("list my to-dos with #home", "plumber rent"),
        ("to-dos tagged home", "plumber rent"),
        ("todo list #home/flat", "rent"),
        ("Aufgaben mit Tag home", "plumber rent"),
        ("tareas con la etiqueta home", "plumber rent"),
        ("задачи с тегом home", "plumber rent"),
        ("查看带标签home的任务", "plumber rent"),
        ("what's open for the garden project", "seeds"),
        ("show my tasks in the note Garden", "seeds"),
        ("tâches du projet Garden", "seeds"),
        ("attività del progetto garden", "seeds"),
        ("what's open for the spring project", "seeds"),
        ("my most important tasks", "rent roof"),
        ("zeig mir die wichtigsten Aufgaben", "rent roof"),
        ("tarefas mais urgentes", "rent roof"),
        ("tasks without a due date", "book roof seeds"),
        ("tasks this week", "rent"),
        ("какие задачи на неделю", "rent"),
        ("was ist diese Woche zu tun", "rent"),
        ("які завдання на тиждень", "rent"),
        ("tasks next week", "plumber"),
        ("tasks for this month", "plumber rent"),
        ("what did I get done this week", "Bob Zoe dig"),
        ("what have I finished today", "Zoe"),
        ("what did I finish last week", "Max"),
        ("was habe ich diese Woche geschafft", "Bob Zoe dig"),
        ("qué he hecho esta semana", "Bob Zoe dig"),
        ("что я сделал за неделю", "Bob Zoe dig"),
        ("这周我完成了什么", "Bob Zoe dig"),
        ("show completed tasks", "Bob Zoe Max dig"),
        ("what did I finish yesterday", ""),
    ],
)
async def test_what_is_listed(said: str, wanted: str) -> None:
    async with Desk({path: text.encode() for path, text in FILES.items()}).open() as there:
        reply = reply_of(await there.say(said))
        lines = [line for line in reply.text.splitlines() if line[:1].isdigit()]
        found = {word for word in WORDS for line in lines if word in line}
        assert found == set(wanted.split()), reply.text
        if wanted:
            assert {path: data.decode() for path, data in there.vault.files.items()} == FILES


async def test_by_priority_the_most_urgent_comes_first_and_nothing_is_grouped() -> None:
    async with Desk({path: text.encode() for path, text in FILES.items()}).open() as there:
        reply = reply_of(await there.say("list my tasks by priority"))
        lines = [line.split(" ", 2)[2].split()[0] for line in reply.text.splitlines()[1:]]
        assert lines == ["mend", "pay", "call", "buy", "read"]


async def test_what_was_done_stands_under_its_day_and_can_be_reopened() -> None:
    async with Desk({path: text.encode() for path, text in FILES.items()}).open() as there:
        job = await there.say("what did I get done this week")
        rows = reply_of(job).text.splitlines()
        assert rows[0] == "Done this week"
        assert [row for row in rows[1:] if row and not row[0].isdigit()] == [
            "Tue 17 Nov",
            "Wed 18 Nov",
            "today, Fri 20 Nov",
        ]
        await there.press(job, [("Bob" in label) for label in labels(reply_of(job))].index(True))
        assert "- [ ] call Bob\n" in there.notes()["Tasks.md"]


@pytest.mark.parametrize(
    ("said", "head"),
    [
        ("what have I finished today", "Done: today, Fri 20 Nov"),
        ("what did I finish last week", "Done: Mon 9 Nov – Sun 15 Nov"),
        ("show completed tasks", "Done"),
        ("my most important tasks", "Urgent and important"),
        ("tasks without a due date", "To do, without a date"),
        ("tasks for this month", "To do on Sun 1 Nov – Mon 30 Nov"),
        ("was habe ich diese Woche geschafft", "Diese Woche erledigt"),
        ("что я сделал за неделю", "Сделано на этой неделе"),
        ("最重要的任务", "紧急和重要"),
    ],
)
async def test_the_head_says_what_was_asked_for(said: str, head: str) -> None:
    async with Desk({path: text.encode() for path, text in FILES.items()}).open() as there:
        assert reply_of(await there.say(said)).text.splitlines()[0] == head


async def test_a_project_that_there_is_not_is_said() -> None:
    async with Desk({path: text.encode() for path, text in FILES.items()}).open() as there:
        reply = reply_of(await there.say("what's open for the boat project"))
        assert "I do not know which to-dos “boat” are" in reply.text
