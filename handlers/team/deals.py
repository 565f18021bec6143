"""Commands and buttons about deals: written down, moved, won, lost, listed."""

import re
from datetime import datetime, time, timedelta

from handlers.actions import (
    deal_history,
    deal_moves,
    deals,
    members,
    moments,
    pipelines,
    quiet_deals,
)
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.amounts import Amount, is_currency
from handlers.cards.deals import (
    Column,
    added,
    board_parts,
    deal_card,
    deal_line,
    history_of,
    listed_parts,
    money,
    sums_of,
    sums_words,
)
from handlers.command import button, command, form
from handlers.grammar import Tags, Unclear, readings_of
from handlers.message import Button, Buttons, Hint, Incoming, Line, Part, Reply, Text, Words
from handlers.team.dates import which_moment
from handlers.team.deal_forms import lost_form, new_form, split_date
from handlers.team.filling import wrong_beside
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Contact, Deal, DealEvent, DealState, Pipeline
from storage.work import Work

# What was meant as an amount and is none: below nothing, or more than there is.
_NO_AMOUNT = re.compile(r"[-−]?\s?\d[\d.,'’]*\s?([A-Z]{3})\b")
_MINE = {"mine", "my", "me", "我的", "我"}
_ALL = {"", "all", "open", "全部", "所有"}
_QUIET = {"quiet", "silent", "stale", "沉寂", "沉默"}
_WON = {"won", "win", "赢单", "成交"}
_LOST = {"lost", "lose", "输单", "丢单"}
# The Home tab's hundred blocks, and what a message has beside its list.
HOME_ROOM = 40


@command(
    "deal <contact> <amount> <about> [close <when>] [#stage]",
    also=("商机", "opportunity"),
    needs=Permission.SERVE,
)
def deal(
    work: Work,
    contact: Contact | None,
    amount: Amount | None,
    tags: Tags | None,
    text: str | None,
) -> Reply:
    """Write down a deal with a customer; alone it asks in a form."""
    voice = voice_of(work)
    if contact is None or not text:
        name = contact.name if contact is not None else ""
        return Reply(form=new_form(voice, pipelines.ways(work), name, str(amount or "")))
    meant = _NO_AMOUNT.match(text) if amount is None else None
    if meant is not None and is_currency(meant[1]):
        raise Refused("deal.no_amount", text=meant[0][:40])
    closing = split_date(work, text)
    readings = readings_of(work, closing.when)
    if closing.when is not None and readings is not None:
        line = ("deal", f"contact:{contact.id}", str(amount or ""), closing.around)
        tagged = (f"#{tag}" for tag in tags or ())
        unclear = Unclear(closing.said, closing.when, readings, " ".join((*line, *tagged)))
        return which_moment(work, unclear)
    close_on = closing.when.wall.date() if closing.when is not None else None
    stage = pipelines.stage_named(work, tags[0]) if tags else None
    terms = deals.Terms(closing.title, amount, close_on, stage)
    return opened(work, deals.open_deal(work, contact, terms), contact)


def opened(work: Work, made: Deal, contact: Contact) -> Reply:
    """That it is written down, and its card."""
    voice = voice_of(work)
    words = Text(voice.words("deal.opened", number=made.number, name=contact.name))
    return Reply((words, *card_of(work, made).parts))


def card_of(work: Work, shown: Deal) -> Reply:
    """A deal's card as it stands."""
    return deal_card(voice_of(work), deal_history.pictured(work, shown), work.now)


@button("deal.form")
def form_pressed(work: Work) -> Reply:
    """Ask for a new deal."""
    return Reply(form=new_form(voice_of(work), pipelines.ways(work)))


@command("deal <number>", also=("商机", "opportunity"))
def deal_shown(work: Work, deal: Deal) -> Reply:
    """A deal's card: what it is, where it stands, what can be done."""
    return card_of(work, deal)


@button("deal.show")
def show_pressed(work: Work, deal: Deal) -> Reply:
    """Open a deal's card."""
    return card_of(work, deal)


@button("deal.history")
def history_pressed(work: Work, deal: Deal) -> Reply:
    """Every step of it."""
    return history_of(voice_of(work), deal_history.pictured(work, deal))


# Moving


