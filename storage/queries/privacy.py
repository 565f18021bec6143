"""Everything that is stored about one person: to be shown to them, and to be erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, case, delete, literal, update
from sqlmodel import col, func, select

from storage.queries import imports, tallies
from storage.records import (
    ArticleOffer,
    AuditEntry,
    BehaviourEvent,
    Consent,
    Contact,
    ContactTag,
    Deal,
    DealEvent,
    DealState,
    Direction,
    Erasure,
    Feedback,
    FollowUp,
    FollowUpState,
    GapAsk,
    Identity,
    InboxRow,
    InboxState,
    Interaction,
    InteractionVersion,
    Lane,
    LaterMessage,
    Merge,
    MergeStep,
    Need,
    Order,
    OrderEvent,
    OrderLine,
    OutboxRow,
    OutboxState,
    PersonalLink,
    Post,
    Preference,
    Recipient,
    RecipientState,
    Subject,
    Suggestion,
    Survey,
    Ticket,
    TicketEvent,
    Traveller,
    TravellerState,
)
from storage.work import Work

# Rows that a person's words may still stand in must not be counted as theirs afterwards.
NOBODY = "erased"
# Every table that points at a contact or at something said, by what becomes of its rows: a new
# table must be put into one of these, and into what is done below.
DELETED = {"article_offers", "consents", "contact_tags", "identities", "interaction_versions"}
DELETED |= {"gap_asks", "later_messages", "needs", "preferences", "suggestions"}
EMPTIED = {"behaviour_events", "feedback", "follow_ups", "interactions", "recipients", "surveys"}
EMPTIED |= {"deal_events", "deals", "ticket_events", "tickets", "travellers"}
# Sums for the books, the evidence of the request, and numbers without words.
KEPT = {"customer_totals", "nps_questions", "orders", "erasures", "service_alarms"}
_OPEN = (OutboxState.QUEUED, OutboxState.SENDING)


# What is shown


def said(work: Work, contact: Contact, limit: int) -> list[Interaction]:
    """What was said between us, the newest `limit` lines, oldest first; nothing internal."""
    found = work.all(
        select(Interaction)
        .where(
            col(Interaction.contact_id) == contact.id,
            col(Interaction.lane) == Lane.CUSTOMER,
            col(Interaction.direction) != Direction.NOTE,
        )
        .order_by(col(Interaction.at).desc(), col(Interaction.id).desc())
        .limit(limit)
    )
    return found[::-1]


def said_count(work: Work, contact: Contact) -> int:
    """How many lines were said between us."""
    counted = select(func.count()).where(
        col(Interaction.contact_id) == contact.id,
        col(Interaction.lane) == Lane.CUSTOMER,
        col(Interaction.direction) != Direction.NOTE,
    )
    return int(work.scalar(counted) or 0)


def earlier_wordings(work: Work, contact: Contact) -> list[tuple[int, str]]:
    """What the customer's own edited lines said before: interaction and text, oldest first."""
    return list(
        work.rows(
            select(InteractionVersion.interaction_id, InteractionVersion.text)
            .join(Interaction, col(Interaction.id) == col(InteractionVersion.interaction_id))
            .where(
                col(Interaction.contact_id) == contact.id,
                col(Interaction.direction) == Direction.IN,
                col(Interaction.lane) == Lane.CUSTOMER,
            )
            .order_by(col(InteractionVersion.id))
        )
    )


def tickets(work: Work, contact: Contact) -> list[Ticket]:
    """Every request of a contact, oldest first."""
    return work.all(
        select(Ticket).where(col(Ticket.contact_id) == contact.id).order_by(col(Ticket.id))
    )


def orders(work: Work, contact: Contact) -> list[tuple[Order, list[OrderLine]]]:
    """Every order of a contact with its lines, oldest first."""
    found = work.all(
        select(Order).where(col(Order.contact_id) == contact.id).order_by(col(Order.at))
    )
    lines: dict[int, list[OrderLine]] = {}
    for line in work.all(
        select(OrderLine)
        .where(col(OrderLine.order_id).in_([each.id for each in found]))
        .order_by(col(OrderLine.id))
    ):
        lines.setdefault(line.order_id, []).append(line)
    return [(each, lines.get(each.id, [])) for each in found]


