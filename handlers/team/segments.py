"""Commands about saved segments."""

import re

from handlers.actions import contacts, segments
from handlers.actions.access import Permission, may
from handlers.actions.policies import voice_of
from handlers.actions.segments import Reason
from handlers.command import button, command
from handlers.grammar import the_one
from handlers.message import (
    BOLD,
    CODE,
    Button,
    Buttons,
    Hint,
    Line,
    Look,
    Part,
    Reply,
    Text,
    Words,
)
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Segment
from storage.work import Work

MOST_LISTED = 40
_VERBS = {
    "add": "add", "save": "add", "new": "add", "添加": "add", "保存": "add",
    "why": "why", "explain": "why", "为什么": "why",
    "rename": "rename", "改名": "rename",
    "change": "change", "edit": "change", "修改": "change",
    "delete": "delete", "remove": "delete", "删除": "delete",
    "show": "show", "查看": "show",
    "list": "list", "列表": "list",
    "try": "try", "count": "try", "试算": "try",
}  # fmt: skip
# Where a name ends and a filter begins, when the name is not in quotation marks.
_BEGINS = re.compile(r'(?<!\S)(?:(?:not|非|不是)\s+)?-?\w+(?::|：|>=|<=|>|<|=)(?=["\w#@-])')


@command("segment [add|why|rename|change|delete] [<name>] [<filter>]", also=("segments", "分组"))
def segment(work: Work, text: str | None) -> Reply:
    """Saved filters: add "quiet vips" tag:vip silent>30d; alone a list with live counts."""
    words = (text or "").split(maxsplit=1)
    if not words:
        return _listed(work)
    verb = _VERBS.get(words[0].casefold())
    rest = words[1] if len(words) > 1 else ""
    match verb:
        case "list":
            return _listed(work)
        case "add":
            name, filter = split(rest)
            return _shown(work, segments.add(work, name, filter), "segment.added")
        case "change":
            name, filter = split(rest)
            found = segments.called(work, name)
            return _shown(work, segments.change(work, found, filter), "segment.changed")
        case "rename":
            return _renamed(work, rest)
        case "delete":
            return _sure(work, segments.called(work, rest))
        case "why":
            return _why(work, rest)
        case "try":
            return _tried(work, rest)
        case "show":
            return _shown(work, segments.called(work, rest), "segment.shown")
    return _shown(work, segments.called(work, text or ""), "segment.shown")


def split(text: str) -> tuple[str, str]:
    """ "quiet vips" tag:vip silent>30d: the name, and the filter behind it."""
    quoted = re.match(r'"([^"]+)"\s*(.*)', text, re.DOTALL)
    if quoted:
        return quoted[1], quoted[2]
    begins = _BEGINS.search(text)
    if begins is None or begins.start() == 0:
        raise Refused("segment.how")
    return text[: begins.start()].strip(" :："), text[begins.start() :]


def _listed(work: Work) -> Reply:
    voice = voice_of(work)
    found = segments.listed(work)
    if not found:
        return voice.reply("segment.none")
    parts: list[Part] = [Text(voice.words("segment.title"))]
    for each, count in found[:MOST_LISTED]:
        people = voice.say("segment.people", count=count)
        words = ((each.name, BOLD), (f"  ·  {people}\n", ""), (each.filter[:200], CODE))
        parts.append(Line(words, Button(voice.say("button.open"), "segment.show", str(each.id))))
    if len(found) > MOST_LISTED:
        parts.append(Hint(voice.words("card.more", count=len(found) - MOST_LISTED)))
    return Reply(tuple(parts))


@button("segment.show")
def show_pressed(work: Work, segment: Segment) -> Reply:
    """Open a segment: what it means, how many, ten of them."""
    return _shown(work, segment, "segment.shown")


