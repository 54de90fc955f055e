"""What the owner tells of a day, a week or a month: an entry of that day's note, no to-do."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages, load
from tests.language.reading import say

YESTERDAY, TODAY = "2026-11-19", "2026-11-20"

TOLD = [
    ("en", "yesterday I slept badly", YESTERDAY),
    ("en", "yesterday slept badly", YESTERDAY),
    ("en", "last night I slept badly", YESTERDAY),
    ("en", "today finished the report", TODAY),
    ("de", "gestern gut geschlafen", YESTERDAY),
    ("de", "gestern habe ich gut geschlafen", YESTERDAY),
    ("de", "heute Müll rausgebracht", TODAY),
    ("es", "ayer dormí bien", YESTERDAY),
    ("es", "ayer no hice nada", YESTERDAY),
    ("es", "hoy comí bien", TODAY),
    ("fr", "hier j'ai bien dormi", YESTERDAY),
    ("fr", "hier, j'ai couru 10 km", YESTERDAY),
    ("fr", "aujourd'hui couru 5 km", TODAY),
    ("it", "ieri ho dormito bene", YESTERDAY),
    ("it", "ieri dormito male", YESTERDAY),
    ("pt", "ontem dormi bem", YESTERDAY),
    ("pt", "hoje corri 5 km", TODAY),
    ("ru", "вчера бегал 10 км", YESTERDAY),
    ("ru", "вчера отлично поспала", YESTERDAY),
    ("ru", "сегодня пробежал 5 км", TODAY),
    ("uk", "вчора бігав 10 км", YESTERDAY),
    ("uk", "вчора не спав", YESTERDAY),
    ("zh", "昨天睡得很好", YESTERDAY),
    ("zh", "今天跑了5公里", TODAY),
]
OF_A_PERIOD = [
    ("en", "this week I ran 30k", "weekly"),
    ("en", "this month I read four books", "monthly"),
    ("de", "diese Woche bin ich viel gelaufen", "weekly"),
    ("de", "diesen Monat habe ich vier Bücher gelesen", "monthly"),
    ("es", "esta semana dormí mal", "weekly"),
    ("es", "este mes leí cuatro libros", "monthly"),
    ("fr", "cette semaine j'ai mal dormi", "weekly"),
    ("fr", "ce mois-ci j'ai lu quatre livres", "monthly"),
    ("it", "questa settimana ho corso molto", "weekly"),
    ("it", "questo mese ho letto quattro libri", "monthly"),
    ("pt", "esta semana dormi mal", "weekly"),
    ("pt", "este mês li quatro livros", "monthly"),
    ("ru", "на этой неделе я закончил отчет", "weekly"),
    ("ru", "в этом месяце я прочитала четыре книги", "monthly"),
    ("uk", "цього тижня я закінчив звіт", "weekly"),
    ("uk", "цього місяця я прочитав чотири книги", "monthly"),
    ("zh", "这周我读了一本书", "weekly"),
    ("zh", "这个月我读了四本书", "monthly"),
]
WITH_COLON = [
    ("en", "this week: ", "this month: "),
    ("de", "diese Woche: ", "diesen Monat: "),
    ("es", "esta semana: ", "este mes: "),
    ("fr", "cette semaine : ", "ce mois-ci : "),
    ("it", "questa settimana: ", "questo mese: "),
    ("pt", "esta semana: ", "este mês: "),
    ("ru", "на этой неделе: ", "в этом месяце: "),
    ("uk", "цього тижня: ", "цього місяця: "),
    ("zh", "这周：", "这个月："),
]


ON_A_WEEKDAY = [  # heard on a Friday
    ("es", "el martes vino Laura a cenar", "2026-11-17"),
    ("es", "el viernes llamó mamá", "2026-11-13"),
    ("es", "El martes Laura trajo pan", "2026-11-17"),
    ("pt", "na terça a Laura veio jantar", "2026-11-17"),
    ("pt", "no sábado fui ao cinema", "2026-11-14"),
    ("ru", "во вторник приходила Лаура", "2026-11-17"),
    ("ru", "во вторник Лаура приходила в гости", "2026-11-17"),
    ("ru", "удалил зуб в понедельник", "2026-11-16"),
    ("uk", "у вівторок приходила Лаура", "2026-11-17"),
    ("uk", "видалив зуб у понеділок", "2026-11-16"),
]


@pytest.mark.parametrize(("code", "text", "day"), ON_A_WEEKDAY)
def test_a_weekday_on_which_something_happened_is_over(code: str, text: str, day: str) -> None:
    meaning = say(text, language=code)
    assert (meaning.intent, meaning.args) == ("daily.append", {"text": text, "date": day})


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("es", "movieron la reunión al jueves"),
        ("pt", "adiaram a reunião para quinta"),
        ("ru", "встречу перенесли на четверг"),
        ("uk", "зустріч перенесли на четвер"),
    ],
)
def test_what_was_moved_is_nothing_to_do(code: str, text: str) -> None:
    meaning = say(text, language=code)
    assert (meaning.intent, meaning.args["text"]) == ("note.add", text)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("es", "el sábado partido de fútbol"),
        ("es", "el martes vino y queso"),
        ("es", "el martes José al médico"),
        ("es", "el martes llamar a Ana"),
        ("pt", "na terça sushi com a Ana"),
        ("ru", "во вторник Людмила"),
        ("ru", "в субботу футбол с Леной"),
        ("ru", "встреча у вокзала в четверг"),
        ("ru", "в четверг купить журнал"),
        ("uk", "у суботу футбол з Оленою"),
        ("uk", "збір батьків у четвер"),
    ],
)
def test_a_weekday_with_something_to_do_is_ahead(code: str, text: str) -> None:
    meaning = say(text, language=code)
    assert meaning.intent == "todo.add"
    assert meaning.args["due"] > TODAY


@pytest.mark.parametrize(("code", "text", "day"), TOLD)
def test_a_day(code: str, text: str, day: str) -> None:
    meaning = say(text, language=code)
    assert (meaning.intent, meaning.args) == ("daily.append", {"text": text, "date": day})


@pytest.mark.parametrize(("code", "text", "period"), OF_A_PERIOD)
def test_a_week_or_a_month(code: str, text: str, period: str) -> None:
    meaning = say(text, language=code)
    assert meaning.intent == "daily.append"
    assert meaning.args == {"text": text, "date": TODAY, "period": period}


@pytest.mark.parametrize(("code", "week", "month"), WITH_COLON)
def test_after_a_colon(code: str, week: str, month: str) -> None:
    for head, period in ((week, "weekly"), (month, "monthly")):
        meaning = say(f"{head}Rosa 7", language=code)
        assert meaning.intent == "daily.append"
        assert meaning.args == {"text": "Rosa 7", "date": TODAY, "period": period}


def test_every_language_tells() -> None:
    for some in (TOLD, OF_A_PERIOD, WITH_COLON):
        assert {row[0] for row in some} == set(languages())
    for code in languages():
        assert load(code).starts("past_skip")


@pytest.mark.parametrize(
    ("code", "text", "thing"),
    [
        ("en", "today I need to call Bob", "call Bob"),
        ("en", "today call Bob", "call Bob"),
        ("en", "today feed the cat", "feed the cat"),
        ("de", "heute muss ich Bob anrufen", "Bob anrufen"),
        ("de", "heute Bericht abgeben", "Bericht abgeben"),
        ("es", "hoy tengo que llamar a Ana", "llamar a Ana"),
        ("fr", "aujourd'hui je dois appeler Bob", "appeler Bob"),
        ("it", "oggi devo chiamare Bob", "chiamare Bob"),
        ("pt", "hoje preciso pagar o aluguel", "pagar o aluguel"),
        ("ru", "сегодня надо купить молоко", "купить молоко"),
        ("uk", "сьогодні треба купити молоко", "купити молоко"),
        ("zh", "今天我要买牛奶", "买牛奶"),
    ],
)
def test_what_is_still_to_be_done_is_a_to_do(code: str, text: str, thing: str) -> None:
    meaning = say(text, language=code)
    assert (meaning.intent, meaning.args["text"]) == ("todo.add", thing)
    assert meaning.args["due"] == TODAY


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "yesterday mum called"),
        ("en", "this week mum called"),
        ("de", "gestern hat Bob angerufen"),
        ("de", "diese Woche habe ich viel zu tun"),
        ("es", "ayer mamá llamó"),
        ("es", "ayer café con Ana"),
        ("pt", "ontem a mãe ligou"),
        ("it", "questa settimana ho molto da fare"),
        ("ru", "вчера мама звонила"),
        ("uk", "вчора мама дзвонила"),
        ("zh", "昨天妈妈打电话了"),
    ],
)
def test_what_others_did_is_a_note(code: str, text: str) -> None:
    meaning = say(text, language=code)
    assert (meaning.intent, meaning.args["text"]) == ("note.add", text)
