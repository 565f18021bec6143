"""Commands about customers who may be one: look at them, make them one, take that back."""

import re

from handlers.actions import doubles, merging
from handlers.actions.access import Permission
from handlers.actions.merging import CHOSEN, Choice
from handlers.actions.policies import voice_of
from handlers.cards.doubles import merge_form, merged_card, pair_card, pair_line
from handlers.command import button, command, form
from handlers.message import Incoming, Part, Reply, Text
from handlers.team.filling import contact_named
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Contact, Merge
from storage.work import Work

MOST_PAIRS = 10
_BETWEEN = re.compile(r"\s*(?:[+＋&=≈/,，、;；]|\b(?:and|with|into)\b|和|与|跟|并入)\s*")
_UNDO = re.compile(r"(?:undo|撤销)(?:\s+|$)", re.IGNORECASE)


@command("doubles", also=("duplicates", "重复"), needs=Permission.CAMPAIGN)
def doubles_shown(work: Work) -> Reply:
    """Customers who may be the same person, the most certain first."""
    voice = voice_of(work)
    found = doubles.open_pairs(work, MOST_PAIRS)
    if not found:
        return voice.reply("doubles.none")
    parts: list[Part] = [Text(voice.words("doubles.some", count=doubles.open_count(work)))]
    for double, first, second in found:
        reasons = [(str(key), float(weight)) for key, weight in double.reasons]
        parts.append(pair_line(voice, first, second, double.score, reasons))
    return Reply(tuple(parts))


@button("doubles.list")
def list_pressed(work: Work) -> Reply:
    """The same from a digest."""
    return doubles_shown(work)


@button("doubles.show")
def show_pressed(work: Work, incoming: Incoming) -> Reply:
    """Two customers side by side."""
    return _card(work, *doubles.two(work, incoming.value))


def _card(work: Work, first: Contact, second: Contact) -> Reply:
    verdict = doubles.compared(work, first, second)
    return pair_card(
        voice_of(work), merging.side_of(work, first), merging.side_of(work, second), verdict
    )


@button("doubles.different")
def different_pressed(work: Work, incoming: Incoming) -> Reply:
    """They are two people."""
    first, second = doubles.two(work, incoming.value)
    doubles.tell_apart(work, first, second)
    return _instead(voice_of(work), "doubles.kept_apart", first, second)


@button("doubles.later")
def later_pressed(work: Work, incoming: Incoming) -> Reply:
    """Not now."""
    first, second = doubles.two(work, incoming.value)
    doubles.put_off(work, first, second)
    return _instead(voice_of(work), "doubles.put_off", first, second)


def _instead(voice: Voice, key: str, first: Contact, second: Contact) -> Reply:
    said = Text(voice.words(key, first=first.name, second=second.name))
    return Reply((said,), instead=True)


# Merging


@button("doubles.merge")
def merge_pressed(work: Work, incoming: Incoming) -> Reply:
    """Ask who survives, and field by field whose value holds."""
    first, second = doubles.two(work, incoming.value)
    customs = sorted(first.custom.keys() & second.custom.keys())
    sides = merging.side_of(work, first), merging.side_of(work, second)
    return Reply(form=merge_form(voice_of(work), *sides, customs))


@form("doubles.merge")
def merge_from_form(work: Work, incoming: Incoming) -> Reply:
    """It is chosen: they become one."""
    first, second = doubles.two(work, incoming.value)
    survivor, gone = first, second
    if incoming.fields.get("survivor") == str(second.id):
        survivor, gone = second, first
    taken = frozenset(
        name
        for name, value in incoming.fields.items()
        if (name in CHOSEN or name.startswith("custom.")) and value == str(gone.id)
    )
    name = gone.name
    made = merging.merge(work, survivor, gone, Choice(taken))
    return merged_card(voice_of(work), work.sure(Contact, survivor.id), name, made.id)


@command(
    "merge <contact> + <contact>",
    also=("merge_contacts", "合并客户", "合并"),
    needs=Permission.CAMPAIGN,
)
def merge_contacts(work: Work, text: str | None) -> Reply:
    """Two customers side by side, to be made one; `undo` takes the last merge back."""
    text = (text or "").strip()
    undo = _UNDO.match(text)
    if undo is not None:
        return _undo(work, text[undo.end() :].strip())
    names = [part.strip(' "') for part in _BETWEEN.split(text) if part.strip(' "')]
    if len(names) != 2:
        raise Refused("doubles.which")
    first, second = (_called(work, name) for name in names)
    if first.id == second.id:
        raise Refused("merging.same")
    return _card(work, first, second)


def _called(work: Work, name: str) -> Contact:
    """The only contact of that name, or whose number a button brought."""
    by_id = re.fullmatch(r"contact:(\d{1,18})", name)
    if by_id is not None:
        found = merging.survivor_of(work, int(by_id[1]))
        if found is None:
            raise Refused("button.gone")
        return found
    return contact_named(work, name)


# Undoing


def _undo(work: Work, name: str) -> Reply:
    made = merging.last_of(work, _called(work, name) if name else None)
    if made is None:
        raise Refused("merging.nothing_to_undo")
    return undo_pressed(work, made)


@button("merging.undo")
def undo_pressed(work: Work, made: Merge) -> Reply:
    """Make two of one again."""
    undone = merging.undo(work, made)
    voice = voice_of(work)
    names = {"name": undone.survivor.name, "back": undone.back.name}
    parts: list[Part] = [Text(voice.words("merging.undone", **names))]
    if undone.since:
        parts.append(Text(voice.words("merging.since", **names)))
    return Reply(tuple(parts), instead=True)