def _shown(work: Work, segment: Segment, key: str) -> Reply:
    voice = voice_of(work)
    said = segments.in_words(work, voice, segment.filter)
    count = segments.count(work, segment)
    people = voice.say("segment.people", count=count)
    parts: list[Part] = [Text(voice.words(key, name=segment.name, people=people))]
    parts.append(Hint(((voice.say("filter.and").join(said), ""),)))
    for contact, reasons in segments.preview(work, segment):
        words = ((contact.name, BOLD), (f"\n{why_words(voice, reasons)}", ""))
        parts.append(Line(words, Button(voice.say("button.open"), "contact.show", str(contact.id))))
    if may(work.actor, Permission.CAMPAIGN):
        sure = voice.say("segment.sure", name=segment.name)
        label, stay = voice.say("button.delete"), voice.say("button.stay")
        delete = Button(label, "segment.delete", str(segment.id), Look.DANGER, sure, stay)
        parts.append(Buttons((delete,)))
    return Reply(tuple(parts))


def why_words(voice: Voice, reasons: list[Reason]) -> str:
    """Each condition with a mark, and how things are."""
    return "; ".join(
        f"{each.words}{f' ({each.fact})' if each.fact else ''} {'✓' if each.holds else '✗'}"
        for each in reasons
    )


def _renamed(work: Work, rest: str) -> Reply:
    quoted = re.findall(r'"([^"]+)"', rest)
    arrow = re.split(r"\s*(?:→|->|\s(?:to|为)\s)\s*", rest)
    if len(quoted) == 2:
        name, other = quoted
    elif len(arrow) == 2:
        name, other = arrow
    else:
        name, _, other = rest.partition(" ")
    if not other.strip():
        raise Refused("segment.how")
    found = segments.called(work, name)
    before = found.name
    renamed = segments.rename(work, found, other)
    return voice_of(work).reply("segment.renamed", name=before, other=renamed.name)


def _sure(work: Work, found: Segment) -> Reply:
    voice = voice_of(work)
    sure = voice.words("segment.sure", name=found.name)
    delete = Button(voice.say("button.delete"), "segment.delete", str(found.id), Look.DANGER)
    return Reply((Text(sure), Buttons((delete,))))


@button("segment.delete")
def delete_pressed(work: Work, segment: Segment) -> Reply:
    """It is forgotten; whoever was in it stays as they are."""
    name = segment.name
    segments.delete(work, segment)
    return Reply((Text(voice_of(work).words("segment.deleted", name=name)),), instead=True)


def _why(work: Work, rest: str) -> Reply:
    """ "quiet-vips anna": the segment is the longest beginning that is one."""
    words = rest.split()
    quoted = re.match(r'"([^"]+)"\s*(.+)', rest)
    tries = [(quoted[1], quoted[2])] if quoted else []
    tries += [(" ".join(words[:n]), " ".join(words[n:])) for n in range(len(words) - 1, 0, -1)]
    voice = voice_of(work)
    for name, person in tries:
        try:
            found = segments.called(work, name)
        except Refused:
            continue
        hits = contacts.find(work, person.strip('"'))
        chosen = the_one(person.strip('"'), hits) or (hits[0].contact if len(hits) == 1 else None)
        if chosen is None:
            names = ", ".join(hit.contact.name for hit in hits[:5])
            key = "contact.which_of" if hits else "contact.unknown"
            raise Refused(key, name=person, names=names)
        reasons = segments.why(work, found, chosen)
        is_in = all(each.holds for each in reasons)
        key = "segment.is_in" if is_in else "segment.is_out"
        words_ = voice.words(key, name=chosen.name, segment=found.name)
        return Reply((Text(words_), Text(_marked(reasons))))
    if len(words) < 2:
        raise Refused("segment.why_how")
    segments.called(work, words[0])
    raise Refused("segment.why_how")


def _marked(reasons: list[Reason]) -> Words:
    lines = [
        f"{'✅' if each.holds else '❌'} {each.words}{f' — {each.fact}' if each.fact else ''}"
        for each in reasons
    ]
    return (("\n".join(lines), ""),)


def _tried(work: Work, text: str) -> Reply:
    """How many a filter means, without saving it."""
    voice = voice_of(work)
    count, some = segments.tried(work, text)
    said = segments.in_words(work, voice, text)
    names = voice.listed(each.name for each in some)
    key = "segment.tried" if count else "segment.tried_none"
    words = voice.words(key, count=count, names=names)
    return Reply((Text(words), Hint(((voice.say("filter.and").join(said), ""),))))
