"""Every word that Rapport says, by key, in English and Chinese.

`Voice` says them: in one language, by one clock. A text holds `**bold**`, `` `code` `` and
`{name}` for a value; `{count:ticket|tickets}` is a number with the word that fits it. Values are
data: nothing in them is ever read as markup.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from handlers.amounts import of_units
from handlers.message import BOLD, CODE, ITALIC, PLAIN, Reply, Span, Text, Words, flat
from handlers.texts.chinese import CHINESE
from handlers.texts.english import ENGLISH

LANGUAGES: dict[str, dict[str, str]] = {"en": ENGLISH, "zh": CHINESE}

_STYLED = re.compile(r"(\*\*.+?\*\*|__.+?__|`.+?`)", re.DOTALL)
_FIELD = re.compile(r"\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}")


def language_of(code: str | None) -> str:
    """The language that we speak nearest to a code such as "zh-hans" or "de"."""
    return "zh" if (code or "").lower().startswith("zh") else "en"


@dataclass(frozen=True)
class Voice:
    """Rapport speaking to one person: their language, their clock."""

    language: str = "en"
    zone: str = "UTC"

    def __post_init__(self) -> None:
        # A customer's language may be one that we do not speak.
        if self.language not in LANGUAGES:
            object.__setattr__(self, "language", language_of(self.language))

    def words(self, key: str, **values: Any) -> Words:
        """The text of `key` with its values in place."""
        texts = LANGUAGES.get(self.language, ENGLISH)
        return tuple(self._spans(texts[key], values))

    def knows(self, key: str) -> bool:
        """Whether there are words for it."""
        return key in ENGLISH

    def say(self, key: str, **values: Any) -> str:
        """The same without styles, for labels and titles."""
        return flat(self.words(key, **values))

    def reply(self, key: str, **values: Any) -> Reply:
        """A reply of one paragraph."""
        return Reply((Text(self.words(key, **values)),))

    def instead(self, key: str, **values: Any) -> Reply:
        """The same in the place of the message whose button was pressed."""
        return Reply((Text(self.words(key, **values)),), instead=True)

    def listed(self, things: Iterable[str]) -> str:
        """Things side by side, with this language's comma between them."""
        return ("、" if self.language == "zh" else ", ").join(things)

    def _spans(self, text: str, values: dict[str, Any]) -> list[Span]:
        spans: list[Span] = []
        for said, style, name, one, many in _pieces(text):
            if name is None:
                spans.append((said, style))
            else:
                spans.extend(self._value(values[name], style, one, many))
        return joined(spans)

    def _value(self, value: Any, style: str, one: str | None, many: str | None) -> list[Span]:
        if one is not None:
            return [(f"{value} {one if value == 1 else many}".rstrip(), style)]
        match value:
            case tuple():
                return [(text, own or style) for text, own in value]
            case datetime():
                return [(self.moment(value), style)]
            case timedelta():
                return [(self.duration(value), style)]
            case _:
                return [(str(value), style)]

    # Money and time, by babel, which is imported when the first of them is printed

    def money(self, units: int, currency: str) -> str:
        """An amount, given in the currency's smallest unit: "€5,000", "US$12.50"."""
        from babel.numbers import format_currency

        amount = of_units(units, currency)
        pattern = "¤#,##0" if amount == amount.to_integral_value() else None
        printed = format_currency(
            amount, currency, pattern, self.language, currency_digits=pattern is None
        )
        # A code instead of a sign stands apart from its number.
        return re.sub(r"([A-Za-z])(?=\d)", "\\1\u00a0", printed)

    def tongue(self, code: str) -> str:
        """What a language is called: "Chinese", "德语"; one that nobody knows, by its code."""
        from babel import Locale, UnknownLocaleError

        if f"language.{code}" in ENGLISH:
            return self.say(f"language.{code}")
        try:
            name = Locale.parse(code).get_language_name(self.language)
        except (UnknownLocaleError, ValueError):
            return code
        return str(name or code)

    def local(self, moment: datetime) -> datetime:
        """The moment on this person's clock."""
        return moment.astimezone(ZoneInfo(self.zone))

    def moment(self, moment: datetime) -> str:
        """Weekday, date and time: "Sun, 22 Nov, 15:00"."""
        return self._dated(
            moment, "EEE d MMM HH:mm" if self.language == "en" else "M月d日 EEE HH:mm"
        )

    def full_moment(self, moment: datetime) -> str:
        """Weekday, date with its year, and time."""
        english, chinese = "EEE d MMM y HH:mm", "y年M月d日 EEE HH:mm"
        return self._dated(moment, english if self.language == "en" else chinese)

    def day(self, moment: datetime) -> str:
        """Weekday and date."""
        return self._dated(moment, "EEE d MMM" if self.language == "en" else "M月d日 EEE")

    def calendar_day(self, day: date) -> str:
        """Weekday and date of a day."""
        return self._printed(day, "EEE d MMM" if self.language == "en" else "M月d日 EEE")

    def whole_date(self, day: date) -> str:
        """A day with its year: "3 May 1990", "1990年5月3日"."""
        return self._printed(day, "d MMM y" if self.language == "en" else "y年M月d日")

    def weekday(self, day: date) -> str:
        """The short name of a day of the week."""
        return self._printed(day, "EEE")

    def _printed(self, day: date, pattern: str) -> str:
        from babel.dates import format_date

        return format_date(day, pattern, locale=self.language)

    def time(self, moment: datetime) -> str:
        """The time of day: "15:00"."""
        return self.local(moment).strftime("%H:%M")

    def _dated(self, moment: datetime, pattern: str) -> str:
        to_the_minute = self.local(moment).replace(second=0, microsecond=0, tzinfo=None)
        return _printed_moment(to_the_minute, pattern, self.language)

    def duration(self, length: timedelta) -> str:
        """A length of time in its largest unit: "5 minutes", "3 小时"."""
        from babel.dates import format_timedelta

        return format_timedelta(length, locale=self.language)

    def ago(self, moment: datetime, now: datetime) -> str:
        """How long ago: "5 minutes ago"."""
        from babel.dates import format_timedelta

        return format_timedelta(
            min(moment - now, timedelta()), add_direction=True, locale=self.language
        )


