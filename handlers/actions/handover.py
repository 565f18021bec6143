"""Somebody is away or has left: their open work goes to colleagues, and may come back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.actions import owners, tickets
from handlers.actions.access import Permission, action, may
from handlers.actions.deals import hand_to
from handlers.actions.members import me
from handlers.actions.outgoing import tell
from handlers.cards.handover import Handed, come_back_card, handed_card, offer_card
from handlers.texts import Voice
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import conversation, deals, desk, follow_ups, members
from storage.queries import tickets as tickets_found
from storage.records import (
    Contact,
    Deal,
    FollowUp,
    FollowUpState,
    HandedItem,
    HandOver,
    Member,
    Role,
    Subject,
    Ticket,
    Urgency,
)
from storage.work import Actor, Work

LINES_OF_HISTORY = 3
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Load:
    """What a member has in hand."""

    tickets: list[Ticket]
    follow_ups: list[FollowUp]
    deals: list[Deal] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many things those are."""
        return len(self.tickets) + len(self.follow_ups) + len(self.deals)


@action(Permission.READ)
def load_of(work: Work, member: Member) -> Load:
    """The open requests, follow-ups and deals of a member."""
    return Load(
        tickets_found.all_of(work, member),
        follow_ups.all_of(work, member),
        deals.all_of(work, member),
    )


@action(Permission.READ)
def colleagues(work: Work, member: Member) -> list[Member]:
    """Who could take a member's work: active, and not away themselves."""
    return [
        each for each in members.active(work) if each.id != member.id and not each.is_away(work.now)
    ]


@action(Permission.READ)
def pictured(work: Work, load: Load) -> Handed:
    """A member's work with whose it is and a short history of each."""
    return Handed(
        tuple(
            (
                ticket,
                work.sure(Contact, ticket.contact_id),
                tuple(conversation.last_of(work, ticket, LINES_OF_HISTORY)),
            )
            for ticket in load.tickets
        ),
        tuple((each, work.get(Contact, each.contact_id)) for each in load.follow_ups),
        tuple((each, work.sure(Contact, each.contact_id)) for each in load.deals),
    )


@action(Permission.READ)
def member_behind(work: Work, slack_user: str) -> Member:
    """The member of a Slack account, one who has left too. Raises Refused("member.unknown")."""
    member = members.ever(work, slack_user)
    if member is None:
        raise Refused("member.unknown", name=slack_user)
    return member


@action(Permission.READ)
def member_of_id(work: Work, id: str) -> Member:
    """The member that a button names by id. Raises Refused("button.gone")."""
    known = id.isdecimal() and len(id) < 20
    member = work.get(Member, min(int(id), LARGEST_ID)) if known else None
    if member is None:
        raise Refused("button.gone")
    return member


# Going and coming


@action(Permission.READ, audited=True)
def go_away(work: Work, until: datetime | None) -> Member:
    """I am away: nothing is given to me by turns. Raises Refused for a moment that is over."""
    member = me(work)
    if until is not None and until <= work.now:
        raise Refused("away.past", at=until)
    member.away_since, member.away_until = work.now, until
    return member


@action(Permission.READ, audited=True)
def come_back(work: Work) -> Member:
    """I am back. Raises Refused when I was never away."""
    member = me(work)
    if member.away_since is None:
        raise Refused("away.not", name=member.name)
    member.away_since = member.away_until = None
    return member


@action(Permission.SYSTEM)
def welcome_back(work: Work) -> int:
    """Those whose time away is over are told what they may take back; how many there were."""
    returned = desk.come_back(work)
    for member in returned:
        member.away_since = member.away_until = None
        back = untouched(work.acting_as(Actor(member.name, member=member)), member)
        reply = come_back_card(Voice(member.language, member.zone), member, back.count)
        key = f"member:{member.id}:back:{new_id()}"
        tell(work, member, reply, key=key, urgency=Urgency.SERVICE)
    return len(returned)


# Handing over


@action(Permission.SERVE, audited=True)
def hand_over(work: Work, member: Member, to: Sequence[Member]) -> Load:
    """Give all open work of a member to colleagues, each in turn; what was given.

    One's own anybody may give; what is a colleague's, whoever is away has left behind or a
    manager decides. Raises Refused when it is not allowed, when there is nothing, or when there
    is nobody to give it to.
    """
    to = [each for each in dict.fromkeys(to) if each.id != member.id and each.active]
    if not to:
        raise Refused("handover.nobody", name=member.name)
    _must_be_allowed(work, member)
    load = load_of(work, member)
    if not load.count:
        raise Refused("handover.nothing", name=member.name)
    by = work.actor.member
    given = work.add(HandOver(from_id=member.id, by_id=by.id if by else None, at=work.now))
    shares: dict[int, Load] = {each.id: Load([], []) for each in to}
    for number, ticket in enumerate(load.tickets):
        taker = to[number % len(to)]
        _give_ticket(work, ticket, member, taker)
        shares[taker.id].tickets.append(ticket)
        _keep(work, given, taker, Subject.TICKET, ticket.id)
    for number, follow_up in enumerate(load.follow_ups):
        taker = to[(len(load.tickets) + number) % len(to)]
        follow_up.owner_id = taker.id
        shares[taker.id].follow_ups.append(follow_up)
        _keep(work, given, taker, Subject.FOLLOW_UP, follow_up.id)
    before = len(load.tickets) + len(load.follow_ups)
    for number, deal in enumerate(load.deals):
        taker = to[(before + number) % len(to)]
        hand_to(work, deal, taker)
        shares[taker.id].deals.append(deal)
        _keep(work, given, taker, Subject.DEAL, deal.id)
    for taker in to:
        _tell_taker(work, taker, member, shares[taker.id], "handover.yours_now")
    return load


