"""Saved filters: named, said back in words, counted, explained, made of each other."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from handlers.actions import fields
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.message import clean_name
from handlers.suggest import nearest
from handlers.texts import Voice
from storage.errors import Refused
from storage.finding.filters import MOST, Filter, Key, names_in
from storage.queries import contacts, journeys, segments
from storage.queries.segments import slug
from storage.records import Campaign, CampaignState, Contact, Member, Segment
from storage.work import Work

LONGEST_FILTER = 1024
MOST_SEGMENTS = 200
PREVIEW = 10
_OVER = (CampaignState.FINISHED, CampaignState.CANCELLED)
_LIVE = tuple(state for state in CampaignState if state not in _OVER)


@dataclass(frozen=True)
class Reason:
    """One condition and whether somebody fulfils it; `fact` says how things are."""

    words: str
    holds: bool
    fact: str = ""


@action(Permission.READ)
def read(work: Work, text: str) -> tuple[Filter, ...]:
    """The conditions that a filter consists of.

    Raises Refused with one sentence for what is no condition, with the nearest name.
    """
    text = " ".join(text.split())
    if not text:
        raise Refused("segment.no_filter")
    if len(text) > LONGEST_FILTER:
        raise Refused("segment.too_long", longest=LONGEST_FILTER)
    words, found = segments.parse(work, text)
    if words:
        _explain_words(work, words)
    if not found:
        raise Refused("segment.no_filter")
    if len(found) > MOST:
        raise Refused("segment.too_many", most=MOST)
    segments.condition(work, text)
    return found


@action(Permission.READ)
def explain_names(work: Work, words: str) -> None:
    """Raises Refused when `words` hold what looks like a condition of a name that there is not."""
    own = segments.own_fields(work)
    known = [*(key.value for key in Key if key is not Key.FIELD), *own]
    for name in names_in(words):
        # What is said before a colon may be an hour: “10:30”.
        if name in own or name.isdecimal():
            continue
        alike = nearest(name, known)
        if alike:
            raise Refused("segment.meant", name=name[:40], nearest=alike[0])
        raise Refused("segment.no_name", name=name[:40], names=", ".join(known))


@action(Permission.READ)
def has_conditions(work: Work, words: str) -> bool:
    """Whether some of `words` are conditions and no name."""
    return bool(segments.parse(work, words)[1])


def _explain_words(work: Work, words: str) -> None:
    """Say what is wrong with what is no condition."""
    explain_names(work, words)
    word = words.split(maxsplit=1)[0]
    if word.startswith("#"):
        raise Refused("segment.tag_how", tag=word.lstrip("#")[:40])
    if word.casefold() in ("or", "或"):
        raise Refused("segment.no_or")
    tags = [tag for tag, _ in contacts.tags_in_use(work)]
    if word.lstrip("-").casefold() in tags:
        raise Refused("segment.tag_how", tag=word.lstrip("-")[:40])
    raise Refused("segment.words", word=word[:40])


@action(Permission.CAMPAIGN, audited=True)
def add(work: Work, name: str, text: str) -> Segment:
    """Save a filter under a name."""
    name = _name(work, name)
    read(work, text)
    if len(segments.saved(work)) >= MOST_SEGMENTS:
        raise Refused("segment.too_many_saved", most=MOST_SEGMENTS)
    return work.add(
        Segment(
            name=name,
            filter=" ".join(text.split()),
            created_by=me(work).id,
            created_at=work.now,
        )
    )


def _name(work: Work, name: str, own: Segment | None = None) -> str:
    name = clean_name(name.strip().strip("\"'"))
    if not name or not re.search(r"\w", name) or re.search(r"[:：<>=|]", name):
        raise Refused("segment.wrong_name", name=name[:40])
    there = segments.called(work, name)
    if there is not None and there != own:
        raise Refused("segment.is_there", name=there.name)
    return name


@action(Permission.READ)
def called(work: Work, name: str) -> Segment:
    """The segment of that name. Raises Refused("segment.unknown") with the nearest one."""
    found = segments.called(work, name.strip().strip("\"'"))
    if found is None:
        known = [each.name for each in segments.saved(work)]
        alike = nearest(slug(name), [slug(each) for each in known])
        if alike:
            raise Refused("segment.unknown_meant", name=name[:40], nearest=alike[0])
        raise Refused("segment.unknown", name=name[:40])
    return found


@action(Permission.READ)
def listed(work: Work) -> list[tuple[Segment, int]]:
    """Every segment with how many are in it now."""
    return [(each, count(work, each)) for each in segments.saved(work)]


@action(Permission.READ)
def count(work: Work, segment: Segment) -> int:
    """How many are in it now."""
    try:
        return segments.count(work, segment.filter)
    except Refused:
        # A field or a segment that it names is gone; its page says so.
        return 0


@action(Permission.READ)
def preview(work: Work, segment: Segment) -> list[tuple[Contact, list[Reason]]]:
    """Ten who are in it, each with why."""
    found = segments.some(work, segment.filter, PREVIEW)
    return [(contact, why(work, segment, contact)) for contact in found]


@action(Permission.READ)
def why(work: Work, segment: Segment, contact: Contact) -> list[Reason]:
    """Each condition of a segment with whether somebody fulfils it."""
    voice = Voice(work.actor.language, work.actor.zone)
    _, found = segments.parse(work, segment.filter)
    reasons = []
    for each in found:
        (held,) = segments.conditions(work, [each])
        holds = segments.holds(work, contact, held)
        reasons.append(Reason(said(work, voice, each), holds, _fact(work, voice, each, contact)))
    return reasons


@action(Permission.CAMPAIGN, audited=True)
def change(work: Work, segment: Segment, text: str) -> Segment:
    """Have a segment mean other people. Raises Refused when it would be made of itself."""
    before = segment.filter
    read(work, text)
    segment.filter = " ".join(text.split())
    try:
        segments.condition(work, f"segment:{slug(segment.name)}")
    except Refused:
        segment.filter = before
        raise
    return segment


@action(Permission.CAMPAIGN, audited=True)
def rename(work: Work, segment: Segment, name: str) -> Segment:
    """Call it otherwise; segments that are made of it go on to be."""
    name = _name(work, name, segment)
    _must_not_be_used(work, segment)
    for other in _made_of(work, segment):
        other.filter = _other_name(other.filter, segment.name, slug(name))
    segment.name = name
    return segment


def _other_name(text: str, before: str, after: str) -> str:
    def replaced(found: re.Match[str]) -> str:
        return f"{found[1]}{after}" if slug(found[2].strip('"')) == slug(before) else found[0]

    return re.sub(r'((?<!\S)-?(?:segment|分组|客户群)[:：])("[^"]*"|\S+)', replaced, text)


@action(Permission.CAMPAIGN, audited=True)
def delete(work: Work, segment: Segment) -> None:
    """Forget a segment. Raises Refused while a campaign, a journey or another segment needs it."""
    _must_not_be_used(work, segment)
    others = _made_of(work, segment)
    if others:
        raise Refused("segment.used_in", name=segment.name, other=others[0].name)
    work.delete(segment)


def _made_of(work: Work, segment: Segment) -> list[Segment]:
    return [
        each
        for each in segments.saved(work)
        if each != segment and _is_named(work, segment, each.filter)
    ]


def _is_named(work: Work, segment: Segment, text: str) -> bool:
    wanted = slug(segment.name)
    return any(
        part.key is Key.SEGMENT and slug(str(part.value)) == wanted
        for part in segments.parse(work, text)[1]
    )


def _must_not_be_used(work: Work, segment: Segment) -> None:
    """Whoever has to look again whom it means must find it."""
    campaign = _used_by(work, segment)
    if campaign is not None:
        raise Refused("segment.used_by", name=segment.name, number=campaign.number)
    for journey in journeys.still_to_begin(work):
        if _is_named(work, segment, journey.begins.get("filter", "")):
            raise Refused("segment.used_by_journey", name=segment.name, journey=journey.name)


def _used_by(work: Work, segment: Segment) -> Campaign | None:
    """A campaign that is not over and means this segment, or everybody but those in it."""
    for campaign in segments.campaigns_in(work, _LIVE):
        filters = (campaign.audience.get("filter"), campaign.audience.get("except"))
        if any(_is_named(work, segment, each) for each in filters if each):
            return campaign
    return None


# A filter in words


@action(Permission.READ)
def in_words(work: Work, voice: Voice, text: str) -> list[str]:
    """A filter said back, a condition each."""
    _, found = segments.parse(work, text)
    return [said(work, voice, each) for each in found]


def said(work: Work, voice: Voice, each: Filter) -> str:
    """One condition in words: "tag vip", "silent for more than 30 days", "not: tag staff"."""
    words = _said(work, voice, each)
    return voice.say("filter.not", words=words) if each.negated else words


def _said(work: Work, voice: Voice, each: Filter) -> str:
    value: Any = each.value
    if each.key is Key.FIELD:
        return _own_said(work, voice, each)
    match value:
        case timedelta():
            key = f"filter.{each.key}.{'longer' if each.sign in ('>', '>=') else 'shorter'}"
            return voice.say(key, days=value.days)
        case Decimal():
            return voice.say(f"filter.{each.key}", sign=_sign(each.sign), value=f"{value:f}")
        case str():
            return voice.say(f"filter.{each.key}", value=value.lstrip("#@"))
    key = "filter.created.since" if each.sign in (">", ">=") else "filter.created.before"
    return voice.say(key, day=voice.calendar_day(value.date()))


def _own_said(work: Work, voice: Voice, each: Filter) -> str:
    own = {field.key: field for field in fields.every(work)}.get(each.name)
    label = own.label(voice.language) if own else each.name
    value = each.value.date().isoformat() if hasattr(each.value, "date") else each.value
    shown = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return f"{label}: {shown}" if each.sign == ":" else f"{label} {_sign(each.sign)} {shown}"


def _sign(sign: str) -> str:
    return {">=": "≥", "<=": "≤", ":": "="}.get(sign, sign)


def _fact(work: Work, voice: Voice, each: Filter, contact: Contact) -> str:
    """How things are with somebody, as far as a condition is about it."""
    match each.key:
        case Key.TAG:
            return " ".join(f"#{tag.tag}" for tag in contacts.tags_of(work, contact)) or "–"
        case Key.SILENT:
            last = contact.last_heard_at or contact.created_at
            return voice.say("filter.days", days=max((work.now - last).days, 0))
        case Key.OWNER:
            owner = work.get(Member, contact.owner_id)
            return owner.name if owner else "–"
        case Key.COMPANY:
            return contact.company or "–"
        case Key.STAGE:
            return voice.say(f"stage.{contact.stage}")
        case Key.LANG:
            return voice.tongue(contact.language)
        case Key.SOURCE:
            return contact.source or "–"
        case Key.CREATED:
            return voice.day(contact.created_at)
        case Key.AGE:
            return str(fields.age(contact.birthday, work.now)) if contact.birthday else "–"
        case Key.SPENT | Key.ORDERS | Key.TICKETS | Key.DEALS | Key.CSAT:
            return segments.figure(work, each.key, contact)
        case Key.FIELD:
            own = {field.key: field for field in fields.every(work)}.get(each.name)
            held = contact.custom.get(each.name)
            return fields.words_of(voice, own, held) if own and held is not None else "–"
    return ""


@action(Permission.READ)
def tried(work: Work, text: str) -> tuple[int, list[Contact]]:
    """How many a filter means, and ten of them, without saving it."""
    read(work, text)
    return segments.count(work, text), segments.some(work, text, PREVIEW)
