"""The parts below the rules: folding, cutting, templates, typos, lists, language data."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from octopus.language import dates, lists
from octopus.language.detect import candidates, scores
from octopus.language.lexicon import languages, load
from octopus.language.said import SHAPES
from octopus.language.scan import Scan
from octopus.language.template import Template
from octopus.language.token import Text, fold, words

DATA = Path(__file__).parents[2] / "octopus" / "language" / "data"


class TestFolding:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("Straße ÄÖÜ", "straße aou"),
            ("Mañana À ÇA", "manana a ca"),
            ("Ёлка Й", "елка й"),
            ("Її Ґанок", "її ґанок"),
            ("“a” «b» „c“", '"a" "b" "c"'),
            ("９：３０，好。", "9:30,好."),
            ("a\u00a0b\u200bc", "a b c"),
            ("d’accord", "d'accord"),
            ("\x00x\x1f", " x "),
        ],
    )
    def test_small_letters_without_accents(self, text: str, folded: str) -> None:
        assert fold(text) == folded

    @pytest.mark.parametrize("text", ["İstanbul", "ŒUVRE", "ﬁn", "ǅ", "ẞ", "👍🏽 ok", "\u0130" * 9])
    def test_the_length_stays(self, text: str) -> None:
        assert len(fold(text)) == len(text)

    @pytest.mark.parametrize("text", ["café à Zürich", "ёжик", "mañana è già", "нью-йорк"])
    def test_combining_accents_fold_alike_and_lead_back(self, text: str) -> None:
        apart = unicodedata.normalize("NFD", text)
        folded = Text(apart)
        assert folded.norm == fold(text)
        assert folded.cut(0, len(folded.norm)) == apart


class TestText:
    def test_tokens_know_where_they_stood(self) -> None:
        text = Text("Remind me: 5 Äpfel!")
        assert [token.text for token in text.tokens] == ["remind", "me", ":", "5", "apfel", "!"]
        assert text.cut(text.tokens[4].start, text.tokens[4].end) == "Äpfel"

    def test_han_is_cut_by_character_and_latin_by_word(self) -> None:
        assert words("买2本iPad书") == ("买", "2", "本", "ipad", "书")

    def test_other_words_lead_back_to_the_message(self) -> None:
        text = Text("call ann tomorow at nine").replaced({2: "tomorrow"})
        assert text.norm == "call ann tomorrow at nine"
        assert text.cut(text.tokens[2].start, text.tokens[2].end) == "tomorow"
        assert text.cut(text.tokens[3].start, text.tokens[4].end) == "at nine"

    def test_nothing_to_replace_is_the_same_text(self) -> None:
        text = Text("x")
        assert text.replaced({}) is text


class TestTemplate:
    def test_a_choice_a_gap_and_a_slot(self) -> None:
        template = Template("x", "[please] (open|show) [the] note {note}")
        for said in ("open note a b", "please show the note a b", "show the note a b."):
            match = template.pattern.fullmatch(said)
            assert match is not None
            assert match["note"] == "a b"
        assert template.pattern.fullmatch("reopen note a") is None
        assert template.pattern.fullmatch("open notes a") is None

    def test_it_needs_one_of_its_words(self) -> None:
        assert Template("x", "[please] (open|show) note {note}").needs == {"open", "show"}
        assert Template("x", "{query} (is done|finished)").needs == {"is", "finished"}
        assert Template("x", "把{query}标记为完成").needs == {"把"}
        assert Template("x", "{date}").needs == frozenset()

    def test_han_needs_no_spaces(self) -> None:
        match = Template("x", "把{query}(改到|推迟到){when}").pattern.fullmatch("把牙医改到周四")
        assert match is not None
        assert (match["query"], match["when"]) == ("牙医", "周四")

    def test_a_name_stays_on_its_line(self) -> None:
        assert Template("x", "open {note}").pattern.fullmatch("open a\nb") is None


class TestTypos:
    @pytest.mark.parametrize(
        ("code", "typo", "word"),
        [
            ("en", "tomorrw", "tomorrow"),
            ("en", "tommorrow", "tomorrow"),
            ("en", "wendesday", "wednesday"),
            ("en", "thrusday", "thursday"),
            ("en", "remnid", "remind"),
            ("en", "minuts", "minutes"),
            ("de", "mittwohc", "mittwoch"),
            ("de", "dienstg", "dienstag"),
            ("ru", "понедельнк", "понедельник"),
            ("es", "miercolse", "miercoles"),
            ("fr", "vendrdi", "vendredi"),
            ("it", "gioverdi", "giovedi"),
            ("pt", "segnda", "segunda"),
        ],
    )
    def test_one_letter_off(self, code: str, typo: str, word: str) -> None:
        assert load(code).typos.corrected(typo) == word

    @pytest.mark.parametrize(
        ("code", "word"),
        [
            ("en", "match"),
            ("en", "mundane"),
            ("en", "notes"),
            ("en", "money"),
            ("en", "fri"),
            ("en", "xyzzy"),
            ("de", "mutter"),
            ("pt", "escrevi"),
            ("ru", "места"),
            ("fr", "marche"),
        ],
    )
    def test_other_words_stay(self, code: str, word: str) -> None:
        assert load(code).typos.corrected(word) is None

    def test_destructive_words_are_never_guessed(self) -> None:
        for code in languages():
            language = load(code)
            for template in language.templates:
                if template.intent in {"note.delete", "note.rename"}:
                    for word in template.needs:
                        broken = word[:2] + word[3:]
                        assert language.typos.corrected(broken) != word or len(word) < 5, word


class TestDetection:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("remind me to call the plumber", "en"),
            ("bitte erinnere mich an den Termin", "de"),
            ("надо позвонить маме", "ru"),
            ("треба подзвонити мамі", "uk"),
            ("hay que llamar al fontanero", "es"),
            ("il faut appeler le plombier", "fr"),
            ("devo chiamare l'idraulico", "it"),
            ("preciso de ligar ao canalizador", "pt"),
            ("给水管工打电话", "zh"),
        ],
    )
    def test_small_words_tell(self, text: str, code: str) -> None:
        assert next(iter(candidates(Text(text), "en"))) == code

    def test_without_a_sign_it_is_the_owners(self) -> None:
        for code in ("en", "de", "pt"):
            assert next(iter(candidates(Text("xyzzy plugh"), code))) == code

    def test_an_unknown_language_of_the_owner_falls_back_to_english(self) -> None:
        assert "en" in candidates(Text("xyzzy"), "tlh")

    def test_links_tags_and_operators_say_nothing(self) -> None:
        assert scores(Text("https://example.com/das-ist-der-weg #der tag:#das")) == {}


class TestLists:
    def _items(self, text: str, code: str = "en") -> list[str]:
        return lists.items(Scan(Text(text), load(code)), 0)

    @pytest.mark.parametrize(
        ("code", "text", "items"),
        [
            ("en", "milk, eggs and bread", ["milk", "eggs", "bread"]),
            ("en", "1,5 l milk, 2 eggs", ["1,5 l milk", "2 eggs"]),
            ("en", "milk; eggs", ["milk", "eggs"]),
            ("de", "Milch, Eier und Brot", ["Milch", "Eier", "Brot"]),
            ("ru", "молоко, яйца и хлеб", ["молоко", "яйца", "хлеб"]),
            ("fr", "lait, œufs et pain", ["lait", "œufs", "pain"]),
            ("zh", "牛奶、鸡蛋和面包", ["牛奶", "鸡蛋", "面包"]),
            ("en", "- milk\n- [ ] eggs\n* bread", ["milk", "eggs", "bread"]),
            ("en", "1. milk\n2) eggs", ["milk", "eggs"]),
        ],
    )
    def test_items(self, code: str, text: str, items: list[str]) -> None:
        assert self._items(text, code) == items

    def test_bullets_on_every_line_make_a_list(self) -> None:
        assert lists.bulleted("- a\n- b")
        assert not lists.bulleted("- a")
        assert not lists.bulleted("- a\nand then we went home")


class TestDates:
    def test_months_end_where_they_end(self) -> None:
        assert dates.shifted(date(2026, 1, 31), 1, "month") == date(2026, 2, 28)
        assert dates.shifted(date(2028, 1, 31), 1, "month") == date(2028, 2, 29)
        assert dates.shifted(date(2028, 2, 29), 1, "year") == date(2029, 2, 28)
        assert dates.shifted(date(2026, 3, 31), -1, "month") == date(2026, 2, 28)

    def test_workdays_pass_over_weekends(self) -> None:
        friday = date(2026, 11, 20)
        assert dates.shifted(friday, 1, "workday") == date(2026, 11, 23)
        assert dates.shifted(friday, 5, "workday") == date(2026, 11, 27)
        assert dates.shifted(friday, 6, "workday") == date(2026, 11, 30)

    def test_beyond_the_calendar_there_is_nothing(self) -> None:
        assert dates.shifted(date(2026, 1, 1), 10**9, "day") is None
        assert dates.shifted(date(2026, 1, 1), 9000, "year") is None
        assert dates.shifted(date(2026, 1, 1), -3000, "year") is None
        assert dates.period(date(2026, 1, 1), "year", -3000) is None

    def test_the_next_such_date(self) -> None:
        assert dates.month_day(date(2026, 11, 20), 11, 20) == date(2026, 11, 20)
        assert dates.month_day(date(2026, 11, 20), 11, 19) == date(2027, 11, 19)
        assert dates.month_day(date(2026, 11, 20), 2, 29) == date(2028, 2, 29)
        assert dates.month_day(date(2026, 11, 20), 2, 30) is None
        assert dates.month_day(date(2026, 11, 20), 13, 1) is None
        assert dates.day_number(date(2027, 1, 30), 30) == date(2027, 3, 30)
        assert dates.day_number(date(2027, 1, 30), 32) is None

    def test_seasons(self) -> None:
        november = date(2026, 11, 20)
        assert dates.latest_season(november, "winter", 1) == (date(2025, 12, 1), date(2026, 2, 28))
        assert dates.latest_season(november, "autumn") == (date(2026, 9, 1), date(2026, 11, 30))
        assert dates.latest_season(november, "autumn", 1) == (date(2025, 9, 1), date(2025, 11, 30))
        assert dates.latest_month(november, 5) == (date(2026, 5, 1), date(2026, 5, 31))
        assert dates.latest_month(november, 12) == (date(2025, 12, 1), date(2025, 12, 31))


class TestData:
    def test_a_language_is_a_file(self) -> None:
        assert languages() == tuple(sorted(path.stem for path in DATA.glob("*.json")))
        assert set(languages()) >= {"en", "ru", "de", "es", "fr", "it", "pt", "uk", "zh"}

    def test_an_unknown_language_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            load("tlh")

    @pytest.mark.parametrize("code", languages())
    def test_every_language_says_what_english_says(self, code: str) -> None:
        english = json.loads((DATA / "en.json").read_text(encoding="utf-8"))
        here = json.loads((DATA / f"{code}.json").read_text(encoding="utf-8"))
        needed = "capture search ask daily list buy todo remind please filler_start filler_end "
        needed += "smalltalk undo correct done_reply question mine statement verbs everything "
        needed += "it alarm after common not_typos lines"
        assert set(needed.split()) <= set(here)
        assert here["code"] == code
        assert set(here["lines"]) == set(english["lines"])
        assert len(here["lines"]["days"].split()) == 7

    @pytest.mark.parametrize("code", languages())
    def test_every_language_knows_each_intent_with_a_sentence(self, code: str) -> None:
        intents = {template.intent for template in load(code).templates}
        assert intents >= {
            *("note.append", "note.delete", "note.rename", "note.open", "note.edit", "refuse"),
            *("todo.list", "todo.complete", "todo.reschedule", "reminder.list", "agenda"),
            *("ask", "link.save", "daily.append", "list.add", "snooze", "todo.drop"),
        }
        known = {*SHAPES, "refuse", "list.add", "list.todo", "snooze", "reschedule.ask"}
        assert intents <= known

    @pytest.mark.parametrize("code", languages())
    def test_every_template_compiles_and_asks_for_a_word(self, code: str) -> None:
        for template in load(code).templates:
            assert isinstance(template.pattern, re.Pattern)
            assert template.needs, template.said

    @pytest.mark.parametrize("code", languages())
    def test_every_language_has_the_words_of_the_calendar(self, code: str) -> None:
        kinds: dict[str, set[object]] = {}
        for entries in load(code).phrases.values():
            for entry in entries:
                kinds.setdefault(entry.kind, set()).add(entry.value)
        assert kinds["weekday"] == set(range(7))
        assert kinds["day"] >= {0, 1, 2, -1}
        assert kinds["unit"] >= {"minute", "hour", "day", "week", "month", "year"}
        assert kinds["in_part"] >= {"morning", "afternoon", "evening"}
        assert kinds["number"] >= set(range(1, 11))
        assert set(kinds["season"]) == {"spring", "summer", "autumn", "winter"}
        if code != "zh":
            assert kinds["month"] == set(range(1, 13))
