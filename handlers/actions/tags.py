"""The team's tags as a whole: counted, renamed, made one, forgotten; and those that are alike."""

import re

from rapidfuzz.distance import DamerauLevenshtein

from handlers.actions import changes
from handlers.actions.access import Permission, action
from handlers.actions.contacts import add_tags, remove_tags, tag_of
from storage.errors import Refused
from storage.queries import contacts, segments, tags
from storage.records import Contact
from storage.work import Work

# So alike that a slip of the finger, an s or a hyphen explains it.
ALIKE = 0.75
MOST_PAIRS = 5
# Of so many people each record's own history says that a tag was renamed.
FEW = 500


@action(Permission.READ)
def counts(work: Work) -> list[tuple[str, int]]:
    """Every tag with how many have it, most used first."""
    return contacts.tags_in_use(work)


@action(Permission.READ)
def alike(work: Work, tag: str) -> str | None:
    """The tag in use that another one is probably meant to be; None when it is in use itself."""
    known = dict(contacts.tags_in_use(work))
    if known.get(tag, 0) > 1:
        return None
    near = [
        name
        for name, count in known.items()
        if name != tag and count >= known.get(tag, 0) and _is_near(tag, name)
    ]
    return max(near, key=lambda name: known[name], default=None)


def _is_near(one: str, other: str) -> bool:
    a, b = (re.sub(r"[-_]", "", each) for each in (one, other))
    if a == b or a.rstrip("s") == b.rstrip("s"):
        return True
    if min(len(a), len(b)) < 3 or re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return False
    alike = DamerauLevenshtein.normalized_similarity(a, b)
    # Of three letters one may be in the wrong place.
    return alike >= ALIKE or (len(a) == len(b) == 3 and sorted(a) == sorted(b))


@action(Permission.READ)
def pairs(work: Work) -> list[tuple[str, str]]:
    """Tags that probably mean one thing: the less used one first."""
    known = [name for name, _ in contacts.tags_in_use(work)][:200]
    found = []
    for at, name in enumerate(known):
        more_used = next((other for other in known[:at] if _is_near(name, other)), None)
        if more_used is not None:
            found.append((name, more_used))
    return found[:MOST_PAIRS]


@action(Permission.CAMPAIGN, audited=True)
def rename(work: Work, tag: str, other: str) -> tuple[str, int, bool]:
    """Have everybody's tag be called otherwise, in saved segments too.

    The new name, how many had it, and whether it became one with a tag that was there.
    """
    tag, other = tag_of(tag), tag_of(other)
    _must_be_used(work, tag)
    if tag == other:
        raise Refused("tag.same", tag=tag)
    merged = tags.count(work, other) > 0
    count = _replace(work, tag, other)
    for segment in segments.saved(work):
        segment.filter = _in_filter(segment.filter, tag, other)
    return other, count, merged


def _replace(work: Work, tag: str, other: str) -> int:
    """Of few people each record's history says so; of how many."""
    count = tags.count(work, tag)
    if count > FEW:
        return tags.replace(work, tag, other)
    for contact in contacts.tagged(work, tag, FEW):
        held = {each.tag for each in contacts.tags_of(work, contact)}
        after = sorted(held - {tag} | {other})
        changes.change(work, contact, {"tags": after}, "tags")
    return count


def _in_filter(text: str, tag: str, other: str) -> str:
    pattern = rf'((?<!\S)-?(?:tag|标签)[:：])"?#?{re.escape(tag)}"?(?!\S)'
    return re.sub(pattern, rf"\g<1>{other}", text, flags=re.IGNORECASE)


@action(Permission.CAMPAIGN, audited=True)
def delete(work: Work, tag: str) -> int:
    """Take a tag off everybody. Raises Refused while a segment is made by it."""
    tag = tag_of(tag)
    _must_be_used(work, tag)
    for segment in segments.saved(work):
        if _in_filter(segment.filter, tag, f"{tag}-") != segment.filter:
            raise Refused("tag.used_in", tag=tag, segment=segment.name)
    return tags.remove(work, tag)


def _must_be_used(work: Work, tag: str) -> None:
    if not tags.count(work, tag):
        used = ", ".join(f"#{name}" for name, _ in contacts.tags_in_use(work)[:8])
        raise Refused("tag.unknown", tag=tag, tags=used or "–")


@action(Permission.SERVE)
def put_instead(work: Work, contact: Contact, tag: str, other: str) -> None:
    """Give a contact another tag instead of one."""
    remove_tags(work, contact, (tag,))
    add_tags(work, contact, (other,))
