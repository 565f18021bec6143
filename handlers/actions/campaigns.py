"""Messages to many: drafted, started, fed to the outbox bit by bit, paused, cancelled, counted."""

from datetime import timedelta

from handlers import cards
from handlers.actions import templates
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import SLACK, TELEGRAM, refresh, send
from handlers.actions.policies import team_voice
from handlers.message import Button, Buttons, Reply, Text, pack, plain
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import campaigns, contacts, house, outbox
from storage.records import (
    Campaign,
    CampaignState,
    Contact,
    Identity,
    Recipient,
    RecipientState,
    Subject,
    Unsure,
    Urgency,
)
from storage.work import Work

LONGEST_TEXT = 3500
# How much of a campaign stands in the outbox ahead of its sending: some seconds' worth. More
# would gain nothing, and what stands there has to be taken back when somebody says stop.
AHEAD = 400
SHOWN_EVERY = timedelta(seconds=3)


def line_of(campaign: Campaign) -> str:
    """The outbox line of a campaign's card."""
    return f"slack:campaign:{campaign.id}"


@action(Permission.CAMPAIGN, audited=True)
def draft(work: Work, tag: str, text: str, channel: str) -> Campaign:
    """Prepare a campaign to everybody with a tag; nothing goes out before it is started."""
    text = text.strip()
    if not text:
        raise Refused("campaign.no_text")
    if len(text) > LONGEST_TEXT:
        raise Refused("campaign.too_long", longest=LONGEST_TEXT)
    templates.check(text)
    tag = tag.strip().lstrip("#").lower()
    counts = campaigns.audience_counts(work, tag, "")
    if not counts["total"]:
        used = ", ".join(f"#{name} ({count})" for name, count in contacts.tags_in_use(work)[:8])
        raise Refused("campaign.nobody", tag=tag, tags=used or "–")
    drafted = work.add(
        Campaign(
            number=house.next_number(work, "campaign"),
            texts={"": text},
            audience={"tag": tag},
            channel=channel,
            created_by=me(work).id,
            created_at=work.now,
        )
    )
    _post_card(work, drafted)
    return drafted


@action(Permission.READ)
def numbers(work: Work, campaign: Campaign) -> dict[str, int]:
    """For a draft who would get it and who not; afterwards how many are in each state."""
    if campaign.state is CampaignState.DRAFT:
        return campaigns.audience_counts(work, campaign.audience["tag"], campaign.topic)
    return campaigns.counts(work, campaign)


@action(Permission.READ)
def card(work: Work, campaign: Campaign, voice: Voice | None = None) -> Reply:
    """A campaign's card as it stands; a draft shows the text as one real person would get it."""
    counts = numbers(work, campaign)
    preview = str(campaign.texts[""])
    if campaign.state is CampaignState.DRAFT:
        someone = contacts.tagged(work, campaign.audience["tag"], 1)
        preview = templates.fill(preview, someone[0]) if someone else preview
    return cards.campaign_card(voice or team_voice(work), campaign, counts, preview, work.now)


@action(Permission.CAMPAIGN, audited=True)
def start(work: Work, campaign: Campaign) -> Campaign:
    """Send it. Pressing twice is once."""
    if campaign.state is not CampaignState.DRAFT:
        raise Refused("campaign.started_already", number=campaign.number)
    if numbers(work, campaign)["will_get"] == 0:
        raise Refused("campaign.nobody_reachable", number=campaign.number)
    campaign.state, campaign.started_at = CampaignState.RUNNING, work.now
    return campaign


@action(Permission.CAMPAIGN, audited=True)
def pause(work: Work, campaign: Campaign) -> Campaign:
    """Hold it; what is on the socket this moment still goes."""
    if campaign.state is not CampaignState.RUNNING:
        raise Refused("campaign.not_running", number=campaign.number)
    campaign.state = CampaignState.PAUSED
    return campaign


