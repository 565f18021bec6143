"""What customers want to hear and when: topics, quiet hours, and the language that they write."""

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta

from handlers.actions import consents, moments
from handlers.actions.access import Permission, action
from handlers.actions.policies import policy
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import self_service
from storage.records import Contact, Preference, Topic
from storage.work import Work

LONGEST_QUIET = timedelta(days=366)
# Outside these hours nobody is asked for anything, whatever they have set.
DAY_BEGINS, DAY_ENDS = time(9), time(20)
_NAME = re.compile(r"[\w-]{1,64}")


def zone_of(work: Work, contact: Contact) -> str:
    """The clock that a customer lives by; the team's as long as nobody knows it."""
    return contact.zone or str(policy(work, "team_zone"))


def voice_for(work: Work, contact: Contact) -> Voice:
    """How Rapport speaks to a customer when it names moments."""
    return Voice(contact.language, zone_of(work, contact))


# The language

_HAN = re.compile("[\u3400-\u9fff]")
_OTHER_SCRIPTS = re.compile("[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff]")
_WORD = re.compile(r"[a-z']+")
_ENGLISH = frozenset(
    "the a an is are was were i my me you your we it this that to of for in on and or not have has "
    "had do does did can could will would what when where how why please with but from".split()
)


def language_written(text: str) -> str | None:
    """The language of a text when there is no doubt ("zh", "en"); else None."""
    chinese = len(_HAN.findall(text))
    if chinese:
        letters = sum(letter.isalpha() for letter in text)
        sure = chinese >= 2 and chinese * 2 >= letters and not _OTHER_SCRIPTS.search(text)
        return "zh" if sure else None
    words = _WORD.findall(text.lower())
    common = sum(word in _ENGLISH for word in words)
    return "en" if len(words) >= 5 and common >= 2 and common * 4 >= len(words) else None


@action(Permission.CUSTOMER)
def follow_language(work: Work, contact: Contact, text: str) -> None:
    """Answer people in the language that they write, until they choose one themselves."""
    if contact.language_chosen or (contact.language == "en" and text.isascii()):
        return
    if contact.language == "zh" and _HAN.search(text):
        return
    written = language_written(text)
    if written is not None:
        contact.language = written


# Topics


@action(Permission.CAMPAIGN, audited=True)
def add_topic(work: Work, name: str, titles: dict[str, str]) -> Topic:
    """Offer something that news may be about; `titles` are what customers read, by language."""
    name = name.strip().lstrip("#").lower()
    if not _NAME.fullmatch(name):
        raise Refused("topic.name", name=name[:64])
    topic = self_service.topic_named(work, name)
    if topic is None:
        topic = work.add(Topic(name=name, created_at=work.now))
    shown = {language: title.strip()[:40] for language, title in titles.items() if title.strip()}
    topic.titles, topic.active = shown, True
    return topic


@action(Permission.CAMPAIGN, audited=True)
def remove_topic(work: Work, name: str) -> Topic:
    """Offer it no longer; what people said about it stays, should it come back."""
    topic = self_service.topic_named(work, name.strip().lstrip("#").lower())
    if topic is None or not topic.active:
        raise Refused("topic.unknown", name=name[:64])
    topic.active = False
    return topic


@action(Permission.READ)
def topics(work: Work) -> list[tuple[Topic, int]]:
    """What is offered, and how many do not want it."""
    return [(each, self_service.refusals(work, each.name)) for each in self_service.topics(work)]


@action(Permission.CUSTOMER)
def my_topics(work: Work, contact: Contact) -> tuple[list[tuple[Topic, bool]], bool]:
    """Each topic with whether a customer gets news about it; and whether they get any at all."""
    said = self_service.marketing_of(work, contact)
    any_at_all = said.get("", True)
    wanted = [
        (each, any_at_all and said.get(each.name, True)) for each in self_service.topics(work)
    ]
    return wanted, any_at_all


@action(Permission.CUSTOMER)
def choose_topic(
    work: Work, contact: Contact, topic: Topic, evidence: str, *, wanted: bool
) -> None:
    """Have news about a topic, or not. After a stop to everything one topic brings back itself."""
    before, any_at_all = my_topics(work, contact)
    if not wanted:
        if any_at_all:
            consents.stop_marketing(work, contact, evidence, topic.name)
        return
    if not any_at_all:
        consents.allow_marketing(work, contact, evidence)
        for other, _ in before:
            if other.id != topic.id:
                consents.stop_marketing(work, contact, evidence, other.name)
    consents.allow_marketing(work, contact, evidence, topic.name)


