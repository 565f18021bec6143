"""Messages to many: drafted, changed, started, paused, cancelled; the numbers on their card."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from handlers import cards
from handlers.actions import agreeing, audiences, moments, templates, trials
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import SLACK, refresh, say_to_customer, send
from handlers.actions.policies import policy, team_voice
from handlers.actions.profiles import mark
from handlers.cards.campaigns import Picture
from handlers.message import Button, Buttons, Files, Media, Part, Reply, Text, pack, plain
from handlers.texts import Voice
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import (
    campaigns,
    contacts,
    house,
    outbox,
    segments,
    self_service,
    tallies,
)
from storage.records import (
    Campaign,
    CampaignState,
    CampaignText,
    Contact,
    IdentityKind,
    Member,
    RecipientState,
    Subject,
    Timing,
    Unsure,
)
from storage.work import Work

LONGEST_TEXT = 3500
# What Telegram lets stand under a picture.
LONGEST_CAPTION = 1000
LONGEST_LABEL = 40
MOST_BUTTONS = 6
OVER = (CampaignState.FINISHED, CampaignState.CANCELLED)
# So many people are gone through at once when it is cancelled; the clock goes on with the rest.
ENDED_AT_ONCE = 2_000
_ADDRESS = re.compile(r"https?://[^\s.]+\.\S+|https?://localhost\S*")


@dataclass(frozen=True)
class Terms:
    """Everything that is decided when a campaign is composed."""

    wanted: str
    # {language: text}; "" is for every language without one of its own.
    texts: dict[str, str]
    unwanted: str = ""
    topic: str = ""
    picture: str = ""
    # A line each: "Shop now | https://…" opens an address, "Call me" alone is an answer to us.
    buttons: tuple[str, ...] = ()
    timing: Timing = Timing.NOW
    wall: datetime | None = None
    speed: int | None = None
    regardless: bool = False
    # Where it is to be put by others: A/B tests, journeys.
    more: dict[str, Any] = field(default_factory=dict)


def line_of(campaign: Campaign) -> str:
    """The outbox line of a campaign's card."""
    return f"slack:campaign:{campaign.id}"


# Composing


@action(Permission.CAMPAIGN, audited=True)
def draft(work: Work, wanted: str, text: str, channel: str) -> Campaign:
    """Prepare a campaign to a tag, filter or segment; nothing goes out before it is started."""
    return compose(work, Terms(wanted, {"": text}), channel)


@action(Permission.CAMPAIGN, audited=True)
def compose(work: Work, terms: Terms, channel: str) -> Campaign:
    """Prepare a campaign with everything about it. Raises Refused where something is wrong."""
    drafted = _made(work, terms, channel)
    audiences.count_anew(work, drafted)
    if audiences.is_counted(drafted) and not audiences.everybody(drafted):
        used = ", ".join(f"#{name} ({count})" for name, count in contacts.tags_in_use(work)[:8])
        wanted = drafted.audience["filter"]
        key = "campaign.nobody" if _tag_of(wanted) else "campaign.nobody_in"
        raise Refused(key, tag=_tag_of(wanted) or wanted, tags=used or "–")
    _must_not_lack(drafted)
    drafted.number = house.next_number(work, "campaign")
    work.add(drafted)
    _post_card(work, drafted)
    return drafted


@action(Permission.CAMPAIGN)
def preview(work: Work, terms: Terms) -> Campaign:
    """What a campaign would be, with its numbers; it is not kept. Raises Refused as composing."""
    made = _made(work, terms, "")
    audiences.count_anew(work, made)
    return made