@action(Permission.CAMPAIGN, audited=True)
def resume(work: Work, campaign: Campaign) -> Campaign:
    """Go on where it was paused."""
    if campaign.state is not CampaignState.PAUSED:
        raise Refused("campaign.not_paused", number=campaign.number)
    campaign.state = CampaignState.RUNNING
    return campaign


@action(Permission.CAMPAIGN, audited=True)
def cancel(work: Work, campaign: Campaign) -> Campaign:
    """End it; nobody who waits will get it."""
    if campaign.state in (CampaignState.FINISHED, CampaignState.CANCELLED):
        raise Refused("campaign.over", number=campaign.number)
    campaign.state, campaign.finished_at = CampaignState.CANCELLED, work.now
    campaigns.cancel_waiting(work, campaign)
    outbox.cancel_campaign(work, campaign.id)
    return campaign


@action(Permission.READ)
def unsure(work: Work, campaign: Campaign) -> list[Contact]:
    """Whom it may not have reached."""
    return campaigns.unsure(work, campaign)


@action(Permission.READ)
def recent(work: Work) -> list[Campaign]:
    """The newest campaigns."""
    return campaigns.recent(work)


# The clock's part


@action(Permission.SYSTEM)
def running(work: Work) -> list[Campaign]:
    """Campaigns that are going out, oldest first."""
    return campaigns.running(work)


@action(Permission.SYSTEM)
def room(work: Work) -> int:
    """How many more campaign messages may stand in the outbox."""
    return AHEAD - outbox.queued_count(work, TELEGRAM, Urgency.CAMPAIGN)


@action(Permission.SYSTEM)
def freeze_more(work: Work, campaign: Campaign) -> bool:
    """Write down the next part of who gets it; whether there was any left."""
    frozen_to = campaign.audience.get("frozen_to", 0)
    if frozen_to is None:
        return False
    last = campaigns.freeze(work, campaign, frozen_to)
    campaign.audience = campaign.audience | {"frozen_to": last}
    return last is not None


@action(Permission.SYSTEM)
def feed(work: Work, campaign: Campaign, room: int) -> int:
    """Queue the next messages, as many as there is room for; how many that were."""
    if campaign.state is not CampaignState.RUNNING:
        return 0
    fed = 0
    for recipient, contact, identity in campaigns.waiting(work, campaign, room):
        if recipient.state is RecipientState.WAITING:
            _queue(work, campaign, recipient, contact, identity)
            fed += 1
    return fed


def _queue(
    work: Work, campaign: Campaign, recipient: Recipient, contact: Contact, identity: Identity
) -> None:
    text = campaign.texts.get(contact.language) or campaign.texts[""]
    voice = Voice(contact.language)
    stop = Button(voice.say("button.stop_campaigns"), "customer.stop")
    reply = Reply((Text(plain(templates.fill(text, contact))), Buttons((stop,))))
    send(
        work,
        TELEGRAM,
        identity.value,
        "say",
        {"parts": pack(reply), "campaign": campaign.id, "contact": contact.id},
        key=f"campaign:{campaign.id}:{contact.id}",
        # A line of its own: a reply to the same person need not wait for the campaign.
        line=f"campaign:{campaign.id}:{contact.id}",
        urgency=Urgency.CAMPAIGN,
        subject=Subject.RECIPIENT,
        subject_id=recipient.id,
        when_unsure=Unsure.HOLD,
    )
    recipient.state = RecipientState.QUEUED


@action(Permission.SYSTEM)
def finish_if_done(work: Work, campaign: Campaign) -> bool:
    """Whether everybody's message is settled; then the campaign is finished."""
    if (
        campaign.state is not CampaignState.RUNNING
        or campaign.audience.get("frozen_to", 0) is not None
    ):
        return False
    counts = campaigns.counts(work, campaign)
    if counts.get("waiting") or counts.get("queued"):
        return False
    campaign.state, campaign.finished_at = CampaignState.FINISHED, work.now
    show(work, campaign)
    return True


@action(Permission.SYSTEM)
def show(work: Work, campaign: Campaign) -> None:
    """Bring the card's numbers up to date."""
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
