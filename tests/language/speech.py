"""How people of nine languages say days and times: words for the generated date expressions.

Written apart from the rules' own data, so that a slip in the one is found by the other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Speech:
    """The words of one language; ``{n}``, ``{day}`` ... are filled in by the test."""

    task: str  # something to do that holds no word of time
    command: str  # "remind me {when} {task}"
    weekdays: tuple[str, ...]  # after the preposition that they need, Monday first
    months: tuple[str, ...]  # as they stand after a day number
    today: str
    tomorrow: str
    after_tomorrow: str
    clock: str  # {h} and {m}
    date: str  # {d} and {month}
    date_year: str  # {d}, {month} and {y}
    numeric: str  # {d} and {m}
    in_minutes: str
    in_hours: str
    in_days: str
    in_weeks: str
    in_months: str
    end_of_month: str
    every_day: str
    every_weekday: str
    every_named: tuple[str, ...]
    every_n_days: str
    morning: str  # "tomorrow morning" is said {day} {part}
    evening: str
    by: str  # a deadline today: {h}
    two_times: str  # {h1} and {h2}
    nag: str  # after the command: {n} minutes
    never: str  # {n} days that no calendar has
    week_after: str = ""  # {day} is a weekday: that day of the week after the next such day
    fortnight_after: str = ""  # two weeks after it


def _each(before: str, words: str) -> tuple[str, ...]:
    """The words, each with what stands before it."""
    return tuple(before + word for word in words.split())


SPEECH = {
    "en": Speech(
        task="feed the parrot",
        command="remind me {when} to {task}",
        weekdays=_each("on ", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        months=_each(
            "",
            "January February March April May June July August September October November December",
        ),
        today="today",
        tomorrow="tomorrow",
        after_tomorrow="the day after tomorrow",
        clock="at {h}:{m:02}",
        date="on {d} {month}",
        date_year="on {month} {d}, {y}",
        numeric="on {d}/{m}",
        in_minutes="in {n} minutes",
        in_hours="in {n} hours",
        in_days="in {n} days",
        in_weeks="in {n} weeks",
        in_months="in {n} months",
        end_of_month="at the end of the month",
        every_day="every day",
        every_weekday="every weekday",
        every_named=_each("every ", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        every_n_days="every {n} days",
        morning="morning",
        evening="evening",
        by="by {h} today",
        two_times="at {h1} and {h2}",
        nag="and nag me every {n} minutes until done",
        never="in -{n} days",
        week_after="{day} week",
        fortnight_after="a fortnight on {day}",
    ),
    "de": Speech(
        task="den Papagei füttern",
        command="erinnere mich {when} daran {task}",
        weekdays=_each("am ", "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        months=_each(
            "", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
        ),
        today="heute",
        tomorrow="morgen",
        after_tomorrow="übermorgen",
        clock="um {h}:{m:02} Uhr",
        date="am {d}. {month}",
        date_year="am {d}. {month} {y}",
        numeric="am {d}.{m}.",
        in_minutes="in {n} Minuten",
        in_hours="in {n} Stunden",
        in_days="in {n} Tagen",
        in_weeks="in {n} Wochen",
        in_months="in {n} Monaten",
        end_of_month="am Ende des Monats",
        every_day="jeden Tag",
        every_weekday="jeden Werktag",
        every_named=_each("jeden ", "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        every_n_days="alle {n} Tage",
        morning="früh",
        evening="Abend",
        by="heute bis {h} Uhr",
        two_times="um {h1} und {h2} Uhr",
        nag="und nerv mich alle {n} Minuten",
        never="in -{n} Tagen",
    ),
    "ru": Speech(
        task="покормить попугая",
        command="напомни {when} {task}",
        weekdays=(
            "в понедельник",
            "во вторник",
            "в среду",
            "в четверг",
            "в пятницу",
            "в субботу",
            "в воскресенье",
        ),
        months=_each(
            "", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
        ),
        today="сегодня",
        tomorrow="завтра",
        after_tomorrow="послезавтра",
        clock="в {h}:{m:02}",
        date="{d} {month}",
        date_year="{d} {month} {y} года",
        numeric="{d}.{m}.",
        in_minutes="через {n} минут",
        in_hours="через {n} часов",
        in_days="через {n} дней",
        in_weeks="через {n} недель",
        in_months="через {n} месяцев",
        end_of_month="в конце месяца",
        every_day="каждый день",
        every_weekday="по будням",
        every_named=(
            "каждый понедельник",
            "каждый вторник",
            "каждую среду",
            "каждый четверг",
            "каждую пятницу",
            "каждую субботу",
            "каждое воскресенье",
        ),
        every_n_days="каждые {n} дней",
        morning="утром",
        evening="вечером",
        by="сегодня до {h}",
        two_times="в {h1} и в {h2}",
        nag="и напоминай каждые {n} минут, пока не сделаю",
        never="через -{n} дней",
    ),
    "uk": Speech(
        task="погодувати папугу",
        command="нагадай {when} {task}",
        weekdays=(
            "у понеділок",
            "у вівторок",
            "у середу",
            "у четвер",
            "у п'ятницю",
            "у суботу",
            "в неділю",
        ),
        months=_each(
            "",
            "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада "
            "грудня",
        ),
        today="сьогодні",
        tomorrow="завтра",
        after_tomorrow="післязавтра",
        clock="о {h}:{m:02}",
        date="{d} {month}",
        date_year="{d} {month} {y} року",
        numeric="{d}.{m}.",
        in_minutes="через {n} хвилин",
        in_hours="через {n} годин",
        in_days="через {n} днів",
        in_weeks="через {n} тижнів",
        in_months="через {n} місяців",
        end_of_month="в кінці місяця",
        every_day="щодня",
        every_weekday="по буднях",
        every_named=(
            "щопонеділка",
            "щовівторка",
            "щосереди",
            "щочетверга",
            "щоп'ятниці",
            "щосуботи",
            "щонеділі",
        ),
        every_n_days="кожні {n} днів",
        morning="вранці",
        evening="ввечері",
        by="сьогодні до {h}",
        two_times="о {h1} і о {h2}",
        nag="і нагадуй кожні {n} хвилин, поки не зроблю",
        never="через -{n} днів",
    ),
    "es": Speech(
        task="dar de comer al loro",
        command="recuérdame {when} {task}",
        weekdays=_each("el ", "lunes martes miércoles jueves viernes sábado domingo"),
        months=_each(
            "",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
            "diciembre",
        ),
        today="hoy",
        tomorrow="mañana",
        after_tomorrow="pasado mañana",
        clock="a las {h}:{m:02}",
        date="el {d} de {month}",
        date_year="el {d} de {month} de {y}",
        numeric="el {d}/{m}",
        in_minutes="dentro de {n} minutos",
        in_hours="en {n} horas",
        in_days="dentro de {n} días",
        in_weeks="en {n} semanas",
        in_months="dentro de {n} meses",
        end_of_month="a fin de mes",
        every_day="todos los días",
        every_weekday="entre semana",
        every_named=_each("cada ", "lunes martes miércoles jueves viernes sábado domingo"),
        every_n_days="cada {n} días",
        morning="por la mañana",
        evening="por la noche",
        by="hoy antes de las {h}",
        two_times="a las {h1} y a las {h2}",
        nag="e insiste cada {n} minutos hasta que lo haga",
        never="dentro de -{n} días",
    ),
    "fr": Speech(
        task="nourrir le perroquet",
        command="rappelle-moi {when} de {task}",
        weekdays=_each("", "lundi mardi mercredi jeudi vendredi samedi dimanche"),
        months=_each(
            "",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        ),
        today="aujourd'hui",
        tomorrow="demain",
        after_tomorrow="après-demain",
        clock="à {h}h{m:02}",
        date="le {d} {month}",
        date_year="le {d} {month} {y}",
        numeric="le {d}/{m}",
        in_minutes="dans {n} minutes",
        in_hours="dans {n} heures",
        in_days="dans {n} jours",
        in_weeks="dans {n} semaines",
        in_months="dans {n} mois",
        end_of_month="à la fin du mois",
        every_day="tous les jours",
        every_weekday="chaque jour ouvré",
        every_named=_each("chaque ", "lundi mardi mercredi jeudi vendredi samedi dimanche"),
        every_n_days="tous les {n} jours",
        morning="matin",
        evening="soir",
        by="aujourd'hui avant {h}h",
        two_times="à {h1}h et {h2}h",
        nag="et insiste toutes les {n} minutes",
        never="dans -{n} jours",
        week_after="{day} en huit",
        fortnight_after="{day} en quinze",
    ),
    "it": Speech(
        task="dare da mangiare al pappagallo",
        command="ricordami {when} di {task}",
        weekdays=_each("", "lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        months=_each(
            "",
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
            "dicembre",
        ),
        today="oggi",
        tomorrow="domani",
        after_tomorrow="dopodomani",
        clock="alle {h}:{m:02}",
        date="il {d} {month}",
        date_year="il {d} {month} {y}",
        numeric="il {d}/{m}",
        in_minutes="tra {n} minuti",
        in_hours="fra {n} ore",
        in_days="tra {n} giorni",
        in_weeks="tra {n} settimane",
        in_months="fra {n} mesi",
        end_of_month="alla fine del mese",
        every_day="ogni giorno",
        every_weekday="nei giorni feriali",
        every_named=_each("ogni ", "lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        every_n_days="ogni {n} giorni",
        morning="mattina",
        evening="sera",
        by="oggi entro le {h}",
        two_times="alle {h1} e alle {h2}",
        nag="e insisti ogni {n} minuti finché non è fatto",
        never="tra -{n} giorni",
        week_after="{day} a otto",
        fortnight_after="{day} a quindici",
    ),
    "pt": Speech(
        task="dar comida ao papagaio",
        command="lembra-me {when} de {task}",
        weekdays=(
            "na segunda",
            "na terça-feira",
            "na quarta",
            "na quinta-feira",
            "na sexta",
            "no sábado",
            "no domingo",
        ),
        months=_each(
            "",
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
            "dezembro",
        ),
        today="hoje",
        tomorrow="amanhã",
        after_tomorrow="depois de amanhã",
        clock="às {h}:{m:02}",
        date="no dia {d} de {month}",
        date_year="no dia {d} de {month} de {y}",
        numeric="no dia {d}/{m}",
        in_minutes="daqui a {n} minutos",
        in_hours="em {n} horas",
        in_days="daqui a {n} dias",
        in_weeks="em {n} semanas",
        in_months="daqui a {n} meses",
        end_of_month="no fim do mês",
        every_day="todos os dias",
        every_weekday="nos dias úteis",
        every_named=(
            "toda segunda",
            "toda terça",
            "toda quarta",
            "toda quinta",
            "toda sexta",
            "todo sábado",
            "todo domingo",
        ),
        every_n_days="a cada {n} dias",
        morning="de manhã",
        evening="à noite",
        by="hoje até às {h}",
        two_times="às {h1} e às {h2}",
        nag="e insiste a cada {n} minutos até eu fazer",
        never="daqui a -{n} dias",
    ),
    "zh": Speech(
        task="喂鹦鹉",
        command="{when}提醒我{task}",
        weekdays=("周一", "星期二", "周三", "礼拜四", "周五", "星期六", "周日"),
        months=tuple(f"{number}月" for number in range(1, 13)),
        today="今天",
        tomorrow="明天",
        after_tomorrow="后天",
        clock="{h}:{m:02}",
        date="{month}{d}日",
        date_year="{y}年{month}{d}日",
        numeric="{m}月{d}号",
        in_minutes="{n}分钟后",
        in_hours="{n}个小时后",
        in_days="{n}天后",
        in_weeks="{n}周后",
        in_months="{n}个月后",
        end_of_month="月底",
        every_day="每天",
        every_weekday="每个工作日",
        every_named=("每周一", "每星期二", "每周三", "每周四", "每周五", "每周六", "每周日"),
        every_n_days="每{n}天",
        morning="早上",
        evening="晚上",
        by="今天{h}点前",
        two_times="{h1}点和{h2}点",
        nag="，每{n}分钟提醒一次直到完成",
        never="-{n}天后",
    ),
}