def _made(work: Work, terms: Terms, channel: str) -> Campaign:
    texts = checked_texts(work, terms.texts, with_picture=bool(terms.picture))
    wall = terms.wall
    if terms.timing is not Timing.NOW and wall is None:
        raise Refused("campaign.no_when")
    zone = work.actor.zone
    due = moments.instant(wall, moments.zone_named(zone)) if wall is not None else None
    if terms.timing is Timing.AT and due is not None and due <= work.now:
        raise Refused("campaign.in_the_past", at=due)
    if terms.timing is Timing.LOCAL and due is not None and due < work.now - timedelta(days=1):
        raise Refused("campaign.in_the_past", at=due)
    wanted = audiences.filter_in(work, terms.wanted)
    if not wanted:
        raise Refused("campaign.no_audience")
    return Campaign(
        number=0,
        texts=texts,
        audience={"filter": wanted, "except": audiences.filter_in(work, terms.unwanted)},
        topic=_topic(work, terms.topic),
        picture=_picture(terms.picture),
        buttons=[_button(each) for each in terms.buttons][:MOST_BUTTONS] or None,
        timing=terms.timing,
        wall=wall.isoformat(timespec="minutes") if wall else None,
        zone=zone if wall else None,
        due_at=due,
        speed=terms.speed,
        regardless=terms.regardless or None,
        channel=channel,
        created_by=me(work).id,
        created_at=work.now,
    )


@action(Permission.CAMPAIGN)
def checked_texts(
    work: Work, texts: dict[str, str], *, with_picture: bool = False
) -> dict[str, str]:
    """The texts that say something. Raises Refused for what is too long or cannot be filled in."""
    kept = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not kept:
        raise Refused("campaign.no_text")
    kept.setdefault("", next(iter(kept.values())))
    longest = LONGEST_CAPTION if with_picture else LONGEST_TEXT
    for text in kept.values():
        if len(text) > longest:
            key = "campaign.too_long_caption" if with_picture else "campaign.too_long"
            raise Refused(key, longest=longest)
        templates.check(text, segments.own_fields(work))
    return kept


def _topic(work: Work, name: str) -> str:
    name = name.strip().lstrip("#").lower()
    if name and self_service.topic_named(work, name) is None:
        raise Refused("topic.unknown", name=name[:64])
    return name


def _picture(address: str) -> dict[str, Any] | None:
    address = address.strip()
    if not address:
        return None
    if not _ADDRESS.fullmatch(address) or len(address) > 2000:
        raise Refused("campaign.no_picture", text=address[:60])
    return vars(Media(kind="photo", door="web", file=address, name="picture"))


def _button(line: str) -> dict[str, str]:
    label, _, address = (part.strip() for part in line.replace("｜", "|").partition("|"))
    if not label or len(label) > LONGEST_LABEL:
        raise Refused("campaign.button_label", longest=LONGEST_LABEL)
    if address and not _ADDRESS.fullmatch(address):
        raise Refused("campaign.button_address", text=address[:60])
    return {"label": label, "url": address} if address else {"label": label}


def _must_not_lack(campaign: Campaign) -> None:
    """A field without a fallback must be there for everybody."""
    for name, many in audiences.counts_of(campaign).items():
        if name.startswith("lacks:") and many:
            lacking = name.removeprefix("lacks:")
            raise Refused("template.lacking", field=lacking, count=many)


def _tag_of(wanted: str) -> str:
    """The tag, when the filter is nothing else."""
    found = re.fullmatch(r"tag:(\S+)", wanted)
    return found[1] if found else ""


@action(Permission.READ)
def texts_mark(work: Work, campaign: Campaign) -> str:
    """How the texts stand now, to be compared when a form comes back."""
    return mark(str(sorted(campaign.texts.items())))


