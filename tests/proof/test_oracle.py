"""The proof's own judgement: it has to see each kind of failure, one by one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.proof.driver import Run, Size
from tests.proof.oracle import Verdict, judge_chat, judge_rows, judge_vault, read_vault
from tests.proof.plan import Plan, Sent, Sort
from tests.proof.report import figures, percentile, problems, table

OWNER = 42
BOT = 7000


def capture(plan: Plan, message_id: int = 1) -> Sent:
    """A plan's next capture."""
    sent = plan._capture(Sort.CAPTURE)
    sent.message_id = message_id
    plan._captures.append(sent)
    return plan._add(sent)


def judged(plan: Plan, notes: dict[str, str]) -> Verdict:
    verdict = Verdict()
    judge_vault(verdict, plan, notes)
    return verdict


# -- the plan ----------------------------------------------------------------------------------


def test_one_seed_is_one_plan() -> None:
    first, second, other = Plan(1), Plan(1), Plan(2)
    texts = [[sent.text for sent in plan.next(200)] for plan in (first, second, other)]
    assert texts[0] == texts[1] != texts[2]


def test_a_plan_has_every_sort_but_presses() -> None:
    sorts = {sent.sort for sent in Plan(3, todos=True).next(300)}
    assert sorts == set(Sort) - {Sort.PRESS}
    assert {sent.sort for sent in Plan(3).next(300)} == sorts - {Sort.TODO, Sort.DONE}


def test_to_dos_are_said_and_ticked_once() -> None:
    plan = Plan(8, todos=True)
    list(plan.next(400))
    todos = [sent for sent in plan.sent if sent.sort is Sort.TODO]
    done = [sent for sent in plan.sent if sent.sort is Sort.DONE]
    assert len({sent.mark for sent in done}) == len(done) > 10
    assert {sent.mark for sent in done} < {sent.mark for sent in todos}
    assert plan.said(todos[0]) == f"/todo mend the {todos[0].mark}"
    assert plan.said(done[0]) == f"done {done[0].mark}"
    wanted = plan.expected()
    assert wanted[done[0].mark] == (f"- [x] mend the {done[0].mark} ✅", 1)


def test_marks_are_words_of_their_own() -> None:
    plan = Plan(4)
    marks = [plan._mark("m") for _ in range(5000)]
    assert len(set(marks)) == 5000
    assert all(re.fullmatch(r"m[b-z]{6}zk", mark) for mark in marks)


def test_every_text_holds_its_mark_once() -> None:
    for sent in Plan(5).next(500):
        if sent.sort is not Sort.SEARCH:
            assert sent.text.count(sent.mark) == 1


def test_expectations_follow_what_was_done() -> None:
    plan = Plan(6)
    list(plan.next(400))
    wanted = plan.expected()
    twins = {sent.mark for sent in plan.sent if sent.sort is Sort.TWIN}
    replaced = {sent.mark for sent in plan.sent if sent.replaced_by}
    assert twins
    assert replaced
    for mark, (_, count) in wanted.items():
        assert count == (0 if mark in replaced else 2 if mark in twins else 1)


def test_a_press_needs_a_receipt_that_names_one_capture() -> None:
    plan = Plan(7)
    one, two = capture(plan, 1), capture(plan, 2)
    assert plan.press([(10, f"Saved {one.mark} and {two.mark}")], 1) == []
    assert plan.press([(11, "Saved something")], 1) == []
    (press,) = plan.press([(12, f"Saved {one.mark}.md")], 5)
    assert (press.message_id, press.mark) == (12, one.mark)
    assert plan.expected()[one.mark][1] == 0
    assert plan.press([(12, f"Saved {one.mark}.md")], 5) == []  # once is enough


# -- the vault ---------------------------------------------------------------------------------


def test_a_kept_promise() -> None:
    plan = Plan(1)
    sent = capture(plan)
    verdict = judged(plan, {"a.md": f"{sent.text}\n"})
    assert verdict.problems == []


def test_a_lost_text() -> None:
    plan = Plan(1)
    sent = capture(plan)
    assert judged(plan, {}).lost == [sent.mark]
    assert judged(plan, {"a.md": "something else"}).lost == [sent.mark]


@pytest.mark.parametrize("again", ["in the same note", "in another note"])
def test_a_doubled_text(again: str) -> None:
    plan = Plan(1)
    sent = capture(plan)
    notes = {"a.md": f"{sent.text}\n"}
    if again == "in another note":
        notes["b.md"] = sent.text
    else:
        notes["a.md"] += f"{sent.text}\n"
    assert judged(plan, notes).doubled == [sent.mark]


def test_a_garbled_text() -> None:
    plan = Plan(1)
    sent = capture(plan)
    assert judged(plan, {"a.md": sent.text.replace(" ", "  ", 1)}).garbled == [sent.mark]


def test_an_edit_that_made_a_second_note() -> None:
    plan = Plan(1)
    first, again = capture(plan), capture(plan)
    first.replaced_by = again.mark
    verdict = judged(plan, {"a.md": first.text, "b.md": again.text})
    assert verdict.stale == [first.mark]
    assert judged(plan, {"b.md": again.text}).problems == []
    assert judged(plan, {"a.md": first.text}).lost == [again.mark]


def test_a_press_without_effect() -> None:
    plan = Plan(1)
    sent = capture(plan)
    plan.press([(9, sent.mark)], 1)
    assert judged(plan, {"a.md": sent.text}).stale == [sent.mark]
    assert judged(plan, {}).problems == []