def _must_be_allowed(work: Work, member: Member) -> None:
    by = work.actor.member
    own = by is not None and by.id == member.id
    left_behind = not member.active or member.is_away(work.now)
    if not (own or left_behind or may(work.actor, Permission.CAMPAIGN)):
        raise Refused("handover.not_yours", name=member.name)


def _give_ticket(work: Work, ticket: Ticket, member: Member, taker: Member) -> None:
    owners.give(work, ticket, taker)
    tickets.tell_thread(work, ticket, "handover.in_thread", before=member.name, name=taker.name)


def _keep(work: Work, given: HandOver, to: Member, subject: Subject, id: int) -> None:
    work.add(HandedItem(hand_over_id=given.id, to_id=to.id, subject=subject, subject_id=id))


def _tell_taker(work: Work, taker: Member, giver: Member, load: Load, key: str) -> None:
    if not load.count or (work.actor.member is not None and work.actor.member.id == taker.id):
        return
    voice = Voice(taker.language, taker.zone)
    reply = handed_card(voice, key, giver, pictured(work.as_system(), load), work.now)
    told = f"member:{taker.id}:handed:{new_id()}"
    tell(work, taker, reply, key=told, urgency=Urgency.SERVICE)


# Taking back


@action(Permission.READ)
def untouched(work: Work, member: Member) -> Load:
    """What a member has handed over and nobody has worked on since."""
    found = Load([], [])
    for given in desk.handed_by(work, member):
        for item in desk.items_of(work, given):
            _sort_in(work, given, item, found)
    return found


def _sort_in(work: Work, given: HandOver, item: HandedItem, found: Load) -> None:
    if item.subject is Subject.TICKET:
        ticket = work.sure(Ticket, item.subject_id)
        still_theirs = ticket.is_open and ticket.assignee_id == item.to_id
        taker = work.sure(Member, item.to_id)
        if still_theirs and not desk.has_worked_on(work, taker, ticket, given):
            found.tickets.append(ticket)
        return
    if item.subject is Subject.DEAL:
        deal = work.sure(Deal, item.subject_id)
        if deal.is_open and deal.owner_id == item.to_id and deal.touched_at <= given.at:
            found.deals.append(deal)
        return
    follow_up = work.sure(FollowUp, item.subject_id)
    if follow_up.owner_id == item.to_id and follow_up.state is FollowUpState.OPEN:
        found.follow_ups.append(follow_up)


@action(Permission.SERVE, audited=True)
def take_back(work: Work) -> Load:
    """What I handed over and nobody has touched is mine again; pressing twice is once."""
    member = me(work)
    back = untouched(work, member)
    before: dict[int, Load] = {}
    for ticket in back.tickets:
        holder = work.sure(Member, ticket.assignee_id or 0)
        before.setdefault(holder.id, Load([], [])).tickets.append(ticket)
        _give_ticket(work, ticket, holder, member)
    for follow_up in back.follow_ups:
        before.setdefault(follow_up.owner_id, Load([], [])).follow_ups.append(follow_up)
        follow_up.owner_id = member.id
    for deal in back.deals:
        before.setdefault(deal.owner_id, Load([], [])).deals.append(deal)
        hand_to(work, deal, member)
    for holder_id, load in before.items():
        _tell_taker(work, work.sure(Member, holder_id), member, load, "handover.taken_back")
    leave_with_them(work)
    return back


@action(Permission.SERVE)
def leave_with_them(work: Work) -> None:
    """What I handed over stays where it is: it is not offered again."""
    for given in desk.handed_by(work, me(work)):
        given.ended_at = work.now


# Who has left


@action(Permission.SYSTEM)
def offer_left_behind(work: Work) -> int:
    """Who has left Slack: the managers are offered what they had, once; how many have left."""
    departed = desk.departed(work)
    for member in departed:
        member.work_offered_at = work.now
        load = load_of(work, member)
        if load.count:
            _offer(work, member, pictured(work, load))
    return len(departed)


def _offer(work: Work, member: Member, picture: Handed) -> None:
    takers = colleagues(work, member)
    for manager in members.with_role(work, Role.MANAGER, Role.ADMIN):
        voice = Voice(manager.language, manager.zone)
        reply = offer_card(voice, "handover.left", member, picture, takers, work.now)
        key = f"member:{member.id}:left:{work.now.isoformat()}:{manager.id}"
        tell(work, manager, reply, key=key, urgency=Urgency.SERVICE)