@lru_cache(maxsize=4096)
def _pieces(text: str) -> list[tuple[str, str, str | None, str | None, str | None]]:
    """A text taken apart: what is said as it stands, and the fields, each with its style."""
    pieces: list[tuple[str, str, str | None, str | None, str | None]] = []
    for piece in _STYLED.split(text):
        style, inner = _style_of(piece)
        at = 0
        for found in _FIELD.finditer(inner):
            pieces.append((inner[at : found.start()], style, None, None, None))
            pieces.append(("", style, found[1], found[2], found[3]))
            at = found.end()
        pieces.append((inner[at:], style, None, None, None))
    return pieces


@lru_cache(maxsize=4096)
def _printed_moment(local: datetime, pattern: str, language: str) -> str:
    from babel.dates import format_datetime

    return format_datetime(local, pattern, locale=language)


def joined(spans: list[Span]) -> list[Span]:
    """Neighbours of one style as one span: a mark between them would be read as text."""
    found: list[Span] = []
    for text, style in spans:
        if found and found[-1][1] == style:
            found[-1] = (found[-1][0] + text, style)
        elif text:
            found.append((text, style))
    return found


def _style_of(piece: str) -> tuple[str, str]:
    if piece.startswith("**") and piece.endswith("**") and len(piece) > 4:
        return BOLD, piece[2:-2]
    if piece.startswith("__") and piece.endswith("__") and len(piece) > 4:
        return ITALIC, piece[2:-2]
    if piece.startswith("`") and piece.endswith("`") and len(piece) > 2:
        return CODE, piece[1:-1]
    return PLAIN, piece
