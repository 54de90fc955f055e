"""Compares what was sent with what is in the vault, in the outbox and on the owner's screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.proof.plan import Plan, Sent, Sort

JSON = dict[str, Any]
_REPEAT = re.compile(r"^\s*↻[^\n]*\n?")  # a repeat that says that it may be one


@dataclass(slots=True)
class Verdict:
    """What was found. ``problems`` is empty when every promise was kept."""

    sent: int = 0
    lost: list[str] = field(default_factory=list)  # marks of texts that are not in the vault
    doubled: list[str] = field(default_factory=list)  # marks of texts that are there too often
    garbled: list[str] = field(default_factory=list)  # there, but not byte for byte
    stale: list[str] = field(default_factory=list)  # edits and presses without effect
    silent: list[int] = field(default_factory=list)  # messages without a visible outcome
    repeated: int = 0  # replies shown more than once
    marked: int = 0  # and of those, how many say that they may be a repetition
    leftovers: list[str] = field(default_factory=list)  # files that are no notes
    open_rows: dict[str, int] = field(default_factory=dict)  # jobs and outbox, not settled
    notes: int = 0  # files in the vault
    searchable: tuple[int, int] | None = None  # notes that the index knows of, and has
    kills: int = 0

    @property
    def problems(self) -> list[str]:
        """Every broken promise in words."""
        found = [
            f"{len(items)} {what}: {', '.join(str(item) for item in items[:5])}"
            for what, items in (
                ("lost", self.lost),
                ("doubled", self.doubled),
                ("garbled", self.garbled),
                ("without effect", self.stale),
                ("without a visible outcome", self.silent),
                ("leftover files", self.leftovers),
            )
            if items
        ]
        if self.repeated > self.kills:
            found.append(f"{self.repeated} repeated replies in {self.kills} kills")
        if self.searchable is not None and self.searchable != (self.notes, self.notes):
            found.append(f"{self.searchable} of {self.notes} notes can be searched")
        if self.open_rows:
            found.append(f"not settled: {self.open_rows}")
        return found


def read_vault(vault: Path) -> tuple[dict[str, str], list[str]]:
    """The notes by path, trash left out, and the files that should not be there."""
    notes: dict[str, str] = {}
    leftovers: list[str] = []
    for path in sorted(vault.rglob("*")):
        name = path.relative_to(vault).as_posix()
        if not path.is_file() or name.startswith((".trash/", ".obsidian/")):
            continue
        if path.suffix == ".md" and not path.name.startswith("."):
            notes[name] = path.read_text(encoding="utf-8", errors="replace")
        else:
            leftovers.append(name)
    return notes, leftovers


def judge_vault(verdict: Verdict, plan: Plan, notes: Mapping[str, str]) -> None:
    """Every text as often as it was captured, byte for byte, and no more."""
    everything = "\0".join(notes.values())
    found = Counter(re.findall(r"m[b-z]{6}zk", everything))
    for mark, (text, wanted) in plan.expected().items():
        whole = everything.count(text) if found[mark] else 0
        if wanted == 0 and found[mark]:
            verdict.stale.append(mark)
        elif found[mark] < wanted:
            verdict.lost.append(mark)
        elif found[mark] > wanted:
            verdict.doubled.append(mark)
        elif whole != wanted:
            verdict.garbled.append(mark)


def judge_chat(verdict: Verdict, sent: Sequence[Sent], report: JSON, owner: int) -> None:
    """Everything has an outcome that the owner sees, and sees once."""
    chat = report["chats"][str(owner)]
    own = [message for message in chat["messages"] if message["from"]["id"] == report["bot"]]
    answered = {message.get("reply_to_message", {}).get("message_id") for message in own}
    named = set(re.findall(r"m[b-z]{6}zk", "\n".join(_text(message) for message in own)))
    untouched = {message["message_id"] for message in own if "edit_date" not in message}
    reactions = {int(number) for number in chat["reactions"]}
    for item in sent:
        if item.sort is Sort.PRESS:
            # The answer to a query only ends its spinner; the changed receipt says as much.
            seen = item.query_id in report["answers"] or item.message_id not in untouched
        elif item.sort is Sort.SEARCH:
            seen = item.message_id in answered
        else:
            seen = item.message_id in reactions or item.message_id in answered or item.mark in named
        if not seen:
            verdict.silent.append(item.message_id)
    shown = Counter(
        (message.get("reply_to_message", {}).get("message_id"), _plain(message))
        for message in own
        if message.get("reply_to_message")
    )
    verdict.repeated += sum(count - 1 for count in shown.values())
    verdict.marked += sum(1 for message in own if _REPEAT.match(_text(message)))


def _text(message: JSON) -> str:
    return str(message.get("text", message.get("caption", "")))


def _plain(message: JSON) -> str:
    return _REPEAT.sub("", _text(message)).strip()


def judge_rows(verdict: Verdict, states: Mapping[str, Iterable[tuple[str, int]]]) -> None:
    """No job and no outgoing row may be left open or given up."""
    for table, rows in states.items():
        for state, count in rows:
            if state not in ("done", "sent", "cancelled"):
                verdict.open_rows[f"{table}.{state}"] = count