@action(Permission.CAMPAIGN, audited=True)
def change_texts(
    work: Work, campaign: Campaign, texts: dict[str, str], shown: str = ""
) -> Campaign:
    """Say something else from now on; who has the former text keeps it, and we know who.

    Raises Refused while it goes out, once it is over, and when a colleague has changed what was
    `shown` to whoever writes.
    """
    if campaign.state in OVER:
        raise Refused("campaign.over", number=campaign.number)
    if campaign.state is CampaignState.RUNNING:
        raise Refused("campaign.pause_first", number=campaign.number)
    if shown and shown != texts_mark(work, campaign):
        raise Refused("edit.changed_meanwhile", now=str(campaign.texts[""])[:60])
    checked = checked_texts(work, texts, with_picture=campaign.picture is not None)
    if checked == campaign.texts:
        return campaign
    edits = campaign.edits or 0
    if campaign.state is not CampaignState.DRAFT:
        work.add(
            CampaignText(
                campaign_id=campaign.id,
                edit=edits,
                texts=campaign.texts,
                until=work.now,
                changed_by=me(work).id,
            )
        )
        campaign.edits = edits + 1
    campaign.texts = checked
    if campaign.state is CampaignState.DRAFT:
        audiences.count_anew(work, campaign)
        _must_not_lack(campaign)
    return campaign


@action(Permission.CAMPAIGN, audited=True)
def change_speed(work: Work, campaign: Campaign, speed: int | None) -> Campaign:
    """So many messages a second at the most; None: as fast as the platform allows."""
    if campaign.state in OVER:
        raise Refused("campaign.over", number=campaign.number)
    if speed is not None and not 1 <= speed <= 1000:
        raise Refused("campaign.speed", least=1, most=1000)
    campaign.speed, campaign.fed_at = speed, None
    return campaign


# Starting and stopping


@action(Permission.CAMPAIGN, audited=True)
def start(work: Work, campaign: Campaign, typed: int | None = None) -> Campaign:
    """Send it, now or when its time comes. Pressing twice is once.

    To many, only when the number of people was typed; to very many, only when a second person has
    said so too: the first one's start then only asks for it.
    """
    if campaign.state is not CampaignState.DRAFT:
        raise Refused("campaign.started_already", number=campaign.number)
    shown = audiences.reach(campaign)
    people = agreeing.counted_anew(work, campaign)
    if not people:
        raise Refused("campaign.nobody_reachable", number=campaign.number)
    _must_not_lack(campaign)
    if not agreeing.agreed(work, campaign, people, shown, typed):
        return campaign
    return _begin(work, campaign)


@action(Permission.READ)
def must_type(work: Work, campaign: Campaign) -> int | None:
    """The number of people, when it has to be typed before this one may start."""
    return agreeing.to_type(work, audiences.reach(campaign))


def _begin(work: Work, campaign: Campaign) -> Campaign:
    campaign.started_at = work.now
    begins = work.now
    if campaign.timing is Timing.LOCAL:
        # Somebody lives where it is that hour first.
        first = datetime.fromisoformat(campaign.wall or "")
        begins = moments.instant(first, moments.zone_named("Pacific/Kiritimati"))
    elif campaign.due_at is not None:
        begins = campaign.due_at
    if begins > work.now:
        campaign.state, campaign.due_at = CampaignState.SCHEDULED, begins
    else:
        set_going(work, campaign)
    return campaign


def set_going(work: Work, campaign: Campaign) -> None:
    """It goes out from now on; for so long it waits for those who cannot have it yet."""
    campaign.state = CampaignState.RUNNING
    campaign.shown_at = None
    days = timedelta(days=int(policy(work, "campaign_days")))
    hours = timedelta(days=2 if campaign.timing is Timing.LOCAL else 0)
    longer = trials.begin(work, campaign)
    campaign.ends_at = work.now + days + hours + longer + duration(work, campaign)


def duration(work: Work, campaign: Campaign) -> timedelta:
    """How long it takes at the platform's rate, or at its own."""
    rate = min(audiences.rate(work), campaign.speed or 1_000)
    return timedelta(seconds=audiences.reach(campaign) / rate)


@action(Permission.CAMPAIGN, audited=True)
def pause(work: Work, campaign: Campaign) -> Campaign:
    """Hold it; what is on the socket this moment still goes."""
    if campaign.state not in (CampaignState.RUNNING, CampaignState.SCHEDULED):
        raise Refused("campaign.not_running", number=campaign.number)
    campaign.state = CampaignState.PAUSED
    return campaign