@command("stage <number> <stage>", also=("阶段", "move_deal"), needs=Permission.SERVE)
def stage(work: Work, deal: Deal, text: str | None) -> Reply:
    """Put a deal into another stage; a closed one is open again. Without a stage it asks."""
    if not text:
        return _which_stage(work, deal)
    word, _, rest = text.strip().partition(" ")
    if word.casefold() in _WON:
        return won(work, deal, rest)
    if word.casefold() in _LOST:
        return lost(work, deal, rest)
    found = pipelines.stage_named(work, text, deal.pipeline_id)
    return _moved(work, deal, found.name, deal_moves.move(work, deal, found))


def _which_stage(work: Work, deal: Deal) -> Reply:
    words = voice_of(work).words("deal.which_stage", number=deal.number, title=deal.title)
    choices = tuple(
        Button(each.name, "deal.put", f"{deal.id}:{each.id}")
        for each in pipelines.way_of(work, deal.pipeline_id).stages
    )
    return Reply((Text(words), Buttons(choices)))


@button("deal.put")
def put_pressed(work: Work, deal: Deal, value: str) -> Reply:
    """Into the stage of the button."""
    found = pipelines.stage_of_id(work, value.partition(":")[2])
    reply = _moved(work, deal, found.name, deal_moves.move(work, deal, found))
    return Reply(reply.parts, instead=True)


def _moved(work: Work, deal: Deal, stage_name: str, event: DealEvent | None) -> Reply:
    voice = voice_of(work)
    if event is None:
        return voice.reply("deal.is_there", number=deal.number, stage=stage_name)
    if event.what == "reopened":
        after = stage_name
        return voice.reply("deal.reopened", number=deal.number, title=deal.title, after=after)
    return Reply((_with_undo(voice, deal, event, _move_words(work, deal, event)),))


def _move_words(work: Work, deal: Deal, event: DealEvent) -> Words:
    names = deal_history.pictured(work, deal).stages
    return voice_of(work).words(
        "deal.moved",
        number=deal.number,
        title=deal.title,
        before=names.get(event.from_stage_id or 0, "–"),
        after=names.get(event.stage_id or 0, "–"),
    )


def _with_undo(voice: Voice, deal: Deal, event: DealEvent, words: Words) -> Line:
    return Line(words, Button(voice.say("button.undo"), "deal.undo", f"{deal.id}:{event.id}"))


@button("deal.next")
def next_pressed(work: Work, deal: Deal, value: str) -> Reply:
    """It goes one stage on, from the one that the button showed."""
    event = deal_moves.advance(work, deal, value.partition(":")[2])
    if event is None:
        return Reply(card_of(work, deal).parts, instead=True)
    line = _with_undo(voice_of(work), deal, event, _move_words(work, deal, event))
    return Reply((line, *card_of(work, deal).parts), instead=True)


@command("won <number> [<note>]", also=("赢单", "win"), needs=Permission.SERVE)
def won(work: Work, deal: Deal, text: str | None) -> Reply:
    """A deal is won; the team hears of it."""
    return Reply((_won_line(work, deal, text or ""),))


def _won_line(work: Work, deal: Deal, note: str) -> Line:
    voice = voice_of(work)
    event = deal_moves.win(work, deal, note)
    if event is None:
        return Line(voice.words("deal.was_won", number=deal.number))
    words = voice.words(
        "deal.is_won", number=deal.number, title=deal.title, amount=money(voice, deal)
    )
    return _with_undo(voice, deal, event, words)


@button("deal.won")
def won_pressed(work: Work, deal: Deal) -> Reply:
    """It is won; pressing twice is once."""
    line = _won_line(work, deal, "")
    return Reply((line, *card_of(work, deal).parts), instead=True)


@command("lost <number> <reason>", also=("输单", "lose"), needs=Permission.SERVE)
def lost(work: Work, deal: Deal, text: str | None) -> Reply:
    """A deal is lost, and why; without a reason it asks."""
    if not text:
        return Reply(form=lost_form(voice_of(work), deal))
    return lost_because(work, deal, text)


def lost_because(work: Work, deal: Deal, reason: str) -> Reply:
    """It is lost, with an Undo."""
    voice = voice_of(work)
    event = deal_moves.lose(work, deal, reason)
    key = "deal.was_lost" if event is None else "deal.is_lost"
    words = voice.words(key, number=deal.number, title=deal.title, reason=deal.lost_reason)
    return Reply((Line(words) if event is None else _with_undo(voice, deal, event, words),))


@button("deal.lost")
def lost_pressed(work: Work, deal: Deal) -> Reply:
    """Ask why."""
    return Reply(form=lost_form(voice_of(work), deal))


