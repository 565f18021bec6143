"""How a forecast looks in a chat: sums by currency, and what they rest on."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor

from handlers.message import BOLD, Button, Buttons, Facts, Heading, Hint, Part, Reply, Text, Words
from handlers.texts import Voice
from storage.records import DealStage


@dataclass(frozen=True)
class Quarter:
    """Three months of a year, the first of them January, April, July or October."""

    year: int
    number: int

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.later(1).start

    def later(self, quarters: int) -> "Quarter":
        """The one so many quarters later."""
        year, number = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, number + 1)


@dataclass(frozen=True)
class Share:
    """Of the deals that were ever in a stage and are closed: how many were won."""

    won: int
    closed: int
    least: int

    @property
    def is_enough(self) -> bool:
        """Whether it rests on so many that it means something."""
        return self.closed >= self.least

    @property
    def part(self) -> Fraction:
        """The share itself."""
        return Fraction(self.won, self.closed) if self.closed else Fraction(0)


@dataclass
class Outlook:
    """What is to be expected in one currency, in its smallest unit."""

    currency: str
    won_count: int = 0
    won: int = 0
    count: int = 0
    units: int = 0
    weighted: Fraction = field(default_factory=Fraction)
    # By what became of earlier deals; it knows only those of stages with a history.
    by_history: Fraction = field(default_factory=Fraction)
    known: int = 0
    # Deals without an amount: they are in no sum.
    without_amount: int = 0


@dataclass(frozen=True)
class Forecast:
    """A quarter's outlook by currency, and the shares that it rests on."""

    quarter: Quarter
    outlooks: tuple[Outlook, ...]
    # The stages in which those deals stand, with what became of earlier ones there.
    stages: tuple[tuple[DealStage, Share], ...]
    overdue: int
    undated: int


def rounded(value: Fraction) -> int:
    """To the nearest whole unit, halves up."""
    return floor(value + Fraction(1, 2))


def forecast_card(voice: Voice, forecast: Forecast) -> Reply:
    """A quarter's outlook: won so far, open, by chance and by history, never across currencies."""
    quarter = forecast.quarter
    parts: list[Part] = [
        Heading(voice.say("forecast.title", number=quarter.number, year=quarter.year))
    ]
    for outlook in forecast.outlooks:
        parts.append(Text(((outlook.currency, BOLD),)))
        parts.append(Facts(tuple(_facts(voice, outlook))))
    if not forecast.outlooks:
        parts.append(Text(voice.words("forecast.nothing")))
    if forecast.stages:
        lines: list[tuple[str, str]] = [*voice.words("forecast.stages")]
        for stage, share in forecast.stages:
            lines += [("\n", ""), (f"{stage.name} ", BOLD), (f"{stage.probability} % · ", "")]
            lines += share_words(voice, share)
        parts.append(Text(tuple(lines)))
    notes = [
        voice.say(f"forecast.{name}", count=count)
        for name, count in (("overdue", forecast.overdue), ("undated", forecast.undated))
        if count
    ]
    parts.append(Hint(((" ".join([*notes, voice.say("forecast.hint")]), ""),)))
    following = quarter.later(1)
    value = f"Q{following.number} {following.year}"
    button = Button(voice.say("button.next_quarter"), "forecast.show", value)
    return Reply((*parts, Buttons((button,))))


def _facts(voice: Voice, outlook: Outlook) -> list[tuple[str, Words]]:
    def money(units: int) -> Words:
        return ((voice.money(units, outlook.currency), BOLD),)

    won = (*money(outlook.won), (f" · {voice.say('deal.count', count=outlook.won_count)}", ""))
    is_open = (*money(outlook.units), (f" · {voice.say('deal.count', count=outlook.count)}", ""))
    if outlook.without_amount:
        missing = voice.say("forecast.without_amount", count=outlook.without_amount)
        is_open = (*is_open, (f", {missing}", ""))
    weighted = rounded(outlook.weighted)
    sure = voice.say("forecast.with_won", sum=voice.money(outlook.won + weighted, outlook.currency))
    return [
        (voice.say("forecast.won"), won),
        (voice.say("forecast.open"), is_open),
        (voice.say("forecast.weighted"), (*money(weighted), (f" · {sure}", ""))),
        (voice.say("forecast.by_history"), _by_history(voice, outlook)),
    ]


def _by_history(voice: Voice, outlook: Outlook) -> Words:
    priced = outlook.count - outlook.without_amount
    if not outlook.known:
        return voice.words("forecast.too_little")
    shown = ((voice.money(rounded(outlook.by_history), outlook.currency), BOLD),)
    if outlook.known == priced:
        return shown
    return (*shown, *voice.words("forecast.of_some", known=outlook.known, count=priced))


def share_words(voice: Voice, share: Share) -> Words:
    """What became of earlier deals that were in a stage, and on how many that rests."""
    if not share.is_enough:
        return voice.words("forecast.too_few", closed=share.closed, least=share.least)
    percent = rounded(share.part * 100)
    return voice.words("forecast.share", percent=percent, won=share.won, of=share.closed)
