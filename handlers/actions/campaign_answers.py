"""What people make of a campaign: their answers come to the owner, and it can be taken back."""

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.actions import audiences, campaigns, hearing, owners, templates, tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import TELEGRAM, post_in_thread, send
from handlers.actions.policies import settled, team_voice
from handlers.cards import shortened
from handlers.message import Hint, Incoming, Kind, Reply
from storage.columns import id_before
from storage.errors import Refused
from storage.queries import campaigns as found
from storage.queries import conversation, outbox
from storage.records import (
    Campaign,
    CampaignState,
    Contact,
    Identity,
    Interaction,
    Member,
    Recipient,
    RecipientState,
    Subject,
    Ticket,
    Unsure,
    Urgency,
)
from storage.work import Work

# Telegram lets a bot delete what it wrote for so long.
DELETABLE = timedelta(hours=48)
RECALLED_AT_ONCE = 100
# Telegram's clock tells whole seconds only.
A_SECOND = timedelta(seconds=1)
LOOKED_AT_ONCE = 200


# Answers


@action(Permission.CUSTOMER)
def press(
    work: Work,
    incoming: Incoming,
    contact: Contact,
    identity: Identity,
    campaign: Campaign,
    at: int,
) -> bool:
    """A button under a campaign's message was pressed: it comes to the team as their words, once.

    False for a button that is not there.
    """
    buttons = campaign.buttons or []
    if at >= len(buttons) or "url" in buttons[at]:
        return False
    origin = f"campaign:{campaign.id}:{contact.id}:{at}"
    if conversation.by_origin(work, origin) is not None:
        return True
    ticket = work.get(Ticket, contact.ticket_id)
    spoken = replace(
        incoming, kind=Kind.MESSAGE, text=buttons[at]["label"], reply_to="", does="", value=""
    )
    said = hearing.hear(work, spoken, contact, identity, ticket)
    # The message is the campaign's, and is no message of theirs.
    said.origin = origin
    recipient = found.recipient_of(work, campaign, contact.id)
    if recipient is not None:
        _note_answer(work.as_system(), campaign, recipient, said)
    return True


@action(Permission.CUSTOMER)
def with_id(work: Work, id: int) -> Campaign | None:
    """The campaign that a button carries."""
    return work.get(Campaign, id)


@action(Permission.SYSTEM)
def mark_answers(work: Work) -> None:
    """What recipients say within days of a campaign's message is marked as an answer to it."""
    days = int(settled(work, "campaign_answer_days"))
    if not days:
        return
    since = work.now - timedelta(days=days)
    for campaign in found.lately(work, since):
        _mark(work, campaign, since)


def _mark(work: Work, campaign: Campaign, since: datetime) -> None:
    heard = found.heard(work, campaign, LOOKED_AT_ONCE)
    noted: set[int] = set()
    for said, recipient in heard:
        at = recipient.settled_at
        if at is None or at < since or said.at + A_SECOND < at or recipient.id in noted:
            continue
        noted.add(recipient.id)
        _note_answer(work, campaign, recipient, said)
    if len(heard) == LOOKED_AT_ONCE:
        campaign.heard_to = heard[-1][0].id
        return
    # Behind it nobody has to look again; a little is left for what other processes still write.
    behind = id_before(timedelta(minutes=1))
    if campaign.heard_to is None or behind - campaign.heard_to > id_span(timedelta(minutes=2)):
        campaign.heard_to = behind


def id_span(length: timedelta) -> int:
    """How far the ids of two records are apart that were made so long after each other."""
    return id_before(timedelta()) - id_before(length)


def _note_answer(work: Work, campaign: Campaign, recipient: Recipient, said: Interaction) -> None:
    if recipient.answered_at is not None:
        return
    recipient.answered_at, recipient.answer_id = said.at, said.id
    ticket = work.get(Ticket, said.ticket_id)
    if ticket is None:
        return
    contact = work.sure(Contact, recipient.contact_id)
    text = shortened(templates.fill(audiences.text_for(campaign, contact), contact), 60)
    words = team_voice(work).words("campaign.answered", number=campaign.number, text=text)
    key = f"campaign:{campaign.id}:{recipient.contact_id}:answered"
    if outbox.keyed(work, key) is None:
        post_in_thread(work, ticket.id, Reply((Hint(words),)), key=key)
    _to_owner(work, campaign, said, ticket)


def _to_owner(work: Work, campaign: Campaign, said: Interaction, ticket: Ticket) -> None:
    """Nobody's request that came of a campaign is its customer's owner's."""
    contact = work.sure(Contact, said.contact_id)
    owner = work.get(Member, contact.owner_id)
    if owner is None or not owner.active or ticket.assignee_id is not None or not ticket.is_open:
        return
    owners.give(work, ticket, owner)
    tickets.tell_of_ticket(work, ticket, owner, "campaign.answer_is_yours", number=campaign.number)


# Recall


@action(Permission.CAMPAIGN, audited=True)
def recall(work: Work, campaign: Campaign) -> Campaign:
    """Delete what was sent, as far as Telegram still allows it.

    Raises Refused while it goes out, and when it was recalled already.
    """
    if campaign.state is CampaignState.RUNNING:
        raise Refused("campaign.pause_first", number=campaign.number)
    if campaign.recalled_at is not None:
        raise Refused("campaign.recalled_already", number=campaign.number)
    campaign.recalled_at, campaign.recalled_to = work.now, 0
    if campaign.state not in campaigns.OVER:
        campaigns.cancel(work, campaign)
    return campaign


@action(Permission.SYSTEM)
def recall_more(work: Work) -> None:
    """Queue the next messages to be deleted, and show how far it has come."""
    for campaign in found.recalling(work):
        if found.recalled_on_the_way(work, campaign) >= RECALLED_AT_ONCE:
            continue
        after = campaign.recalled_to or 0
        people = found.recent_sent(work, campaign, after, RECALLED_AT_ONCE)
        if people:
            _recall_some(work, campaign, people)
            campaign.recalled_to = people[-1].id
        elif not found.recalled_on_the_way(work, campaign):
            campaign.recalled_to = None
        campaigns.show(work, campaign)


def _recall_some(work: Work, campaign: Campaign, people: list[Recipient]) -> None:
    by_id = {each.id: each for each in people}
    for row in found.sent_rows(work, list(by_id)):
        recipient = by_id[row.subject_id or 0]
        if recipient.state is not RecipientState.SENT:
            continue
        if row.settled_at is None or work.now - row.settled_at > DELETABLE:
            recipient.reason = "too old to be deleted"
            continue
        line = f"recall:{campaign.id}:{recipient.contact_id}"
        send(
            work,
            TELEGRAM,
            row.chat,
            "delete",
            {"message": row.message, "surely": True},
            key=line,
            line=line,
            # Before what is still to go out to many, behind what people wait for.
            urgency=Urgency.DIGEST,
            subject=Subject.RECIPIENT,
            subject_id=recipient.id,
            when_unsure=Unsure.RESEND,
        )