def consents(work: Work, contact: Contact) -> list[Consent]:
    """What a contact agreed to and refused."""
    return work.all(
        select(Consent).where(col(Consent.contact_id) == contact.id).order_by(col(Consent.id))
    )


def opinions(work: Work, contact: Contact) -> list[Feedback]:
    """What a contact thought of us, oldest first."""
    return work.all(
        select(Feedback).where(col(Feedback.contact_id) == contact.id).order_by(col(Feedback.id))
    )


def needs(work: Work, contact: Contact) -> list[Need]:
    """What a contact looks for."""
    return work.all(select(Need).where(col(Need.contact_id) == contact.id).order_by(col(Need.id)))


# What is erased at once


def erase_said(work: Work, contact: Contact) -> None:
    """Take words, files and places from everything that was said and noted; that it was stays."""
    mine = select(Interaction.id).where(col(Interaction.contact_id) == contact.id)
    work.execute(delete(InteractionVersion).where(col(InteractionVersion.interaction_id).in_(mine)))
    work.execute(
        update(Interaction)
        .where(col(Interaction.contact_id) == contact.id)
        .values(text="", media=[], origin=None, album=None, version=col(Interaction.version) + 1)
    )


def erase_belongings(work: Work, contact: Contact, moment: datetime) -> None:
    """Take everything else that says who they are or what they said; scores and sums stay."""
    for model in _GONE:
        work.execute(delete(model).where(model.contact_id == contact.id))
    for model, emptied in _EMPTIED:
        _set(work, model, model.contact_id == contact.id, emptied)
    erase_deals(work, contact, moment)
    erase_order_steps(work, contact)
    erase_changes(work, contact)
    erase_merges(work, contact)
    imports.forget_details(work, went_into(work, contact))
    _cancel_follow_ups(work, contact, moment)
    with tallies.recounted(work, (contact.id,)):
        _end_outreach(work, contact, moment)


# What goes as a whole, and of which rows only the words go.
_GONE: tuple[Any, ...] = (
    *(Suggestion, ArticleOffer, ContactTag, Consent, GapAsk, LaterMessage, Need, Preference),
)
_EMPTIED: tuple[tuple[Any, dict[str, Any]], ...] = (
    (Feedback, {"text": ""}),
    (BehaviourEvent, {"detail": {}}),
    (FollowUp, {"text": ""}),
    (Survey, {"remind_at": None}),
)


def _set(work: Work, model: Any, which: Any, values: dict[str, Any]) -> None:
    work.execute(update(model).where(which).values(**values, version=model.version + 1))


def _cancel_follow_ups(work: Work, contact: Contact, moment: datetime) -> None:
    """Nobody is to be reminded of them."""
    still_due = col(FollowUp.state).in_((FollowUpState.OPEN, FollowUpState.REMINDED))
    which = (col(FollowUp.contact_id) == contact.id) & still_due
    _set(work, FollowUp, which, {"state": FollowUpState.CANCELLED, "done_at": moment})


def _end_outreach(work: Work, contact: Contact, moment: datetime) -> None:
    """They get nothing more of any campaign or journey."""
    work.execute(
        update(Recipient)
        .where(
            col(Recipient.contact_id) == contact.id,
            col(Recipient.state).in_(
                (RecipientState.WAITING, RecipientState.HELD, RecipientState.QUEUED)
            ),
        )
        .values(
            state=RecipientState.STOPPED,
            reason=NOBODY,
            settled_at=moment,
            version=col(Recipient.version) + 1,
        )
    )
    theirs = select(Recipient.id).where(col(Recipient.contact_id) == contact.id)
    work.execute(delete(PersonalLink).where(col(PersonalLink.recipient_id).in_(theirs)))
    work.execute(
        update(Traveller)
        .where(
            col(Traveller.contact_id) == contact.id,
            col(Traveller.state).in_((TravellerState.WAITING, TravellerState.SENDING)),
        )
        .values(
            state=TravellerState.LEFT,
            reason=NOBODY,
            ended_at=moment,
            version=col(Traveller.version) + 1,
        )
    )