def test_twins_are_two() -> None:
    plan = Plan(1)
    sent = capture(plan)
    plan._add(Sent(Sort.TWIN, sent.mark, sent.text))
    assert judged(plan, {"a.md": sent.text}).lost == [sent.mark]
    assert judged(plan, {"a.md": sent.text, "b.md": sent.text}).problems == []


def test_the_vault_is_read_without_its_trash(tmp_path: Path) -> None:
    for name in ("Inbox/a.md", ".trash/b.md", ".obsidian/app.json", "Inbox/.x.tmp", "c.md.part"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    notes, leftovers = read_vault(tmp_path)
    assert list(notes) == ["Inbox/a.md"]
    assert leftovers == ["Inbox/.x.tmp", "c.md.part"]


# -- the chat ----------------------------------------------------------------------------------


def message(number: int, text: str, answers: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {"message_id": number, "from": {"id": BOT}, "text": text}
    if answers:
        found["reply_to_message"] = {"message_id": answers}
    return found


def chat(
    *messages: dict[str, Any],
    reactions: dict[str, str] | None = None,
    answers: dict[str, Any] | None = None,
) -> dict[str, Any]:
    content = {"messages": list(messages), "reactions": reactions or {}}
    return {"bot": BOT, "chats": {str(OWNER): content}, "answers": answers or {}}


def seen(sent: list[Sent], report: dict[str, Any]) -> Verdict:
    verdict = Verdict()
    judge_chat(verdict, sent, report, OWNER)
    return verdict


def test_each_visible_outcome_counts() -> None:
    sent = Sent(Sort.CAPTURE, "mbbbbbbzk", "x", 1)
    assert seen([sent], chat()).silent == [1]
    assert seen([sent], chat(reactions={"1": "✍"})).silent == []
    assert seen([sent], chat(message(5, "Saved", 1))).silent == []
    assert seen([sent], chat(message(5, "3 notes: a mbbbbbbzk b"))).silent == []
    assert seen([sent], chat(message(5, "Saved", 2))).silent == [1]


def test_a_search_needs_an_answer_and_a_press_needs_to_be_answered() -> None:
    search = Sent(Sort.SEARCH, "qbbbbbbzk", "search x", 1)
    press = Sent(Sort.PRESS, "mbbbbbbzk", "", 5, "77")
    assert seen([search], chat(reactions={"1": "👀"})).silent == [1]
    assert seen([search], chat(message(5, "Found", 1))).silent == []
    assert seen([press], chat(message(5, "mbbbbbbzk"))).silent == [5]
    assert seen([press], chat(message(5, "Saved"), answers={"77": {}})).silent == []
    assert seen([press], chat(message(5, "Moved to the trash") | {"edit_date": 9})).silent == []


def test_repeated_replies_are_counted_and_marked_ones_named() -> None:
    report = chat(
        message(5, "Saved a", 1),
        message(6, "Saved a", 2),  # the same words to another message are no repetition
        message(7, "↻ perhaps twice\nSaved a", 1),
        message(8, "Changed a", 1),
    )
    verdict = seen([], report)
    assert (verdict.repeated, verdict.marked) == (1, 1)
    verdict.kills = 1
    assert verdict.problems == []
    verdict.kills = 0
    assert verdict.problems == ["1 repeated replies in 0 kills"]


def test_rows_that_are_not_settled() -> None:
    verdict = Verdict()
    judge_rows(verdict, {"jobs": [("done", 9), ("dead", 1)], "outbox": [("sent", 9)]})
    assert verdict.open_rows == {"jobs.dead": 1}
    assert verdict.problems == ["not settled: {'jobs.dead': 1}"]


def test_notes_that_cannot_be_searched() -> None:
    assert Verdict(notes=3, searchable=(3, 3)).problems == []
    assert Verdict(notes=3).problems == []  # a bot without an index
    assert Verdict(notes=3, searchable=(3, 2)).problems == ["(3, 2) of 3 notes can be searched"]
    assert Verdict(notes=3, searchable=(2, 2)).problems == ["(2, 2) of 3 notes can be searched"]


def test_every_kind_of_failure_is_a_problem() -> None:
    verdict = Verdict(
        lost=["a"], doubled=["b"], garbled=["c"], stale=["d"], silent=[1], leftovers=["e"]
    )
    assert len(verdict.problems) == 6


# -- the report --------------------------------------------------------------------------------


def test_the_report_says_whether_it_passed() -> None:
    run = Run(ready=[0.5, 0.7], stops=[0.2], points={"job.started": "killed"})
    good = figures("octopus", Size(), run, 2.0)
    assert good["problems"] == []
    assert table(good).endswith("PASSED")
    assert "1 of 1" in table(good)
    slow = figures("octopus", Size(), run, 0.4)
    assert slow["problems"] == ["ready later than a plain import of aiogram takes"]
    run.verdict.lost.append("mbbbbbbzk")
    bad = figures("octopus", Size(), run, 2.0)
    assert bad["lost"] == 1
    assert table(bad).endswith("FAILED")


def test_points_that_were_not_reached_and_bad_exits_fail_the_proof() -> None:
    run = Run(points={"job.started": "exit 0"}, bad_exits=["exit 1 after SIGTERM"])
    assert problems(run) == [
        "exit 1 after SIGTERM",
        "points that were not reached: job.started",
    ]


def test_percentiles() -> None:
    assert percentile([], 95) is None
    assert percentile([3.0], 95) == 3.0
    assert percentile([float(number) for number in range(101)], 95) == pytest.approx(95)
