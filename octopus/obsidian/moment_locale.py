"""For month and day names, week rules and date forms in the languages of Obsidian's interface.

After the locale files of moment.js 2.30, which Obsidian ships. A language that is missing here
falls back to English, as moment does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_DEFAULT_FORMS = {
    "LTS": "HH:mm:ss",
    "LT": "HH:mm",
    "L": "DD/MM/YYYY",
    "LL": "D MMMM YYYY",
    "LLL": "D MMMM YYYY HH:mm",
    "LLLL": "dddd D MMMM YYYY HH:mm",
}
_AFTER_DAY = re.compile(r"D[oD]?(?:\[[^\[\]]*\]|\s)+MMMM?")


def _plain(number: int, kind: str) -> str:
    return str(number)


def _dot(number: int, kind: str) -> str:
    return f"{number}."


def _degree(number: int, kind: str) -> str:
    return f"{number}º"


def _english(number: int, kind: str) -> str:
    if number // 10 % 10 == 1:
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"


def _french(number: int, kind: str) -> str:
    if kind in "wW":
        return f"{number}{'re' if number == 1 else 'e'}"
    if number == 1:
        return f"{number}er"
    return str(number) if kind == "D" else f"{number}e"


def _dutch(number: int, kind: str) -> str:
    return f"{number}{'ste' if number in (1, 8) or number >= 20 else 'de'}"


def _russian(number: int, kind: str) -> str:
    endings = {"M": "-й", "d": "-й", "DDD": "-й", "D": "-го", "w": "-я", "W": "-я"}
    return f"{number}{endings.get(kind, '')}"


def _ukrainian(number: int, kind: str) -> str:
    endings = dict.fromkeys(("M", "d", "DDD", "w", "W"), "-й") | {"D": "-го"}
    return f"{number}{endings.get(kind, '')}"


def _chinese(number: int, kind: str) -> str:
    units = dict.fromkeys(("d", "D", "DDD"), "日") | {"M": "月", "w": "周", "W": "周"}
    return f"{number}{units.get(kind, '')}"


def _japanese(number: int, kind: str) -> str:
    return f"{number}日" if kind in ("d", "D", "DDD") else str(number)


def _am_pm(hour: int, minute: int) -> str:
    return "AM" if hour < 12 else "PM"


def _russian_part(hour: int, minute: int) -> str:
    return "ночи" if hour < 4 else "утра" if hour < 12 else "дня" if hour < 17 else "вечера"


def _ukrainian_part(hour: int, minute: int) -> str:
    return "ночі" if hour < 4 else "ранку" if hour < 12 else "дня" if hour < 17 else "вечора"


def _chinese_part(hour: int, minute: int) -> str:
    now = hour * 100 + minute
    parts = ((600, "凌晨"), (900, "早上"), (1130, "上午"), (1230, "中午"), (1800, "下午"))
    return next((name for until, name in parts if now < until), "晚上")


def _japanese_part(hour: int, minute: int) -> str:
    return "午前" if hour < 12 else "午後"


@dataclass(frozen=True, slots=True)
class Locale:
    """One language. Weekdays start with Sunday; ``first_day`` 0 is Sunday, too."""

    months: tuple[str, ...]
    months_short: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    weekdays_min: tuple[str, ...]
    first_day: int = 1
    january: int = 4  # the day of January that is always in week 1, as moment's 7 + dow - doy
    forms: dict[str, str] = field(default_factory=dict)
    ordinal: Callable[[int, str], str] = _plain
    meridiem: Callable[[int, int], str] = _am_pm
    months_after_day: tuple[str, ...] = ()  # the genitive, where a language has one
    short_after_day: tuple[str, ...] = ()

    def form(self, name: str) -> str:
        """The format that L, LL, LT ... stand for; the small ones are the short variants."""
        if name in self.forms:
            return self.forms[name]
        if name[0] == "l":
            long = self.form(name.upper())
            return re.sub(r"MMMM|MM|DD|dddd", lambda match: match.group()[1:], long)
        return _DEFAULT_FORMS[name]

    def month(self, index: int, form: str, short: bool) -> str:
        """The name of a month as it reads in ``form``."""
        if self.months_after_day and _AFTER_DAY.search(form):
            return (self.short_after_day if short else self.months_after_day)[index]
        return (self.months_short if short else self.months)[index]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("_"))


_CJK_MONTHS = _names("1月_2月_3月_4月_5月_6月_7月_8月_9月_10月_11月_12月")
_OF = {
    "LL": "D [de] MMMM [de] YYYY",
    "LLL": "D [de] MMMM [de] YYYY HH:mm",
    "LLLL": "dddd, D [de] MMMM [de] YYYY HH:mm",
}

LOCALES = {
    "en": Locale(
        _names(
            "January_February_March_April_May_June_July_August_September_October_November_December"
        ),
        _names("Jan_Feb_Mar_Apr_May_Jun_Jul_Aug_Sep_Oct_Nov_Dec"),
        _names("Sunday_Monday_Tuesday_Wednesday_Thursday_Friday_Saturday"),
        _names("Sun_Mon_Tue_Wed_Thu_Fri_Sat"),
        _names("Su_Mo_Tu_We_Th_Fr_Sa"),
        first_day=0,
        january=1,
        forms={
            "LTS": "h:mm:ss A",
            "LT": "h:mm A",
            "L": "MM/DD/YYYY",
            "LL": "MMMM D, YYYY",
            "LLL": "MMMM D, YYYY h:mm A",
            "LLLL": "dddd, MMMM D, YYYY h:mm A",
        },
        ordinal=_english,
    ),
    "de": Locale(
        _names(
            "Januar_Februar_März_April_Mai_Juni_Juli_August_September_Oktober_November_Dezember"
        ),
        _names("Jan._Feb._März_Apr._Mai_Juni_Juli_Aug._Sep._Okt._Nov._Dez."),
        _names("Sonntag_Montag_Dienstag_Mittwoch_Donnerstag_Freitag_Samstag"),
        _names("So._Mo._Di._Mi._Do._Fr._Sa."),
        _names("So_Mo_Di_Mi_Do_Fr_Sa"),
        forms={
            "L": "DD.MM.YYYY",
            "LL": "D. MMMM YYYY",
            "LLL": "D. MMMM YYYY HH:mm",
            "LLLL": "dddd, D. MMMM YYYY HH:mm",
        },
        ordinal=_dot,
    ),
    "fr": Locale(
        _names(
            "janvier_février_mars_avril_mai_juin_juillet_août_septembre_octobre_novembre_décembre"
        ),
        _names("janv._févr._mars_avr._mai_juin_juil._août_sept._oct._nov._déc."),
        _names("dimanche_lundi_mardi_mercredi_jeudi_vendredi_samedi"),
        _names("dim._lun._mar._mer._jeu._ven._sam."),
        _names("di_lu_ma_me_je_ve_sa"),
        ordinal=_french,
    ),
    "es": Locale(
        _names(
            "enero_febrero_marzo_abril_mayo_junio_julio_agosto_septiembre_octubre_noviembre_diciembre"
        ),
        _names("ene._feb._mar._abr._may._jun._jul._ago._sep._oct._nov._dic."),
        _names("domingo_lunes_martes_miércoles_jueves_viernes_sábado"),
        _names("dom._lun._mar._mié._jue._vie._sáb."),
        _names("do_lu_ma_mi_ju_vi_sá"),
        forms={
            "LTS": "H:mm:ss",
            "LT": "H:mm",
            "LL": "D [de] MMMM [de] YYYY",
            "LLL": "D [de] MMMM [de] YYYY H:mm",
            "LLLL": "dddd, D [de] MMMM [de] YYYY H:mm",
        },
        ordinal=_degree,
    ),
    "it": Locale(
        _names(
            "gennaio_febbraio_marzo_aprile_maggio_giugno_luglio_agosto_settembre_ottobre_novembre_dicembre"
        ),
        _names("gen_feb_mar_apr_mag_giu_lug_ago_set_ott_nov_dic"),
        _names("domenica_lunedì_martedì_mercoledì_giovedì_venerdì_sabato"),
        _names("dom_lun_mar_mer_gio_ven_sab"),
        _names("do_lu_ma_me_gi_ve_sa"),
        ordinal=_degree,
    ),
    "pt": Locale(
        _names(
            "janeiro_fevereiro_março_abril_maio_junho_julho_agosto_setembro_outubro_novembro_dezembro"
        ),
        _names("jan_fev_mar_abr_mai_jun_jul_ago_set_out_nov_dez"),
        _names("Domingo_Segunda-feira_Terça-feira_Quarta-feira_Quinta-feira_Sexta-feira_Sábado"),
        _names("Dom_Seg_Ter_Qua_Qui_Sex_Sáb"),
        _names("Do_2ª_3ª_4ª_5ª_6ª_Sá"),
        forms=_OF,
        ordinal=_degree,
    ),
    "pt-br": Locale(
        _names(
            "janeiro_fevereiro_março_abril_maio_junho_julho_agosto_setembro_outubro_novembro_dezembro"
        ),
        _names("jan_fev_mar_abr_mai_jun_jul_ago_set_out_nov_dez"),
        _names("domingo_segunda-feira_terça-feira_quarta-feira_quinta-feira_sexta-feira_sábado"),
        _names("dom_seg_ter_qua_qui_sex_sáb"),
        _names("do_2ª_3ª_4ª_5ª_6ª_sá"),
        first_day=0,
        january=1,
        forms={
            "LL": "D [de] MMMM [de] YYYY",
            "LLL": "D [de] MMMM [de] YYYY [às] HH:mm",
            "LLLL": "dddd, D [de] MMMM [de] YYYY [às] HH:mm",
        },
        ordinal=_degree,
    ),
    "nl": Locale(
        _names(
            "januari_februari_maart_april_mei_juni_juli_augustus_september_oktober_november_december"
        ),
        _names("jan._feb._mrt._apr._mei_jun._jul._aug._sep._okt._nov._dec."),
        _names("zondag_maandag_dinsdag_woensdag_donderdag_vrijdag_zaterdag"),
        _names("zo._ma._di._wo._do._vr._za."),
        _names("zo_ma_di_wo_do_vr_za"),
        forms={"L": "DD-MM-YYYY"},
        ordinal=_dutch,
    ),
    "pl": Locale(
        _names(
            "styczeń_luty_marzec_kwiecień_maj_czerwiec_lipiec_sierpień_wrzesień_październik_listopad_grudzień"
        ),
        _names("sty_lut_mar_kwi_maj_cze_lip_sie_wrz_paź_lis_gru"),
        _names("niedziela_poniedziałek_wtorek_środa_czwartek_piątek_sobota"),
        _names("ndz_pon_wt_śr_czw_pt_sob"),
        _names("Nd_Pn_Wt_Śr_Cz_Pt_So"),
        forms={"L": "DD.MM.YYYY", "LLLL": "dddd, D MMMM YYYY HH:mm"},
        ordinal=_dot,
        months_after_day=_names(
            "stycznia_lutego_marca_kwietnia_maja_czerwca_lipca_sierpnia_września_października_listopada_grudnia"
        ),
        short_after_day=_names("sty_lut_mar_kwi_maj_cze_lip_sie_wrz_paź_lis_gru"),
    ),
    "ru": Locale(
        _names("январь_февраль_март_апрель_май_июнь_июль_август_сентябрь_октябрь_ноябрь_декабрь"),
        _names("янв._февр._март_апр._май_июнь_июль_авг._сент._окт._нояб._дек."),
        _names("воскресенье_понедельник_вторник_среда_четверг_пятница_суббота"),
        _names("вс_пн_вт_ср_чт_пт_сб"),
        _names("вс_пн_вт_ср_чт_пт_сб"),
        forms={
            "LTS": "H:mm:ss",
            "LT": "H:mm",
            "L": "DD.MM.YYYY",
            "LL": "D MMMM YYYY г.",
            "LLL": "D MMMM YYYY г., H:mm",
            "LLLL": "dddd, D MMMM YYYY г., H:mm",
        },
        ordinal=_russian,
        meridiem=_russian_part,
        months_after_day=_names(
            "января_февраля_марта_апреля_мая_июня_июля_августа_сентября_октября_ноября_декабря"
        ),
        short_after_day=_names("янв._февр._мар._апр._мая_июня_июля_авг._сент._окт._нояб._дек."),
    ),
    "uk": Locale(
        _names(
            "січень_лютий_березень_квітень_травень_червень_липень_серпень_вересень_жовтень_листопад_грудень"
        ),
        _names("січ_лют_бер_квіт_трав_черв_лип_серп_вер_жовт_лист_груд"),
        _names("неділя_понеділок_вівторок_середа_четвер_п’ятниця_субота"),
        _names("нд_пн_вт_ср_чт_пт_сб"),
        _names("нд_пн_вт_ср_чт_пт_сб"),
        forms={
            "L": "DD.MM.YYYY",
            "LL": "D MMMM YYYY р.",
            "LLL": "D MMMM YYYY р., HH:mm",
            "LLLL": "dddd, D MMMM YYYY р., HH:mm",
        },
        ordinal=_ukrainian,
        meridiem=_ukrainian_part,
        months_after_day=_names(
            "січня_лютого_березня_квітня_травня_червня_липня_серпня_вересня_жовтня_листопада_грудня"
        ),
        short_after_day=_names("січ_лют_бер_квіт_трав_черв_лип_серп_вер_жовт_лист_груд"),
    ),
    "zh-cn": Locale(
        _names("一月_二月_三月_四月_五月_六月_七月_八月_九月_十月_十一月_十二月"),
        _CJK_MONTHS,
        _names("星期日_星期一_星期二_星期三_星期四_星期五_星期六"),
        _names("周日_周一_周二_周三_周四_周五_周六"),
        _names("日_一_二_三_四_五_六"),
        forms={
            "L": "YYYY/MM/DD",
            "LL": "YYYY年M月D日",
            "LLL": "YYYY年M月D日Ah点mm分",
            "LLLL": "YYYY年M月D日ddddAh点mm分",
            "l": "YYYY/M/D",
            "ll": "YYYY年M月D日",
            "lll": "YYYY年M月D日 HH:mm",
            "llll": "YYYY年M月D日dddd HH:mm",
        },
        ordinal=_chinese,
        meridiem=_chinese_part,
    ),
    "ja": Locale(
        _names("一月_二月_三月_四月_五月_六月_七月_八月_九月_十月_十一月_十二月"),
        _CJK_MONTHS,
        _names("日曜日_月曜日_火曜日_水曜日_木曜日_金曜日_土曜日"),
        _names("日_月_火_水_木_金_土"),
        _names("日_月_火_水_木_金_土"),
        first_day=0,
        january=1,
        forms={
            "L": "YYYY/MM/DD",
            "LL": "YYYY年M月D日",
            "LLL": "YYYY年M月D日 HH:mm",
            "LLLL": "YYYY年M月D日 dddd HH:mm",
            "l": "YYYY/MM/DD",
            "ll": "YYYY年M月D日",
            "lll": "YYYY年M月D日 HH:mm",
            "llll": "YYYY年M月D日(ddd) HH:mm",
        },
        ordinal=_japanese,
        meridiem=_japanese_part,
    ),
}
_ALIASES = {"zh": "zh-cn", "pt-pt": "pt"}


def locale(name: str) -> Locale:
    """The locale for a language tag such as "de" or "pt-BR"; English where it is not known."""
    tag = name.lower().replace("_", "-")
    for each in (tag, _ALIASES.get(tag, ""), tag.split("-")[0]):
        found = LOCALES.get(_ALIASES.get(each, each))
        if found:
            return found
    return LOCALES["en"]