@action(Permission.CAMPAIGN, audited=True)
def resume(work: Work, campaign: Campaign) -> Campaign:
    """Go on where it was paused; one that had not begun waits for its time again."""
    if campaign.state is not CampaignState.PAUSED:
        raise Refused("campaign.not_paused", number=campaign.number)
    if campaign.ends_at is None:
        if campaign.due_at is not None and campaign.due_at <= work.now:
            set_going(work, campaign)
        else:
            campaign.state = CampaignState.SCHEDULED
        return campaign
    campaign.state, campaign.fed_at = CampaignState.RUNNING, None
    return campaign


@action(Permission.CAMPAIGN, audited=True)
def send_late(work: Work, campaign: Campaign) -> Campaign:
    """Its time has passed while nothing ran; it goes all the same."""
    if campaign.state is not CampaignState.LATE:
        raise Refused("campaign.not_late", number=campaign.number)
    set_going(work, campaign)
    return campaign


@action(Permission.CAMPAIGN, audited=True)
def cancel(work: Work, campaign: Campaign) -> Campaign:
    """End it; nobody who waits will get it."""
    if campaign.state in OVER:
        raise Refused("campaign.over", number=campaign.number)
    campaign.state, campaign.finished_at = CampaignState.CANCELLED, work.now
    outbox.cancel_campaign(work, campaign.id)
    campaign.winding_up = end_waiting(work, campaign) or None
    return campaign


WAITS = (RecipientState.WAITING, RecipientState.HELD, RecipientState.QUEUED)


def end_waiting(work: Work, campaign: Campaign) -> bool:
    """Put those who still wait into their last state; whether there may be more."""
    if campaign.state is CampaignState.CANCELLED:
        some = campaigns.end_some(work, campaign, WAITS, RecipientState.CANCELLED, ENDED_AT_ONCE)
    else:
        held = (RecipientState.HELD,)
        some = campaigns.end_some(work, campaign, held, RecipientState.SKIPPED, ENDED_AT_ONCE)
    return some == ENDED_AT_ONCE


# Looking


@action(Permission.READ)
def numbers(work: Work, campaign: Campaign) -> dict[str, int]:
    """For a draft who would get it and who not; afterwards how many are in each state."""
    if "frozen_to" not in campaign.audience:
        counts = audiences.counts_of(campaign)
        return {"will_get": 0, **counts, "reach": audiences.reach(campaign)}
    return tallies.by_state(work, campaign)


@action(Permission.READ)
def card(work: Work, campaign: Campaign, voice: Voice | None = None) -> Reply:
    """A campaign's card as it stands; a draft shows the text as real people would get it."""
    voice = voice or team_voice(work)
    asker = work.get(Member, campaign.asked_by)
    pictured = Picture(
        campaign=campaign,
        counts=numbers(work, campaign),
        wanted=_tag_of(campaign.audience.get("filter", "")),
        previews=tuple(previews(work, campaign)),
        ready_at=work.now + duration(work, campaign),
        is_counted=audiences.is_counted(campaign) or campaign.tally is None,
        asked_by=asker.name if asker is not None else "",
        held=tallies.held(work, campaign) if "frozen_to" in campaign.audience else {},
        recalling=campaign.recalled_at is not None,
        trial=trials.of(work, campaign),
        night=audiences.night_of(work),
    )
    return cards.campaign_card(voice, pictured, work.now)


@action(Permission.READ)
def previews(work: Work, campaign: Campaign) -> list[tuple[str, str]]:
    """Up to three real renderings, each with the name of who would read it."""
    if campaign.state is not CampaignState.DRAFT:
        return [("", str(campaign.texts[""]))]
    found = [
        (each.name, templates.fill(audiences.text_for(campaign, each), each))
        for each in audiences.examples(work, campaign)
    ]
    return found or [("", str(campaign.texts[""]))]