def erase_changes(work: Work, contact: Contact) -> None:
    """Take what their fields held before and after from the audit log; that they changed stays."""
    work.execute(
        update(AuditEntry)
        .where(col(AuditEntry.subject) == "contact", col(AuditEntry.subject_id) == contact.id)
        .values(detail={}, version=col(AuditEntry.version) + 1)
    )


def erase_merges(work: Work, contact: Contact) -> None:
    """Take what is kept of those who were made one with them; that they were stays."""
    went = went_into(work, contact)
    # One that was undone long ago has kept how both of them were.
    of_them = col(Merge.survivor_id).in_(went) | col(Merge.gone_id).in_(went)
    merges = select(Merge.id).where(of_them)
    for (merge,) in list(work.rows(merges)):
        work.execute(delete(MergeStep).where(col(MergeStep.merge_id) == merge))


def went_into(work: Work, contact: Contact) -> list[int]:
    """The ids of a contact and of all who are one with it."""
    went = [contact.id]
    for each in went:
        gone = select(Merge.gone_id).where(
            col(Merge.survivor_id) == each, col(Merge.undone_at).is_(None)
        )
        went += [id for (id,) in work.rows(gone) if id not in went]
    return went


def erase_order_steps(work: Work, contact: Contact) -> None:
    """Take the words from the history of orders: there are reasons of refunds among them."""
    theirs = select(Order.id).where(col(Order.contact_id) == contact.id)
    work.execute(
        update(OrderEvent)
        .where(col(OrderEvent.order_id).in_(theirs), col(OrderEvent.what) != "status")
        .values(before="", after="", version=col(OrderEvent.version) + 1)
    )


def erase_deals(work: Work, contact: Contact, moment: datetime) -> None:
    """Take the words from deals; sums stay, and one that was open is neither won nor lost."""
    theirs = select(Deal.id).where(col(Deal.contact_id) == contact.id)
    work.execute(
        update(DealEvent)
        .where(col(DealEvent.deal_id).in_(theirs))
        .values(before=None, after=None, version=col(DealEvent.version) + 1)
    )
    work.execute(
        update(Deal)
        .where(col(Deal.contact_id) == contact.id, col(Deal.state) == DealState.OPEN)
        .values(state=DealState.DROPPED, closed_at=moment, version=col(Deal.version) + 1)
    )
    work.execute(
        update(Deal)
        .where(col(Deal.contact_id) == contact.id)
        .values(
            title="", next_step=None, lost_reason=None, products=[], version=col(Deal.version) + 1
        )
    )


def erase_history(work: Work, ticket_ids: list[int]) -> None:
    """Take what was before and after from the steps of requests: there may be words among it."""
    work.execute(
        update(TicketEvent)
        .where(col(TicketEvent.ticket_id).in_(ticket_ids), col(TicketEvent.what) != "status")
        .values(before=None, after=None, version=col(TicketEvent.version) + 1)
    )


def erase_places(work: Work, door: str, chat: str) -> None:
    """Forget where our messages stand in a person's chat."""
    work.execute(delete(Post).where(col(Post.door) == door, col(Post.chat) == chat))


def slack_posts(work: Work, contact: Contact, limit: int = 1000) -> list[Post]:
    """Where a contact's lines stand in Slack, and what was told of sales to them."""
    mine = select(Interaction.id).where(col(Interaction.contact_id) == contact.id)
    sold = select(Deal.id).where(col(Deal.contact_id) == contact.id)
    asked = select(Ticket.id).where(col(Ticket.contact_id) == contact.id)
    return work.all(
        select(Post)
        .where(
            col(Post.door) == "slack",
            # What was understood of a line repeats its words.
            (
                col(Post.subject).in_((Subject.INTERACTION, Subject.JOINED, Subject.SUGGESTION))
                & col(Post.subject_id).in_(mine)
            )
            | ((col(Post.subject) == Subject.DEAL) & col(Post.subject_id).in_(sold))
            # Lines that were said again in a new thread, and the card of the old one.
            | ((col(Post.subject) == Subject.RETOLD) & col(Post.subject_id).in_(asked))
            | (
                (col(Post.subject) == Subject.TICKET)
                & col(Post.gone_at).is_not(None)
                & col(Post.subject_id).in_(asked)
            ),
        )
        .order_by(col(Post.id))
        .limit(limit)
    )


