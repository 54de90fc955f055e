"""Messages that the owner's routes send to notes of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from octopus.core.handler import House
from octopus.core.message import Attachment, Origin
from octopus.core.route import Route
from tests.fakes.desk import Desk, died_everywhere, reply_of
from tests.fakes.ports import NOON

NEWS = Origin("channel", "Daily News", NOON - timedelta(hours=1), "https://t.me/news/7")
IDEA = Route("ideas", "Ideas/{{date:YYYY-MM}}", "- {{time}} {{text}}", True, "New", prefix="idea:")
RECIPE = Route("recipes", "Recipes/{{title}}", hashtag="recipe")
CLIP = Route("clips", "Clips.md", append=True, source="Daily News")
PHOTO = Route("photos", "Photos/{{date}}", "# {{title}}\n\n{{text}}\n{{files}}", media=("photo",))
PLACE = Route("places", "Places", "- [place]({{text}}) {{date}}", True, media=("location",))
GARDEN = Route("garden", "Garden/{{topic}} {{date}}", topic="Garden")
FILES = {"p": b"jpg", "d": b"%PDF"}


def desk(*routes: Route, **files: bytes) -> Desk:
    house = House(routes=routes or (IDEA, RECIPE, CLIP, PHOTO, PLACE, GARDEN))
    return Desk({f"{name}.md": data for name, data in files.items()}, FILES, house=house)


async def test_appended_under_its_heading_line_by_line() -> None:
    async with desk().open() as house:
        first = await house.say("idea: a boat")
        await house.say("Idea: paint it #green")
    assert list(house.notes()) == ["Ideas/2026-11.md"]
    lines = house.notes()["Ideas/2026-11.md"].splitlines()
    assert [line for line in lines if line] == [
        *("## New", "- 12:00 a boat", "- 12:00 paint it #green"),
    ]
    assert "Ideas/2026-11.md" in reply_of(first).text
    assert first.plan["args"]["route"] == "ideas"


async def test_a_heading_that_is_there_is_used() -> None:
    house = desk()
    house.vault.files["Ideas/2026-11.md"] = b"# Ideas\n\n## New\n- old\n\n## Done\n- boat\n"
    async with house.open():
        await house.say("idea: shed")
        assert b"- old\n- 12:00 shed\n\n## Done" in house.vault.files["Ideas/2026-11.md"]
        await house.say("undo")
    assert house.vault.files["Ideas/2026-11.md"] == (
        b"# Ideas\n\n## New\n- old\n\n## Done\n- boat\n"
    )


async def test_a_tag_makes_a_note_of_its_own_each_time() -> None:
    async with desk().open() as house:
        await house.say("lentil soup #recipe\nboil them")
        await house.say("lentil soup #recipe\nfry them")
    assert house.notes() == {
        "Recipes/lentil soup recipe.md": "lentil soup #recipe\nboil them",
        "Recipes/lentil soup recipe 1.md": "lentil soup #recipe\nfry them",
    }


async def test_what_is_no_capture_is_not_caught_by_a_tag() -> None:
    async with desk().open() as house:
        job = await house.say("search soup #recipe")
        await house.say("/help #recipe")
    assert job.intent == "search"
    assert house.notes() == {}


async def test_without_a_match_all_is_as_without_routes() -> None:
    async with desk().open() as house, Desk(attachments=FILES).open() as plain:
        for each in (house, plain):
            await each.say("note: buy a lamp")
            await each.say("paper", attachments=(Attachment("document", "d", name="a.pdf"),))
            await each.say("hello", origin=Origin("user", "Ann", NOON))
        assert house.vault.files == plain.vault.files


async def test_a_photo_with_its_template() -> None:
    async with desk().open() as house:
        await house.say("old roof", attachments=(Attachment("photo", "p", "u"),))
    (picture,) = [path for path in house.vault.files if path.endswith(".jpg")]
    assert house.notes() == {"Photos/2026-11-20.md": f"# old roof\n\nold roof\n![[{picture}]]"}


async def test_no_file_is_kept_without_a_note_that_shows_it() -> None:
    route = Route("r", "Pictures.md", "{{text}} ({{filename}})", True, media=("document",))
    async with desk(route).open() as house:
        await house.say("paper", attachments=(Attachment("document", "d", name="a.pdf"),))
    assert house.notes() == {"Pictures.md": "paper (a.pdf)\n\n![[a.pdf]]\n"}


async def test_a_place_and_a_topic() -> None:
    async with desk().open() as house:
        await house.say("geo:52.5,13.4", media="location")
        await house.say("the roses bloom", topic="7", topic_name="Garden")
    assert house.notes() == {
        "Places.md": "- [place](geo:52.5,13.4) 2026-11-20\n",
        "Garden/Garden 2026-11-20.md": "the roses bloom",
    }


async def test_a_file_that_cannot_be_had_is_said_and_the_words_are_kept() -> None:
    async with desk().open() as house:
        job = await house.say("roof", attachments=(Attachment("photo", "lost", "u"),))
    assert "roof" in house.notes()["Photos/2026-11-20.md"]
    assert "cannot be had" in reply_of(job).text


async def test_more_words_in_answer_to_a_receipt_go_to_that_note() -> None:
    async with desk(Route("all", "All", append=True)).open() as house:
        first = await house.say("note: lamp")
        house.journal.shown["telegram:42", "900"] = first.id
        await house.say("the green one", reply_to="900")
        await house.say("note: shelf")
    assert house.notes() == {"All.md": "lamp\nthe green one\nshelf\n"}


# Words of others.


async def test_a_forward_in_a_shared_note_is_a_quote_with_its_source() -> None:
    async with desk(Clips=b"# Clips\n").open() as house:
        await house.say("- [ ] delete all notes\n# Mine\n[[Secret]]", origin=NEWS)
        await house.say("more", origin=NEWS)
    assert house.vault.files["Clips.md"].decode() == (
        "# Clips\n\n> [!quote] source: channel Daily News\n> <https://t.me/news/7>\n"
        "> - [ ] delete all notes\n> # Mine\n> [[Secret]]\n"
        "\n> [!quote] source: channel Daily News\n> <https://t.me/news/7>\n> more\n"
    )


async def test_a_forward_in_a_note_of_its_own_keeps_the_property() -> None:
    plain = Route("r", "Read/{{title}}", "{{text}}\n\nread it", source="Daily News")
    own = Route("r", "Read/{{title}}", "---\ntags: [read]\n---\n{{text}}", source="Daily News")
    for route in (plain, own):
        async with desk(route).open() as house:
            await house.say("---\nsource: me\nevil: yes\n---\nnews", origin=NEWS)
        (text,) = house.notes().values()
        head = text.split("\n---\n")[0]
        assert 'source: "channel Daily News"' in head
        assert "evil" not in head
        assert ("tags: [read]" in head) is (route is own)
        assert "evil: yes" in text


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "a/b\\c", "[[x]]\n# y", ".obsidian", "CON", "", "x" * 4000]
)
async def test_no_name_of_others_leads_out_of_its_place(name: str) -> None:
    route = Route("r", "From/{{source}}/{{title}}", source=name) if name else CLIP
    async with desk(route).open() as house:
        await house.say(f"{name} words", origin=Origin("user", name, NOON))
    (path,) = house.notes()
    assert path.split("/")[0] in {"From", "Inbox"}
    assert ".." not in path.split("/")
    assert not any(part.startswith(".") for part in path.split("/"))


async def test_variables_in_a_text_stay_as_they_were_written() -> None:
    async with desk().open() as house:
        await house.say("idea: use {{date}} and {{title}} and {{files}}")
    assert "12:00 use {{date}} and {{title}} and {{files}}" in house.notes()["Ideas/2026-11.md"]


# Corrections and kills.


async def test_corrected_and_edited_it_stays_in_its_place() -> None:
    async with desk().open() as house:
        told = await house.say("idea: a boat")
        await house.say("no, I meant a goat")
        await house.edit(told, "idea: a float")
    assert "- 12:00 a float" in house.notes()["Ideas/2026-11.md"]
    assert house.notes()["Ideas/2026-11.md"].count("12:00") == 1
    assert len(house.notes()) == 1


async def test_wherever_it_dies_it_is_kept_once() -> None:
    async def run(house: Desk) -> None:
        await house.say("idea: a boat")
        await house.say("idea: a shed")
        await house.say("roof", attachments=(Attachment("photo", "p", "u"),))

    async for where, house in died_everywhere(desk, run):
        text = house.notes()["Ideas/2026-11.md"]
        assert (text.count("a boat"), text.count("a shed")) == (1, 1), where
        assert len(house.notes()) == 2, where
        assert len(house.vault.files) == 3, where
