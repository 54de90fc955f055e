"""What is said of lists, in nine languages."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages
from octopus.language.list_sentence import onto
from octopus.language.shopping import is_shopping
from tests.language.reading import say

BUYING = [
    ("en", "what do we still need to buy"),
    ("de", "was müssen wir noch einkaufen"),
    ("es", "qué hay que comprar"),
    ("fr", "qu'est-ce qu'il faut acheter"),
    ("it", "cosa c'è da comprare"),
    ("pt", "o que tenho de comprar"),
    ("ru", "что мне надо купить"),
    ("uk", "що купити"),
    ("zh", "我们还要买什么"),
]
NAMED = [
    ("en", "what's on the shopping list", "shopping"),
    ("de", "was steht auf der einkaufsliste", "einkaufsliste"),
    ("es", "qué hay en la lista de la compra", "lista de la compra"),
    ("fr", "il y a quoi sur la liste de courses", "liste de courses"),
    ("it", "mostrami la lista della spesa", "spesa"),
    ("pt", "mostra a lista de compras", "compras"),
    ("ru", "покажи список покупок", "покупок"),
    ("uk", "що в списку покупок", "списку покупок"),
    ("zh", "购物清单上有什么", "购物清单"),
    ("en", "my shopping list please", "shopping list"),
    ("de", "einkaufsliste", "einkaufsliste"),
]
ADDED = [
    ("en", "add cheese to groceries", "groceries"),
    ("de", "setz cheese auf die einkaufsliste", "Einkaufsliste"),
    ("es", "añade cheese a la compra", "compra"),
    ("fr", "ajoute cheese aux courses", "courses"),
    ("it", "aggiungi cheese alla spesa", "spesa"),
    ("pt", "adiciona cheese às compras", "compras"),
    ("ru", "добавь cheese в покупки", "покупки"),
    ("uk", "додай cheese до покупок", "покупок"),
    ("zh", "把cheese加到买菜单", "买菜单"),
]


@pytest.mark.parametrize(("language", "text"), BUYING)
def test_what_there_is_to_buy(language: str, text: str) -> None:
    meaning = say(text, language=language)
    assert (meaning.intent, meaning.args) == ("list.show", {"list": None})


@pytest.mark.parametrize(("language", "text", "name"), NAMED)
def test_a_shopping_list_by_its_name(language: str, text: str, name: str) -> None:
    meaning = say(text, language=language)
    assert (meaning.intent, meaning.args) == ("list.show", {"list": name})
    assert is_shopping(name)


@pytest.mark.parametrize(("language", "text", "name"), ADDED)
def test_onto_the_shopping_list(language: str, text: str, name: str) -> None:
    meaning = say(text, language=language)
    assert (meaning.intent, meaning.args) == ("todo.add_many", {"items": ["cheese"], "list": name})
    assert is_shopping(name)


def test_every_language_has_its_lists() -> None:
    for table in ([*BUYING], [row[:2] for row in NAMED], [row[:2] for row in ADDED]):
        assert {language for language, _ in table} == set(languages())


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("show the packing list", "list.show"),
        ("show my todo list", "todo.list"),
        ("what's on my todo list", "todo.list"),
        ("what's on friday", "agenda"),
        ("open Groceries", "note.open"),
        ("show the note groceries", "note.open"),
        ("groceries: milk, eggs", "todo.add_many"),
        ("add salt to the soup", "todo.add"),
        ("what should I get Anna for her birthday", "chat"),
    ],
)
def test_what_lies_beside(text: str, intent: str) -> None:
    assert say(text).intent == intent


@pytest.mark.parametrize(
    ("language", "text", "things", "name"),
    [
        ("en", "add torch to packing", ["torch"], "packing"),
        ("en", "tea and milk to the camp list", ["tea", "milk"], "camp list"),
        ("de", "stirnlampe zur packliste", ["stirnlampe"], "packliste"),
        ("zh", "把帐篷加到行李清单", ["帐篷"], "行李"),
    ],
)
def test_what_may_go_onto_a_list(language: str, text: str, things: list[str], name: str) -> None:
    assert (things, name) in list(onto(text, language))


def test_what_names_no_list_goes_onto_none() -> None:
    assert list(onto("call Ann", "en")) == []
