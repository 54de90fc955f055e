"""A message that shows to-dos: its text and its buttons, from the to-dos as they stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from octopus.core.message import Button, Reply
from octopus.core.todo import Todo, selected
from octopus.core.view import Shown, View, ViewKind
from octopus.language import todo_text
from octopus.language.catalogue import say

#: To-dos in one message.
PAGE = 10

#: Of those done today, how many the message of the day still names.
DONE_LINES = 5


@dataclass(frozen=True, slots=True)
class Scene:
    """What is the same for all to-dos of a message."""

    today: date
    hidden: str = ""  # the owner's global filter, which is no part of the words


def shown(view: View, now: Sequence[Todo | None], scene: Scene) -> Reply:
    """The view with its to-dos as they stand now; None for one that is gone."""
    items = tuple(
        item.gone() if todo is None else item.now(todo, todo_text.title(todo, scene.hidden))
        for item, todo in zip(view.items, now, strict=True)
    )
    view = replace(view, items=items)
    if not view.numbered:
        return _looking(_receipt(view, now[0], scene), view)
    return _looking(_list(view, now, scene), view)


def _looking(reply: Reply, view: View) -> Reply:
    """The reply, which remembers the text of its to-dos."""
    return replace(reply, view=replace(view, looks=reply.text))


def again(old: Reply, new: Reply) -> Reply | None:
    """``old`` with its to-dos as ``new`` shows them; None where they look the same.

    The words and the buttons that others have put around them stay.
    """
    if old.view is None or new.view is None:
        return None
    labels = [button.label for button in old.buttons if button.intent in INTENTS]
    if new.view.looks == old.view.looks and [one.label for one in new.buttons] == labels:
        return None
    text = old.text.replace(old.view.looks, new.text, 1) if old.view.looks else new.text
    others = [button for button in old.buttons if button.intent not in INTENTS]
    return replace(new, text=text, buttons=(*new.buttons, *others))


def chosen(
    todos: Sequence[Todo], view: View, scene: Scene
) -> tuple[list[tuple[Shown, Todo]], int] | None:
    """One page of the to-dos that a view asks for, in groups, and how many there are in all.

    None where ``view.when`` says nothing.
    """
    found = selected(todos, view.when, scene.today)
    if found is None:
        return None
    part = found[view.first : view.first + PAGE]
    grouped = view.when != "by priority"
    return [_of(todo, view.language, scene, grouped=grouped) for todo in part], len(found)


def _of(todo: Todo, language: str, scene: Scene, *, grouped: bool) -> tuple[Shown, Todo]:
    if todo.done is not None and not todo.open:
        group = todo_text.day_label(todo.done, scene.today, language)
    else:
        group = say(language, _group(todo, scene.today)) if grouped else ""
    return Shown.of(todo, todo_text.title(todo, scene.hidden), group), todo


def _group(todo: Todo, today: date) -> str:
    day = todo.day
    if day is None:
        return "todo.group_undated"
    if day <= today:
        return "todo.group_overdue" if day < today else "todo.group_today"
    soon = (day - today).days <= 6 - today.weekday()
    return "todo.group_week" if soon else "todo.group_later"


def today_reply(todos: Sequence[Todo], view: View, scene: Scene) -> Reply:
    """The message of the day: what is overdue, what is due, and what was done."""
    view = replace(view, when="today")
    found = chosen(todos, view, scene)
    assert found is not None
    rows, total = found
    done = [todo for todo in todos if todo.done == scene.today and not todo.open]
    name = todo_text.day_label(scene.today, scene.today, view.language)
    view = replace(
        view,
        items=tuple(item for item, _ in rows),
        total=total,
        head=name[:1].upper() + name[1:],
    )
    reply = _list(view, [todo for _, todo in rows], scene)
    lines = [reply.text]
    if not rows:
        lines.append(say(view.language, "todo.today_none"))
    if done:
        lines += ["", say(view.language, "todo.done_today", count=len(done))]
        lines += [
            f"{todo_text.mark(todo)} {todo_text.short(todo_text.title(todo, scene.hidden))}"
            for todo in done[-DONE_LINES:]
        ]
    return _looking(replace(reply, text="\n".join(lines)), view)


def _receipt(view: View, todo: Todo | None, scene: Scene) -> Reply:
    item = view.items[0]
    if todo is None:
        text = say(view.language, "todo.gone", title=todo_text.short(item.title))
        return Reply(text=text, buttons=_undo(view), view=view)
    words = todo_text.line(todo, scene.today, view.language, scene.hidden)
    lines = [f"{todo_text.mark(todo)} {words}"]
    lines += [part for part in (view.head, view.tail) if part]
    buttons: list[Button] = []
    if todo.open:
        buttons.append(_tick(say(view.language, "button.done"), item, done=True))
        later = {**item.reference(), "days": 1}
        label = say(view.language, "button.tomorrow")
        buttons.append(Button(label, "todo.reschedule", later))
    elif not view.effect:
        buttons.append(_tick(say(view.language, "button.not_done"), item, done=False))
    return Reply(text="\n".join(lines), buttons=(*buttons, *_undo(view)), view=view)


def _list(view: View, now: Sequence[Todo | None], scene: Scene) -> Reply:
    lines = [view.head] if view.head else []
    buttons: list[Button] = []
    numbered = list(enumerate(zip(view.items, now, strict=True), view.first + 1))
    for group, members in groupby(numbered, key=lambda each: each[1][0].group):
        if group:
            lines += ["", group] if lines else [group]
        for number, (item, todo) in members:
            if todo is None:
                gone = say(view.language, "todo.gone", title=todo_text.short(item.title))
                lines.append(f"{number}. {gone}")
                continue
            words = todo_text.line(todo, scene.today, view.language, scene.hidden)
            lines.append(f"{number}. {todo_text.mark(todo)} {words}")
            label = (
                f"{todo_text.mark(todo)} {number}. {todo_text.short(item.title, todo_text.LABEL)}"
            )
            buttons.append(_tick(label, item, done=todo.open))
    if view.kind is ViewKind.RECEIPT and view.total > len(view.items):
        lines.append(say(view.language, "todo.more", count=view.total - len(view.items)))
    if view.tail:
        lines.append(view.tail)
    buttons += _pages(view)
    return Reply(text="\n".join(lines), buttons=(*buttons, *_undo(view)), view=view)


def _pages(view: View) -> list[Button]:
    if view.kind is ViewKind.RECEIPT:
        return []
    found = []
    intent = "todo.today" if view.kind is ViewKind.TODAY else "todo.list"
    args: dict[str, Any] = {} if view.kind is ViewKind.TODAY else {"when": view.when}
    if view.first:
        back = args | {"first": max(0, view.first - PAGE)}
        found.append(Button(say(view.language, "button.previous"), intent, back))
    if view.first + len(view.items) < view.total:
        more = args | {"first": view.first + len(view.items)}
        found.append(Button(say(view.language, "button.more"), intent, more))
    return found


#: What the buttons do that a view brings along.
INTENTS = frozenset({"todo.tick", "todo.reschedule", "todo.undo", "todo.list", "todo.today"})


def _tick(label: str, item: Shown, *, done: bool) -> Button:
    return Button(label, "todo.tick", {**item.reference(), "done": done})


def _undo(view: View) -> tuple[Button, ...]:
    if not view.effect:
        return ()
    return (Button(say(view.language, "button.undo"), "todo.undo", {"effect": view.effect}),)
