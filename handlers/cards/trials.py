"""How it looks what is tried out with a campaign, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from handlers.amounts import in_units
from handlers.cards.lines import shortened
from handlers.lift import Lift, Verdict
from handlers.message import (
    BOLD,
    Button,
    Heading,
    Hint,
    Line,
    Part,
    Quote,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import Campaign, Trial, TrialState

CONTROL = "-"


class Column(Protocol):
    """What the people with one letter did."""

    people: int
    replied: int
    clicked: int
    ordered: int


def plan_parts(voice: Voice, trial: Trial) -> list[Part]:
    """The other texts and the rule: said before the start; afterwards what was decided."""
    parts: list[Part] = []
    for letter in trial.letters[1:]:
        text = str(trial.texts[letter][""])
        parts.append(Text(((f"{letter}: ", BOLD), (shortened(text, 500), ""))))
    parts.append(Hint(rule_words(voice, trial)))
    if trial.state is not TrialState.OPEN:
        parts.append(Text(decided_words(voice, trial)))
    return parts


def rule_words(voice: Voice, trial: Trial) -> Words:
    """What was agreed on before the start."""
    words: Words = ()
    if trial.hold_out:
        words += voice.words("trial.holds_out", share=trial.hold_out)
    if len(trial.letters) < 2:
        return words
    letters, metric = ", ".join(trial.letters), voice.say(f"metric.{trial.metric}")
    values = {"letters": letters, "metric": metric}
    if not trial.staged:
        return words + plain(" ") + voice.words("trial.splits", **values)
    key = "trial.stages"
    staged = voice.words(key, share=trial.first, hours=trial.hours, **values)
    return words + plain(" ") + staged


def decided_words(voice: Voice, trial: Trial) -> Words:
    """Which text the rest gets, and by which figures."""
    figures = voice.say("trial.figures_join").join(
        voice.say(
            "trial.figure", letter=letter, did=did, people=people, share=_percent(did, people)
        )
        for letter, (people, did) in (trial.figures or {}).items()
    )
    key = "trial.won" if trial.state is TrialState.WON else "trial.tie"
    metric = voice.say(f"metric.{trial.metric}")
    return voice.words(key, winner=trial.winner, metric=metric, figures=figures)


def _percent(did: int, people: int) -> str:
    share = 100 * did / people if people else 0
    return f"{share:.1f}".removesuffix(".0")


def decided_note(voice: Voice, campaign: Campaign, trial: Trial) -> Reply:
    """Its author hears which text it is."""
    title = voice.say("campaign.title", number=campaign.number)
    words: Words = ((f"{title}: ", BOLD),)
    return Reply((Text(words + decided_words(voice, trial)),))


# What came of it


def results_card(
    voice: Voice,
    campaign: Campaign,
    columns: Mapping[str, Column],
    lifts: Mapping[str, Lift | None],
    money: Mapping[str, Lift],
    final_at: datetime | None,
    *,
    over: bool,
    days: tuple[int, int],
) -> Reply:
    """Who did what, for each text, and what of it is the campaign's doing."""
    parts: list[Part] = [Heading(voice.say("results.title", number=campaign.number))]
    parts.append(Quote(shortened(str(campaign.texts[""]), 200)))
    several = bool(columns.keys() - {"A", CONTROL})
    parts += [
        Text(_column_words(voice, letter, columns[letter], several=several))
        for letter in sorted(columns, key=lambda each: (each == CONTROL, each))
    ]
    if not columns:
        parts.append(Text(voice.words("results.none")))
    parts += lift_parts(voice, lifts, money)
    if CONTROL not in columns and columns:
        parts.append(Hint(voice.words("results.no_hold_out")))
    if final_at is not None and not over:
        parts.append(Hint(voice.words("results.so_far", at=final_at)))
    parts.append(Hint(voice.words("results.windows", replies=days[0], orders=days[1])))
    return Reply(tuple(parts))


def _column_words(voice: Voice, letter: str, column: Column, *, several: bool) -> Words:
    if letter == CONTROL:
        title = voice.say("results.control", count=column.people)
    elif not several:
        title = voice.say("results.all", count=column.people)
    else:
        key = "results.rest" if letter.endswith("+") else "results.letter"
        title = voice.say(key, letter=letter[:1], count=column.people)
    did = [
        voice.say(f"results.{what}", count=count, share=_percent(count, column.people))
        for what, count in (
            ("replied", column.replied),
            ("clicked", column.clicked),
            ("ordered", column.ordered),
        )
        # Who got nothing had nothing to click on.
        if not (what == "clicked" and letter == CONTROL)
    ]
    return ((f"{title}: ", BOLD), (" · ".join(did), ""))


def lift_parts(
    voice: Voice, lifts: Mapping[str, Lift | None], money: Mapping[str, Lift]
) -> list[Part]:
    """What can be told from chance, in plain words."""
    parts: list[Part] = []
    for what in ("ordered", "replied"):
        lift = lifts.get(what)
        if lift is not None:
            parts.append(Text(lift_words(voice, what, lift)))
    for currency, lift in money.items():
        if lift.verdict is not Verdict.EARLY:
            parts.append(Text(_money_words(voice, currency, lift)))
    return parts


def lift_words(voice: Voice, what: str, lift: Lift) -> Words:
    """How many more did it than would have without it, and between what the truth lies."""
    effect = lift.effect
    match lift.verdict:
        case Verdict.EARLY:
            return voice.words(f"lift.early.{what}")
        case Verdict.MORE:
            low, high = max(1, round(effect.low)), round(effect.high)
            many = max(low, round(effect.guess))
            return voice.words(f"lift.more.{what}", count=many, low=low, high=max(high, many))
        case Verdict.FEWER:
            low, high = max(1, round(-effect.high)), round(-effect.low)
            many = max(low, round(-effect.guess))
            return voice.words(f"lift.fewer.{what}", count=many, low=low, high=max(high, many))
        case _:
            fewer, more = round(-effect.low), round(effect.high)
            return voice.words(f"lift.chance.{what}", fewer=max(0, fewer), more=max(0, more))


def lift_line(voice: Voice, campaign: Campaign, lift: Lift) -> Line:
    """What a campaign has brought, in a line of the digest."""
    title = voice.say("campaign.title", number=campaign.number)
    words: Words = ((f"{title}: ", BOLD), *lift_words(voice, "ordered", lift))
    return Line(words, Button(voice.say("button.results"), "campaign.results", str(campaign.id)))


def _money_words(voice: Voice, currency: str, lift: Lift) -> Words:
    def money(amount: float) -> str:
        return voice.money(in_units(Decimal(round(amount)), currency), currency)

    effect = lift.effect
    match lift.verdict:
        case Verdict.MORE:
            values = (effect.guess, effect.low, effect.high)
        case Verdict.FEWER:
            values = (-effect.guess, -effect.high, -effect.low)
        case _:
            values = (effect.guess, max(0.0, -effect.low), max(0.0, effect.high))
    key = f"lift.{lift.verdict}.money"
    amount, low, high = map(money, values)
    return voice.words(key, amount=amount, low=low, high=high)
