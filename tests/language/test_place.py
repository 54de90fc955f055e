"""Time zones by the names that people use."""

from __future__ import annotations

import zoneinfo

import pytest

from octopus.language.lexicon import languages, load
from octopus.language.place import zone_of
from tests.language.reading import say


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("Tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao_paulo", "America/Sao_Paulo"),
        ("EUROPE/LISBON", "Europe/Lisbon"),
        ("America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("Port-au-Prince", "America/Port-au-Prince"),
        ("St. Johns", "America/St_Johns"),
        ("Munich", "Europe/Berlin"),
        ("Tokio", "Asia/Tokyo"),
        ("Токио", "Asia/Tokyo"),
        ("东京", "Asia/Tokyo"),
        ("Londres", "Europe/London"),
        ("Лондоне", "Europe/London"),
        ("Києві", "Europe/Kyiv"),
        ("Нью-Йорке", "America/New_York"),
        ("nueva york", "America/New_York"),
        ("Ciudad de México", "America/Mexico_City"),
        ("Pékin", "Asia/Shanghai"),
        ("Zürich", "Europe/Zurich"),
        ("Monaco di Baviera", "Europe/Berlin"),
        ("В'єтнамі", "Asia/Ho_Chi_Minh"),
        ("UTC", "UTC"),
        ("GMT", "GMT"),
    ],
)
def test_known(place: str, zone: str) -> None:
    assert zone_of(place) == zone
    zoneinfo.ZoneInfo(zone)


@pytest.mark.parametrize("place", ["", "Atlantis", "trouble", "../etc/passwd", "\0", "a" * 999])
def test_unknown(place: str) -> None:
    assert zone_of(place) is None


def test_every_zone_is_found_by_its_own_name_and_is_one() -> None:
    for name in zoneinfo.available_timezones():
        found = zone_of(name)
        assert found is not None
        assert found == name or found.casefold() in name.casefold() or "/" not in name, name


@pytest.mark.parametrize("code", languages())
def test_every_place_of_a_language_is_found_in_a_zone_that_exists(code: str) -> None:
    places = load(code).data["places"]
    assert len(places) >= 55
    for zone, said in places.items():
        assert zone in zoneinfo.available_timezones()
        for name in said.split("|"):
            assert name.strip() == name != ""
            assert zone_of(name) is not None, name


#: Sixty places that people name most, as three scripts call them.
MANY = (
    "London Париж Берлин Madrid Рим Lisboa Dublin Brüssel Amsterdam Zürich Wien Praha Warschau "
    "Budapest Bukarest Sofia Athen Istanbul Helsinki Stockholm Oslo Kopenhagen Riga Tallinn "
    "Вильнюс Минск Київ Moskau Dubái Teherán Jerusalén Il-Cairo Casablanca Nairobi Lagos "
    "Johannesburg Karachi Делі 曼谷 雅加达 吉隆坡 新加坡 马尼拉 香港 上海 台北 首尔 东京 悉尼 "
    "墨尔本 奥克兰 檀香山 纽约 芝加哥 洛杉矶 多伦多 温哥华 "
    "墨西哥城 波哥大 利马 布宜诺斯艾利斯 圣保罗"
)


def test_the_places_that_people_name_most() -> None:
    unknown = [name for name in MANY.split() if zone_of(name) is None]
    assert unknown == ["Praha"]  # as only those who live there call it


LIVES = [
    ("en", "I live in Tokyo now", "Tokyo"),
    ("en", "I'm in Lisbon this week", "Lisbon"),
    ("en", "I'm in New York until Friday", "New York"),
    ("en", "we've moved to Munich", "Munich"),
    ("en", "set my clock to Tokyo", "Tokyo"),
    ("de", "ich bin jetzt in Tokio", "Tokio"),
    ("de", "ich wohne jetzt in Mailand", "Mailand"),
    ("de", "ich bin bis Freitag in der Schweiz", "Schweiz"),
    ("es", "ahora estoy en Tokio", "Tokio"),
    ("es", "vivo en Londres ahora", "Londres"),
    ("es", "mi zona horaria es Nueva York", "Nueva York"),
    ("fr", "je suis en Chine cette semaine", "Chine"),
    ("fr", "j'habite à Londres maintenant", "Londres"),
    ("it", "sono a Milano questa settimana", "Milano"),
    ("it", "ora vivo a Londra", "Londra"),
    ("pt", "tô no Rio de Janeiro agora", "Rio de Janeiro"),
    ("pt", "agora moro em Tóquio", "Tóquio"),
    ("ru", "мой часовой пояс Токио", "Токио"),
    ("ru", "я живу в Лондоне", "Лондоне"),
    ("ru", "я переехала в Москву", "Москву"),
    ("ru", "на этой неделе я в Лиссабоне", "Лиссабоне"),
    ("uk", "я зараз у Токіо", "Токіо"),
    ("uk", "на цьому тижні я в Празі", "Празі"),
    ("zh", "我现在在东京", "东京"),
    ("zh", "我这周在里斯本", "里斯本"),
    ("zh", "把时区改成东京", "东京"),
]


@pytest.mark.parametrize(("code", "text", "place"), LIVES)
def test_where_the_owner_is(code: str, text: str, place: str) -> None:
    meaning = say(text, language=code)
    assert (meaning.intent, meaning.args) == ("zone.set", {"place": place})
    assert zone_of(place) is not None


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "what time zone am I in"),
        ("en", "what's my time zone?"),
        ("de", "in welcher Zeitzone bin ich?"),
        ("es", "en qué zona horaria estoy"),
        ("fr", "quel est mon fuseau horaire ?"),
        ("it", "che fuso orario uso?"),
        ("pt", "qual é o meu fuso horário?"),
        ("ru", "какой у меня часовой пояс"),
        ("uk", "який у мене часовий пояс"),
        ("zh", "我在哪个时区"),
    ],
)
def test_which_zone_it_is(code: str, text: str) -> None:
    meaning = say(text, language=code)
    assert (meaning.intent, meaning.args) == ("zone.set", {"place": None})


@pytest.mark.parametrize(
    "text",
    [
        "I'm in Lisbon next week",
        "I'm in a meeting now",
        "i'm in trouble now",
        "I moved to the second floor",
        "I live in Lisbon and work in Porto",
        "ich bin im Stau",
        "estoy en casa ahora",
        "je suis à la maison",
        "я в магазине",
    ],
)
def test_what_names_no_place_of_now_changes_no_clock(text: str) -> None:
    assert say(text).intent == "note.add"
