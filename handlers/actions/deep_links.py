"""Links into the bot: who comes by one is greeted by it, and it is kept where they came from."""

import re
import secrets
import unicodedata
from dataclasses import dataclass

from handlers.actions import changes, templates
from handlers.actions import contacts as people
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import TELEGRAM, tell
from handlers.actions.policies import team_voice
from handlers.message import clean_name
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import contacts, house, members, segments, self_service
from storage.records import (
    Contact,
    DeepLink,
    Direction,
    Interaction,
    Lane,
    Member,
    Order,
    Policy,
    Urgency,
)
from storage.work import Work

# What Telegram takes behind ?start=.
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
LONGEST_CODE = 40
LONGEST_GREETING = 1000
# What the bot is called in Telegram: learnt when Telegram first answers, kept for the links.
BOT_NAME = "telegram_username"


@dataclass(frozen=True)
class Arrival:
    """What a payload says about somebody who pressed Start; empty for a plain start."""

    link: DeepLink | None = None
    owner: Member | None = None
    source: str = ""
    order_number: str = ""
    # The order itself, only when it is theirs: anybody can type a number.
    order: Order | None = None


@action(Permission.CUSTOMER)
def arrive(work: Work, contact: Contact, payload: str) -> Arrival:
    """Take note of how somebody came. What is known already is never overwritten."""
    arrival = _read(work, contact, payload) if PAYLOAD.fullmatch(payload) else Arrival()
    is_new = contact.created_at == work.now
    if arrival.link is not None:
        arrival.link.came += 1
        arrival.link.were_new += is_new
        _tag(work, contact, arrival.link.tags)
    if contact.source in (None, "", TELEGRAM) and (arrival.source or is_new):
        contact.source = (arrival.source or _as_source(payload))[:64]
    if arrival.owner is not None and contact.owner_id is None:
        changes.change(work, contact, {"owner": arrival.owner.id}, "link")
        _tell_owner(work, contact, arrival)
    if arrival.source or arrival.order_number:
        _note(work, contact, arrival)
    return arrival


def _read(work: Work, contact: Contact, payload: str) -> Arrival:
    link = self_service.link_of(work, payload)
    if link is not None:
        owner = work.get(Member, link.owner_id)
        return Arrival(link, owner if owner and owner.active else None, source=link.name)
    prefix, _, rest = payload.partition("_")
    match prefix:
        case "src" if rest:
            return Arrival(source=rest)
        case "by" if rest:
            owner = _member(work, rest)
            return Arrival(owner=owner, source=payload if owner else "")
        case "order" if rest:
            order = self_service.order_numbered(work, rest)
            theirs = order if order and order.contact_id == contact.id else None
            return Arrival(order_number=rest, order=theirs)
    return Arrival()


def _as_source(payload: str) -> str:
    """A payload that we know nothing of still says where a new customer came from."""
    return payload if PAYLOAD.fullmatch(payload) else TELEGRAM


def _member(work: Work, name: str) -> Member | None:
    """The one colleague who goes by that name in a link; None when there are several."""
    sought = slug(name)
    found = [each for each in members.active(work) if sought and sought in _names(each)]
    return found[0] if len(found) == 1 else None


def _names(member: Member) -> set[str]:
    whole = slug(member.name)
    address = (member.email or "").partition("@")[0]
    return {whole, whole.partition("-")[0], whole.replace("-", ""), slug(address)} - {""}


def _tag(work: Work, contact: Contact, tags: list[str]) -> None:
    present = [each.tag for each in contacts.tags_of(work, contact)]
    changes.change(work, contact, {"tags": sorted({*present, *tags})}, "link")


def _tell_owner(work: Work, contact: Contact, arrival: Arrival) -> None:
    owner = arrival.owner
    if owner is None:
        return
    voice = Voice(owner.language, owner.zone)
    reply = voice.reply("link.came_to_you", name=contact.name, source=arrival.source)
    tell(work, owner, reply, key=f"link:{contact.id}:{owner.id}", urgency=Urgency.SERVICE)


def _note(work: Work, contact: Contact, arrival: Arrival) -> None:
    """The timeline says how they came; it stays inside."""
    key = "link.about_order" if arrival.order_number else "link.came_by"
    text = team_voice(work).say(key, number=arrival.order_number, source=arrival.source)
    newest = contacts.timeline(work, contact, 1)
    if newest and newest[0].text == text:
        # Start was pressed twice.
        return
    work.add(
        Interaction(
            contact_id=contact.id,
            channel=TELEGRAM,
            direction=Direction.NOTE,
            lane=Lane.INTERNAL,
            text=text,
            at=work.now,
        )
    )


# Making links


@action(Permission.SERVE, audited=True)
def make_link(
    work: Work,
    name: str,
    owner: Member | None = None,
    tags: tuple[str, ...] = (),
    greeting: str = "",
) -> DeepLink:
    """Make a link that greets, tags and assigns those who come by it.

    Raises Refused without a name, and for a tag or a greeting that cannot be.
    """
    name = clean_name(name)
    greeting = greeting.strip()
    if not name:
        raise Refused("link.no_name")
    if len(greeting) > LONGEST_GREETING:
        raise Refused("campaign.too_long", longest=LONGEST_GREETING)
    templates.check(greeting, segments.own_fields(work))
    return work.add(
        DeepLink(
            code=_free_code(work, name),
            name=name,
            owner_id=owner.id if owner else None,
            tags=list(dict.fromkeys(people.tag_of(tag) for tag in tags)),
            greeting=greeting,
            created_by=work.actor.member.id if work.actor.member else None,
            created_at=work.now,
        )
    )


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _free_code(work: Work, name: str) -> str:
    """A code that can be read when the name can, and that nobody else has."""
    code = slug(name)[:LONGEST_CODE].strip("-")
    while len(code) < 3 or self_service.link_of(work, code) is not None:
        code = f"{code}-{secrets.token_hex(3)}".lstrip("-")
    return code


@action(Permission.READ)
def links(work: Work) -> list[DeepLink]:
    """The newest links."""
    return self_service.links(work)


@action(Permission.READ)
def address(work: Work, link: DeepLink) -> str:
    """What is printed on the poster; only the payload as long as Telegram has not told our name."""
    name = bot_name(work.as_system())
    return f"https://t.me/{name}?start={link.code}" if name else f"?start={link.code}"


@action(Permission.SYSTEM)
def bot_name(work: Work) -> str:
    """What the bot is called in Telegram; empty before it has ever told us."""
    row = house.policy(work, BOT_NAME)
    return str(row.value) if row else ""


@action(Permission.SYSTEM)
def keep_bot_name(work: Work, username: str) -> None:
    """Telegram has told us what we are called there."""
    row = house.policy(work, BOT_NAME)
    if row is None:
        row = work.add(Policy(key=BOT_NAME, value=username, changed_at=work.now))
    if row.value != username:
        row.value, row.changed_at = username, work.now
