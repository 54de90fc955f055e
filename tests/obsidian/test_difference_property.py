"""What is shown of a change, merged with another and made once more: for any two texts."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.again import make_again, stands
from octopus.obsidian.difference import LINES, WIDTH, changed_lines, difference
from octopus.obsidian.merge import merge3

words = st.sampled_from(["milk", "bread", "", "# Head", "- [ ] rice", "  tea", "long " * 40])
texts = st.lists(words, max_size=30).map(lambda lines: "".join(f"{line}\n" for line in lines))
unlike = st.lists(st.integers(0, 99).map(str), max_size=12, unique=True)


def joined(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def sides(before: str, after: str) -> tuple[Counter[str], Counter[str]]:
    """The lines that are shown to go, and those that are shown to come."""
    shown = list(changed_lines(before, after))
    assert all(line[:2] in ("− ", "+ ") for line in shown)
    gone = Counter(line[2:] for line in shown if line[0] == "−")
    return gone, Counter(line[2:] for line in shown if line[0] == "+")


@given(texts, texts)
def test_the_shown_lines_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    gone, come = sides(before, after)
    lines = Counter(before.split("\n"))
    assert gone <= lines
    assert lines - gone + come == Counter(after.split("\n"))


@given(texts, texts)
def test_the_way_back_shows_as_many_lines_as_differ(before: str, after: str) -> None:
    assert (list(changed_lines(before, after)) == []) == (before == after)
    gone, come = sides(before, after)
    back_gone, back_come = sides(after, before)
    assert gone.total() - come.total() == back_come.total() - back_gone.total()


@given(texts)
def test_the_ends_of_lines_are_no_change(text: str) -> None:
    assert list(changed_lines(text.replace("\n", "\r\n"), text)) == []


@given(texts, texts)
def test_what_a_phone_is_shown_is_short_and_counts_the_rest(before: str, after: str) -> None:
    every = list(changed_lines(before, after))
    shown = difference(before, after).split("\n") if every else []
    assert len(shown) <= LINES
    assert all(len(line) <= WIDTH + 1 for line in shown)
    if len(every) > LINES:
        assert shown[-1] == f"… ({len(every) - LINES + 1})"


def test_a_thousand_lines_that_all_changed_are_not_compared_one_by_one() -> None:
    before = "".join(f"old {number}\n" for number in range(2_000))
    after = "".join(f"new {number}\n" for number in range(2_000))
    shown = list(changed_lines("same\n" + before, "same\n" + after))
    assert shown[0] == "− old 0"
    assert shown[2_000] == "+ new 0"
    assert len(shown) == 4_000


# Merged with what somebody else did.


@given(unlike, st.data())
def test_changes_of_lines_that_are_no_neighbours_are_both_there(
    lines: list[str], data: st.DataObject
) -> None:
    places = st.integers(0, max(0, len(lines) - 1))
    one, other = data.draw(places), data.draw(places)
    if not lines or one == other:
        return
    ours = [f"{line} ours" if at == one else line for at, line in enumerate(lines)]
    theirs = [f"{line} theirs" if at == other else line for at, line in enumerate(lines)]
    both = [
        f"{line} ours" if at == one else f"{line} theirs" if at == other else line
        for at, line in enumerate(lines)
    ]
    merged = merge3(joined(lines), joined(ours), joined(theirs))
    assert not merged.conflict
    assert merged.data == joined(both)


@given(unlike, unlike, unlike)
def test_with_both_wanted_no_line_that_came_is_lost(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    merged = merge3(joined(base), joined(ours), joined(theirs), both=True)
    if merged.conflict:
        return
    found = Counter(merged.data.split(b"\n"))
    come = (set(ours) | set(theirs)) - set(base)
    assert all(found[line.encode()] for line in come)


@given(unlike, st.integers(0, 12), st.integers(0, 12))
def test_lines_put_in_at_one_place_clash_unless_both_are_wanted(
    lines: list[str], ours_at: int, theirs_at: int
) -> None:
    first, second = min(ours_at, len(lines)), min(theirs_at, len(lines))
    ours = [*lines[:first], "ours", *lines[first:]]
    theirs = [*lines[:second], "theirs", *lines[second:]]
    merged = merge3(joined(lines), joined(ours), joined(theirs))
    assert merged.conflict == (first == second)
    both = merge3(joined(lines), joined(ours), joined(theirs), both=True)
    assert not both.conflict
    assert sorted(both.data.split()) == sorted(joined([*lines, "ours", "theirs"]).split())


# Saved over by an editor.


@given(unlike, unlike)
def test_a_change_that_stands_and_one_that_is_gone(before: list[str], after: list[str]) -> None:
    old, new = joined(before), joined(after)
    assert stands(old, new, new)
    if set(before) != set(after):
        assert not stands(old, new, old)


@given(unlike, st.integers(0, 12), st.lists(st.sampled_from("abc"), max_size=4))
def test_made_again_the_line_is_there_once_and_the_owners_stay(
    before: list[str], at: int, mine: list[str]
) -> None:
    after = [*before[:at], "ours", *before[at:]]
    now = joined([*mine, *before])
    again = make_again(joined(before), joined(after), now)
    assert again.split(b"\n").count(b"ours") == 1
    assert [line for line in again.split(b"\n") if line != b"ours"] == now.split(b"\n")
    assert stands(joined(before), joined(after), again)