def identities(work: Work, contact: Contact) -> list[Identity]:
    """The ways to reach a contact."""
    return work.all(select(Identity).where(col(Identity.contact_id) == contact.id))


def cancel_queued(work: Work, chat: str, lines: list[str], moment: datetime) -> None:
    """Take back what waits to be sent to a chat or in these lines."""
    wanted = ((col(OutboxRow.door) == "telegram") & (col(OutboxRow.chat) == chat)) | col(
        OutboxRow.line
    ).in_(lines)
    work.execute(
        update(OutboxRow)
        # An answer that was stopped and is asked about must not go later either.
        .where(col(OutboxRow.state).in_((OutboxState.QUEUED, OutboxState.ASKED)), wanted)
        .values(
            state=OutboxState.CANCELLED,
            settled_at=moment,
            error=NOBODY,
            payload={},
            version=col(OutboxRow.version) + 1,
        )
    )


# What is erased bit by bit


def unfinished(work: Work) -> Erasure | None:
    """The oldest request that is not carried out to the end."""
    return work.first(
        select(Erasure).where(col(Erasure.finished_at).is_(None)).order_by(col(Erasure.id)).limit(1)
    )


def inbox_page(work: Work, after: int, until: int, limit: int) -> list[tuple[int, str, bytes]]:
    """The next rows of the inbox: id, chat and what came in; those still to be handled empty."""
    handled = col(InboxRow.state) != InboxState.NEW
    return list(
        work.rows(
            select(
                InboxRow.id,
                InboxRow.chat_key,
                case((handled, col(InboxRow.raw)), else_=literal(b"", LargeBinary)),
            )
            .where(col(InboxRow.id) > after, col(InboxRow.id) <= until)
            .order_by(col(InboxRow.id))
            .limit(limit)
        )
    )


def outbox_page(work: Work, after: int, until: int, limit: int) -> list[OutboxRow]:
    """The next rows of the outbox."""
    return work.all(
        select(OutboxRow)
        .where(col(OutboxRow.id) > after, col(OutboxRow.id) <= until)
        .order_by(col(OutboxRow.id))
        .limit(limit)
    )


def erase_inbox(work: Work, ids: list[int], chat_key: str) -> None:
    """Empty these rows; their keys stay, so that a repeated one is known."""
    emptied = {"raw": b"{}", "error": None, "version": col(InboxRow.version) + 1}
    mine = update(InboxRow).where(col(InboxRow.id).in_(ids))
    work.execute(mine.values(emptied))
    work.execute(mine.where(col(InboxRow.chat_key) == chat_key).values(chat_key=NOBODY))


def still_open(work: Work, until: int, chat: str, chat_key: str, lines: list[str]) -> bool:
    """Whether something of that person is still being handled or sent."""
    row = select(OutboxRow.id).where(
        col(OutboxRow.id) <= until,
        col(OutboxRow.state).in_(_OPEN),
        ((col(OutboxRow.door) == "telegram") & (col(OutboxRow.chat) == chat))
        | col(OutboxRow.line).in_(lines),
    )
    new = select(InboxRow.id).where(
        col(InboxRow.id) <= until,
        col(InboxRow.state) == InboxState.NEW,
        col(InboxRow.chat_key) == chat_key,
    )
    return work.scalar(row.limit(1)) is not None or work.scalar(new.limit(1)) is not None


def slack_chats(work: Work, ticket_ids: list[int]) -> list[str]:
    """The inbox's names for the threads of these requests."""
    posts = work.all(
        select(Post).where(
            col(Post.door) == "slack",
            col(Post.subject) == Subject.TICKET,
            col(Post.subject_id).in_(ticket_ids),
        )
    )
    return [f"slack:{each.chat}:{each.message}"[:96] for each in posts]
