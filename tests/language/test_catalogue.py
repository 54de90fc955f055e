"""The sentences: every language has the English placeholders, and numbers their forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import octopus
import octopus.backends.files
import octopus.backends.ollama.fault
from octopus.errors import OctopusError
from octopus.frontends.telegram.contact import Link
from octopus.language.catalogue import catalogue, plural, say
from octopus.language.todo_text import day_label

LANGUAGES = sorted(
    item.name.removesuffix(".toml")
    for item in (files("octopus.language") / "replies").iterdir()
    if item.name.endswith(".toml")
)
ENGLISH = catalogue("en")
HELP = {key for key in ENGLISH if key.startswith("help.")} - {"help.intro", "help.words"}


def forms(sentence: str | Mapping[str, str]) -> list[str]:
    """Every form of a sentence."""
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def holes(sentence: str | Mapping[str, str]) -> set[str]:
    """The placeholders of all forms together."""
    return {hole for form in forms(sentence) for hole in re.findall(r"\{(\w+)\}", form)}


def kinds(of: type[Exception]) -> set[type[Exception]]:
    """A class of errors with all below it."""
    return {of}.union(*(kinds(kind) for kind in of.__subclasses__()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_only_what_english_says(language: str) -> None:
    assert set(catalogue(language)) <= set(ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_has_a_file_says_all_that_english_says(language: str) -> None:
    spoken = catalogue(language)
    assert [key for key in ENGLISH if key not in spoken] == []
    for key, sentence in spoken.items():
        said = [bool(form.strip()) for form in forms(ENGLISH[key])]
        assert {bool(form.strip()) for form in forms(sentence)} == set(said), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_have_the_forms_that_the_language_counts_by(language: str) -> None:
    used = {plural(language, count) for count in range(200)} | {"other"}
    for key, sentence in catalogue(language).items():
        if isinstance(sentence, Mapping):
            assert "other" in sentence, key
            assert set(sentence) <= used, key


def test_what_the_code_says_is_in_the_catalogue() -> None:
    package = Path(octopus.__file__).parent
    said = {
        key
        for file in package.rglob("*.py")
        for key in re.findall(r"\bsay\(\s*[\w.]+,\s*['\"]([\w.]+)['\"]", file.read_text("utf-8"))
    }
    assert said <= set(ENGLISH)
    assert len(said) > 5


def test_nothing_stands_in_the_catalogue_that_is_never_said() -> None:
    package = Path(octopus.__file__).parent
    code = "".join(file.read_text("utf-8") for file in package.rglob("*.py"))
    named = {f"error.{kind.__name__}" for kind in kinds(OctopusError)}
    named |= {f"telegram.{link.name.lower()}" for link in Link}
    said = [key for key in ENGLISH if key not in HELP | named]
    assert [key for key in said if not re.search(rf"['\"]{re.escape(key)}['\"]", code)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_the_placeholders_of_the_english_one(language: str) -> None:
    for key, sentence in catalogue(language).items():
        assert holes(sentence) <= holes(ENGLISH[key]), key
        if isinstance(ENGLISH[key], str):
            assert holes(sentence) == holes(ENGLISH[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 11, 21, 22, 25, 111])
def test_every_sentence_can_be_said_for_every_number(language: str, count: int) -> None:
    for key in ENGLISH:
        values: dict[str, Any] = dict.fromkeys(holes(ENGLISH[key]), "x")
        said = say(language, key, **values | {"count": count})
        assert said.strip() or key in HELP
        assert "{" not in said


@pytest.mark.parametrize(
    ("count", "form"),
    [
        *((count, "many") for count in (0, 5, 11, 12, 14, 20, 25, 111, 114)),
        *((count, "few") for count in (2, 4, 22, 102)),
        *((count, "one") for count in (1, 21, 101)),
    ],
)
def test_russian_and_ukrainian_numbers(count: int, form: str) -> None:
    assert plural("ru", count) == plural("uk", count) == form


@pytest.mark.parametrize(
    ("language", "singular"), [("it", {1}), ("pt", {0, 1}), ("zh", set()), ("en", {1})]
)
def test_numbers_of_languages_with_two_forms_or_one(language: str, singular: set[int]) -> None:
    counts = (0, 1, 2, 5, 11, 21, 101, 1_000_000)
    assert {count for count in counts if plural(language, count) == "one"} == singular
    assert {plural(language, count) for count in set(counts) - singular} == {"other"}


def test_french_counts_nothing_as_one() -> None:
    assert [plural("fr", count) for count in (0, 1, 2, 11)] == ["one", "one", "other", "other"]
    assert say("fr", "stop.ended", count=0) == "0 tâche arrêtée."
    assert say("fr", "stop.ended", count=2) == "2 tâches arrêtées."


def test_english_and_german_numbers() -> None:
    assert [plural("en", count) for count in (0, 1, 2)] == ["other", "one", "other"]
    assert say("de", "stop.ended", count=1) == "1 Auftrag angehalten."
    assert say("de", "stop.ended", count=2) == "2 Aufträge angehalten."


@pytest.mark.parametrize("language", ["xx", "", "../en", "xx-Hant", "EN", "en_GB", "日本"])
def test_any_language_tag_is_answered(language: str) -> None:
    assert say(language, "button.undo") == "Undo"


def test_a_region_does_not_matter() -> None:
    assert say("de-AT", "button.undo") == say("de", "button.undo") == "Rückgängig"


def test_braces_in_values_stay_as_they_are() -> None:
    assert say("en", "note.saved", path="{0} {x}.md") == "Saved: {0} {x}.md"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_that_ends_with_a_full_stop_ends_the_sentence(language: str) -> None:
    day = day_label(date(2026, 11, 27), date(2026, 11, 20), language)
    said = say(language, "agenda.nothing", day=day)
    assert day in said
    assert said.endswith((".", "。"))
    assert ".." not in said


def test_only_a_full_stop_that_stands_there_already_is_left_out() -> None:
    assert say("de", "agenda.nothing", day="heute") == "Nichts geplant: heute."
    assert say("en", "note.saved", path="a..md") == "Saved: a..md"


def test_an_unknown_key_or_a_missing_value_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        say("en", "no.such")
    with pytest.raises(KeyError):
        say("en", "note.saved")


def test_the_same_words_are_not_said_for_two_languages() -> None:
    longer = [key for key in ENGLISH if key.startswith(("edited.", "chat.", "ask."))]
    for language in set(LANGUAGES) - {"en"}:
        assert not [key for key in longer if catalogue(language).get(key) == ENGLISH[key]]


def test_a_default_stands_where_nobody_has_the_sentence() -> None:
    assert say("en", "help.nothing", default="Keep a text") == "Keep a text"
    assert say("de", "help.note.add", default="Keep a text").startswith("Einen Text")
    with pytest.raises(KeyError):
        say("de", "help.nothing")