@form("deal.lost")
def lost_from_form(work: Work, incoming: Incoming, deal: Deal) -> Reply:
    """It is said why."""
    try:
        return lost_because(work, deal, incoming.fields.get("reason", ""))
    except Refused as refused:
        return wrong_beside(work, "reason", refused)


@button("deal.undo")
def undo_pressed(work: Work, deal: Deal, value: str) -> Reply:
    """The last move is taken back; pressing twice is once."""
    undone = deal_moves.undo(work, deal, value.partition(":")[2])
    at = deal_history.pictured(work, deal).stage.name
    key = "deal.undone" if undone else "deal.undone_before"
    words = Text(voice_of(work).words(key, number=deal.number, stage=at))
    return Reply((words, *card_of(work, deal).parts), instead=True)


# Lists


@command("deals [mine|won|lost|quiet|<stage>]", also=("商机列表", "opportunities"))
def open_deals(work: Work, text: str | None) -> Reply:
    """The open deals by stage, with sums; or yours, those won, lost or quiet, of one stage."""
    word = (text or "").strip().casefold()
    if word in _WON:
        return _listed(work, "won", *deals.newest(work, DealState.WON))
    if word in _LOST:
        return _listed(work, "lost", *deals.newest(work, DealState.LOST))
    if word in _QUIET:
        quiet = quiet_deals.listed(work)
        return _listed(work, "quiet", sums_of(each for each, _ in quiet), quiet)
    if word in _MINE:
        return _staged(work, "mine", deals.columns(work, owner=members.me(work)))
    if word in _ALL:
        return _staged(work, "open", deals.columns(work))
    pipeline = pipelines.pipeline_named(work, word)
    if pipeline is not None:
        return _staged(work, "open", deals.columns(work, pipeline=pipeline))
    named = pipelines.stage_named(work, word)
    return _staged(work, "open", deals.columns(work, stage=named))


def _staged(work: Work, name: str, found: list[tuple[Pipeline, list[Column]]]) -> Reply:
    voice = voice_of(work)
    columns = [column for _, each in found for column in each]
    if not columns:
        return voice.reply("deal.none_open")
    return Reply((_head(voice, name, added(columns)), *listed_parts(voice, columns)))


def _head(voice: Voice, name: str, sums: list[tuple[str, int, int]]) -> Text:
    count = sum(number for _, number, _ in sums)
    return Text(voice.words(f"deal.list_{name}", count=count, sums=sums_words(voice, sums)))


def _listed(
    work: Work,
    name: str,
    sums: list[tuple[str, int, int]],
    found: list[tuple[Deal, Contact]],
    most: int = 30,
) -> Reply:
    voice = voice_of(work)
    if not found:
        return voice.reply("deal.none")
    count = sum(number for _, number, _ in sums)
    parts: list[Part] = [_head(voice, name, sums)]
    parts += [deal_line(voice, each, contact) for each, contact in found[:most]]
    if count > most:
        parts.append(Hint(voice.words("deal.more", count=count - most)))
    return Reply(tuple(parts))


def board(work: Work, room: int = HOME_ROOM) -> list[Part]:
    """The board of open deals, a pipeline below the other; nothing when there are none."""
    voice = voice_of(work)
    parts: list[Part] = []
    for pipeline, columns in deals.columns(work):
        left = room - len(parts)
        if left > len(columns):
            parts += board_parts(voice, pipeline.name, columns, left)
    return parts


# Silence


@button("deal.hush")
def hush_pressed(work: Work, deal: Deal) -> Reply:
    """Ask until when to say nothing."""
    voice = voice_of(work)
    words = Text(voice.words("deal.hush_how_long", title=deal.title))
    choices = tuple(
        Button(voice.say(f"deal.hush_{name}"), "deal.hush_for", f"{deal.id}:{days}")
        for name, days in _HUSHES.items()
    )
    return Reply((words, Buttons(choices)), instead=True)


_HUSHES = {"week": 7, "fortnight": 14, "month": 30}


@button("deal.hush_for")
def hush_chosen(work: Work, deal: Deal, value: str) -> Reply:
    """Nothing is said of it for so many days, until nine in the morning."""
    days = value.partition(":")[2]
    zone = moments.zone_named(work.actor.zone)
    day = moments.day_of(work.now, zone) + timedelta(
        days=int(days) if days in map(str, _HUSHES.values()) else _HUSHES["week"]
    )
    quiet_deals.hush(work, deal, moments.instant(datetime.combine(day, time(9)), zone))
    words = voice_of(work).words("deal.hushed", number=deal.number, at=deal.attention_at)
    return Reply((Text(words),), instead=True)