@action(Permission.CUSTOMER)
def topic_with_id(work: Work, id: int) -> Topic | None:
    """A topic that is still offered."""
    topic = work.get(Topic, id)
    return topic if topic is not None and topic.active else None


# Quiet times


def preference(work: Work, contact: Contact) -> Preference:
    """A customer's preferences, made when there are none."""
    found = self_service.preference_of(work, contact)
    return found or work.add(Preference(contact_id=contact.id))


@action(Permission.CUSTOMER)
def quiet(work: Work, contact: Contact) -> Preference | None:
    """When a customer wants no news; None when they never said."""
    return self_service.preference_of(work, contact)


@action(Permission.CUSTOMER, audited=True)
def quiet_hours(work: Work, contact: Contact, begins: time, ends: time) -> Preference:
    """No news between these hours of each day; the same twice would be the whole day."""
    if begins == ends:
        raise Refused("customer.quiet_how")
    kept = preference(work, contact)
    kept.quiet_from, kept.quiet_to = begins.strftime("%H:%M"), ends.strftime("%H:%M")
    return kept


@action(Permission.CUSTOMER, audited=True)
def no_news_until(work: Work, contact: Contact, until: datetime) -> Preference:
    """No news before a moment, a year ahead at the most."""
    kept = preference(work, contact)
    kept.quiet_until = min(until, work.now + LONGEST_QUIET)
    return kept


@action(Permission.CUSTOMER, audited=True)
def end_quiet(work: Work, contact: Contact) -> Preference:
    """News at any time again."""
    kept = preference(work, contact)
    kept.quiet_from = kept.quiet_to = kept.quiet_until = None
    return kept


def quiet_ends(kept: Preference, zone_name: str, moment: datetime) -> datetime | None:
    """When the quiet hours end in which `moment` lies; None outside of them."""
    if kept.quiet_from is None or kept.quiet_to is None:
        return None
    zone = moments.zone_named(zone_name)
    local = moment.astimezone(zone)
    begins, ends = time.fromisoformat(kept.quiet_from), time.fromisoformat(kept.quiet_to)
    now = local.time()
    over_midnight = begins > ends
    inside = now >= begins or now < ends if over_midnight else begins <= now < ends
    if not inside:
        return None
    tomorrow = over_midnight and now >= begins
    day = local.date() + timedelta(days=1 if tomorrow else 0)
    return moments.instant(datetime.combine(day, ends), zone)


def resting(work: Work, contact_ids: Collection[int]) -> dict[int, tuple[datetime, bool]]:
    """Those of `contact_ids` who want no news now: until when, and whether that is for days."""
    found: dict[int, tuple[datetime, bool]] = {}
    for kept, zone in self_service.preferences_of(work, contact_ids):
        if kept.quiet_until is not None and kept.quiet_until > work.now:
            found[kept.contact_id] = (kept.quiet_until, True)
            continue
        ends = quiet_ends(kept, zone or str(policy(work, "team_zone")), work.now)
        if ends is not None and ends > work.now:
            found[kept.contact_id] = (ends, False)
    return found


def good_moment(work: Work, contact: Contact) -> datetime:
    """The first moment from now on to ask a customer something: by day, and not when quiet."""
    zone_name = zone_of(work, contact)
    zone = moments.zone_named(zone_name)
    kept = self_service.preference_of(work, contact)
    moment = work.now
    for _ in range(4):
        local = moment.astimezone(zone)
        if local.time() >= DAY_ENDS:
            tomorrow = local.date() + timedelta(days=1)
            moment = moments.instant(datetime.combine(tomorrow, DAY_BEGINS), zone)
        elif local.time() < DAY_BEGINS:
            moment = moments.instant(datetime.combine(local.date(), DAY_BEGINS), zone)
        ends = quiet_ends(kept, zone_name, moment) if kept is not None else None
        if ends is None or ends <= moment:
            break
        moment = ends
    return moment