def rendering(
    campaign: Campaign,
    contact: templates.Addressee,
    texts: dict[str, str] | None = None,
    addresses: dict[int, str] | None = None,
) -> Reply:
    """The message as one person gets it: of several texts theirs, with links of their own."""
    parts: list[Part] = []
    if campaign.picture is not None:
        parts.append(Files((Media(**campaign.picture),)))
    text = audiences.text_for(campaign, contact, texts)
    parts.append(Text(plain(templates.fill(text, contact))))
    parts += [Buttons((each,)) for each in _buttons_of(campaign, addresses or {})]
    parts.append(_way_out(contact.language))
    return Reply(tuple(parts))


@lru_cache(maxsize=256)
def _way_out(language: str) -> Buttons:
    """What stands below each message, whatever else does."""
    label = Voice(language).say("button.stop_campaigns")
    return Buttons((Button(label, "customer.stop"),))


def _buttons_of(campaign: Campaign, addresses: dict[int, str]) -> list[Button]:
    found = []
    for number, each in enumerate(campaign.buttons or ()):
        if "url" in each:
            address = addresses.get(number, each["url"])
            found.append(Button(each["label"], "link.opened", url=address))
        else:
            found.append(Button(each["label"], "campaign.answer", f"{campaign.id}:{number}"))
    return found


@action(Permission.CAMPAIGN)
def try_out(work: Work, campaign: Campaign) -> Reply | None:
    """Send it to myself alone; where my Telegram is not known, this is what it looks like."""
    mine = me(work)
    found = contacts.known_as(work, IdentityKind.SLACK, mine.slack_user)
    identity = contacts.telegram_of(work, found[1]) if found else None
    if found is None or identity is None:
        first, _, _ = mine.name.partition(" ")
        like_me = Contact(
            name=mine.name, first_name=first, language=mine.language, created_at=work.now
        )
        return rendering(campaign, like_me)
    key = f"campaign:{campaign.id}:try:{new_id()}"
    say_to_customer(work, identity, rendering(campaign, found[1]), key=key)
    return None


@action(Permission.READ)
def unsure(work: Work, campaign: Campaign) -> list[Contact]:
    """Whom it may not have reached."""
    return campaigns.unsure(work, campaign)


@action(Permission.READ)
def named(
    work: Work, campaign: Campaign, state: RecipientState, reason: str | None = None
) -> list[tuple[Contact, str | None]]:
    """Some of the people of a campaign who are in that state, with why, by name."""
    return campaigns.named(work, campaign, state, reason)


@action(Permission.READ)
def numbered(work: Work, number: int) -> Campaign:
    """The campaign of that number; the steps of journeys are none. Raises Refused."""
    found = campaigns.numbered(work, number)
    if found is None:
        raise Refused("campaign.unknown", number=number)
    return found


@action(Permission.READ)
def recent(work: Work) -> list[Campaign]:
    """The newest campaigns."""
    return campaigns.recent(work)


# The card


@action(Permission.SYSTEM)
def show(work: Work, campaign: Campaign) -> None:
    """Bring the card's numbers up to date; a step of a journey has none of its own."""
    if campaign.channel is None:
        return
    campaign.shown_at = work.now
    refresh(
        work,
        Subject.CAMPAIGN,
        campaign.id,
        card(work, campaign),
        line=line_of(campaign),
        chat=campaign.channel or "",
    )


def _post_card(work: Work, campaign: Campaign) -> None:
    """Put the card into its channel, where its numbers stay live."""
    send(
        work,
        SLACK,
        campaign.channel or "",
        "say",
        {"parts": pack(card(work, campaign))},
        key=f"campaign:{campaign.id}:card",
        line=line_of(campaign),
        subject=Subject.CAMPAIGN,
        subject_id=campaign.id,
        when_unsure=Unsure.READBACK,
    )
