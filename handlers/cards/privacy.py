"""How what is stored about somebody looks to themselves."""

from dataclasses import dataclass

from handlers.message import Facts, Heading, Hint, Part, Reply, Words, plain
from handlers.texts import Voice
from storage.records import Consent, Contact, Identity, IdentityKind, Preference, Purpose


@dataclass(frozen=True)
class Stored:
    """What is stored about a customer, with the long lists only counted."""

    contact: Contact
    identities: list[Identity]
    tags: list[str]
    requests: int
    lines: int
    orders: int
    opinions: int
    consents: list[Consent]
    preference: Preference | None


def stored_card(voice: Voice, stored: Stored) -> Reply:
    """A page of facts; the rest is in the file."""
    parts: list[Part] = [
        Heading(voice.say("mydata.title")),
        Facts(tuple(_about(voice, stored))),
        Facts(tuple(_counted(voice, stored))),
        Hint(voice.words("mydata.more")),
    ]
    return Reply(tuple(parts))


def _about(voice: Voice, stored: Stored) -> list[tuple[str, Words]]:
    contact = stored.contact
    given = [
        ("name", contact.name),
        ("company", contact.company),
        ("language", voice.tongue(contact.language)),
        ("since", voice.whole_date(voice.local(contact.created_at).date())),
        ("tags", " ".join(f"#{tag}" for tag in stored.tags)),
    ]
    facts = [(voice.say(f"label.{name}"), plain(value)) for name, value in given if value]
    named = {each.kind for each in stored.identities}
    for each in stored.identities:
        if each.kind is IdentityKind.TELEGRAM and IdentityKind.USERNAME in named:
            continue
        facts.append((voice.say(f"identity.{each.kind}"), plain(each.shown)))
    return facts


def _counted(voice: Voice, stored: Stored) -> list[tuple[str, Words]]:
    counts = {
        "requests": stored.requests,
        "lines": stored.lines,
        "orders": stored.orders,
        "opinions": stored.opinions,
    }
    facts = [(voice.say(f"mydata.{name}"), plain(str(count))) for name, count in counts.items()]
    facts.append((voice.say("mydata.news"), plain(_news(voice, stored.consents))))
    kept = stored.preference
    if kept is not None and kept.quiet_from is not None:
        facts.append((voice.say("mydata.quiet"), plain(f"{kept.quiet_from}–{kept.quiet_to}")))
    return facts


def _news(voice: Voice, consents: list[Consent]) -> str:
    refused = {
        each.topic for each in consents if each.purpose is Purpose.MARKETING and not each.granted
    }
    if "" in refused:
        return voice.say("mydata.no_news")
    return voice.say("mydata.some_news" if refused else "mydata.all_news")
