"""Commands about tags: put on and taken off, listed, renamed, made one, forgotten."""

from handlers.actions import changes, contacts, tags
from handlers.actions.access import Permission, may
from handlers.actions.policies import voice_of
from handlers.command import button, command
from handlers.grammar import Tags
from handlers.message import BOLD, Button, Buttons, Hint, Line, Look, Part, Reply, Text
from handlers.team.editing import undo_button
from storage.errors import Refused
from storage.records import Contact
from storage.work import Work

MOST_LISTED = 60


@command("tag <contact> <#tag>", also=("标签",), needs=Permission.SERVE)
def tag(work: Work, contact: Contact, tags: Tags) -> Reply:
    """Put tags on a customer."""
    return put_on(work, contact, tags)


def put_on(work: Work, contact: Contact, wanted: tuple[str, ...]) -> Reply:
    """What was put on, with *Undo*, and what may have been meant instead."""
    voice = voice_of(work)
    new = contacts.add_tags(work, contact, wanted)
    shown = " ".join(f"#{each}" for each in new) or "–"
    words = voice.words("tag.added", name=contact.name, tags=shown)
    last = changes.history(work, contact, 1) if new else []
    parts: list[Part] = [Line(words, undo_button(voice, last[0]) if last else None)]
    for each in new:
        other = tags.alike(work, each)
        if other is not None:
            value = f"{contact.id}|{each}|{other}"
            instead = Button(voice.say("button.tag_instead", tag=other), "tag.instead", value)
            parts.append(Line(voice.words("tag.meant", tag=each, other=other), instead))
    return Reply(tuple(parts))


@button("tag.instead")
def instead_pressed(work: Work, value: str) -> Reply:
    """The tag that was probably meant takes the place of the one that was typed."""
    id, _, rest = value.partition("|")
    typed, _, meant = rest.partition("|")
    contact = work.get(Contact, int(id)) if id.isdecimal() and len(id) < 20 else None
    if contact is None:
        raise Refused("button.gone")
    tags.put_instead(work, contact, typed, meant)
    words = voice_of(work).words("tag.added", name=contact.name, tags=f"#{meant}")
    return Reply((Text(words),), instead=True)


@command("untag <contact> <#tag>", also=("去标签",), needs=Permission.SERVE)
def untag(work: Work, contact: Contact, tags: Tags) -> Reply:
    """Take tags off a customer."""
    voice = voice_of(work)
    gone = contacts.remove_tags(work, contact, tags)
    shown = " ".join(f"#{each}" for each in gone) or "–"
    words = voice.words("tag.removed", name=contact.name, tags=shown)
    last = changes.history(work, contact, 1) if gone else []
    return Reply((Line(words, undo_button(voice, last[0]) if last else None),))


@command("tags [rename|merge|delete] [#tag] [#other]", also=("标签列表",))
def tag_list(work: Work, text: str | None) -> Reply:
    """Every tag with how many have it; rename, merge or delete one."""
    words = (text or "").replace("→", " ").replace("->", " ").split()
    if not words:
        return _listed(work)
    verb = _VERBS.get(words[0].casefold())
    names = [each for each in words[1:] if each.casefold() not in ("to", "into", "为", "到")]
    if verb == "rename" and len(names) == 2:
        return renamed(work, names[0], names[1])
    if verb == "delete" and len(names) == 1:
        voice = voice_of(work)
        name = names[0].lstrip("#").lower()
        count = dict(tags.counts(work)).get(name, 0)
        sure = voice.say("tag.sure", tag=name, count=count)
        label, stay = voice.say("button.delete"), voice.say("button.stay")
        delete = Button(label, "tag.delete", name, Look.DANGER, sure, stay)
        return Reply((Text(voice.words("tag.sure", tag=name, count=count)), Buttons((delete,))))
    raise Refused("tag.how")


_VERBS = {
    "rename": "rename", "merge": "rename", "改名": "rename", "合并": "rename",
    "delete": "delete", "remove": "delete", "删除": "delete",
}  # fmt: skip


def _listed(work: Work) -> Reply:
    voice = voice_of(work)
    counts = tags.counts(work)
    if not counts:
        return voice.reply("tag.none")
    shown = "   ".join(f"#{name} {count}" for name, count in counts[:MOST_LISTED])
    parts: list[Part] = [Text(((voice.say("tag.title"), BOLD), (f"\n{shown}", "")))]
    if len(counts) > MOST_LISTED:
        parts.append(Hint(voice.words("card.more", count=len(counts) - MOST_LISTED)))
    if may(work.actor, Permission.CAMPAIGN):
        for less, more in tags.pairs(work):
            label = voice.say("button.make_one")
            words = voice.words("tag.alike", tag=less, other=more)
            parts.append(Line(words, Button(label, "tag.make_one", f"{less}|{more}")))
    return Reply(tuple(parts))


def renamed(work: Work, name: str, other: str, *, instead: bool = False) -> Reply:
    """What a tag is called now, and on how many."""
    before = name.lstrip("#").lower()
    now, count, merged = tags.rename(work, name, other)
    key = "tag.merged" if merged else "tag.renamed"
    words = voice_of(work).words(key, tag=before, other=now, count=count)
    return Reply((Text(words),), instead=instead)


@button("tag.make_one")
def make_one_pressed(work: Work, value: str) -> Reply:
    """Two tags that mean one thing become one."""
    less, _, more = value.partition("|")
    return renamed(work, less, more, instead=True)


@button("tag.delete")
def delete_pressed(work: Work, value: str) -> Reply:
    """It is gone from everybody."""
    count = tags.delete(work, value)
    words = voice_of(work).words("tag.deleted", tag=value, count=count)
    return Reply((Text(words),), instead=True)
