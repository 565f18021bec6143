"""How work that changes hands looks in a chat: what it is, a short history, who could take it."""

from dataclasses import dataclass
from datetime import datetime

from handlers.cards.deals import deal_line
from handlers.cards.follow_ups import follow_up_line
from handlers.cards.lines import shortened
from handlers.cards.tickets import ticket_line
from handlers.message import Button, Buttons, Hint, Look, Part, Reply, Text
from handlers.texts import Voice
from storage.records import Contact, Deal, Direction, FollowUp, Interaction, Member, Ticket

# More would not fit one message; the rest is counted.
MOST_SHOWN = 12
# Slack shows so many buttons in a row, and a list of everybody is no choice.
MOST_COLLEAGUES = 8


@dataclass(frozen=True)
class Handed:
    """Requests with what was said last, follow-ups and deals, each with whose it is."""

    tickets: tuple[tuple[Ticket, Contact, tuple[Interaction, ...]], ...]
    follow_ups: tuple[tuple[FollowUp, Contact | None], ...]
    deals: tuple[tuple[Deal, Contact], ...] = ()

    @property
    def count(self) -> int:
        """How many things those are."""
        return len(self.tickets) + len(self.follow_ups) + len(self.deals)


def work_parts(voice: Voice, handed: Handed, now: datetime) -> list[Part]:
    """The lines of somebody's work, each request with a short history."""
    parts: list[Part] = []
    for ticket, contact, said in handed.tickets[:MOST_SHOWN]:
        parts.append(ticket_line(voice, ticket, contact, now))
        if said:
            lines = "\n".join(f"{_WAY[each.direction]} {shortened(each.text, 90)}" for each in said)
            parts.append(Hint(((lines, ""),)))
    room = MOST_SHOWN - min(len(handed.tickets), MOST_SHOWN) + 4
    parts += [follow_up_line(voice, each, about) for each, about in handed.follow_ups[:room]]
    parts += [deal_line(voice, each, contact) for each, contact in handed.deals[:MOST_SHOWN]]
    hidden = max(len(handed.tickets) - MOST_SHOWN, 0) + max(len(handed.follow_ups) - room, 0)
    hidden += max(len(handed.deals) - MOST_SHOWN, 0)
    if hidden:
        parts.append(Hint(voice.words("handover.more", count=hidden)))
    return parts


_WAY = {Direction.IN: "⬅️", Direction.OUT: "➡️", Direction.NOTE: "📝"}


def away_words(voice: Voice, member: Member) -> str:
    """That somebody is away, and until when if they said so."""
    if member.away_until is None:
        return voice.say("away.is")
    return voice.say("away.is_until", until=member.away_until)


def offer_card(
    voice: Voice,
    key: str,
    member: Member,
    handed: Handed,
    colleagues: list[Member],
    now: datetime,
) -> Reply:
    """Somebody's open work with a button for each colleague who could take all of it."""
    count = handed.count
    parts: list[Part] = [Text(voice.words(key, name=member.name, count=count))]
    parts += work_parts(voice, handed, now)
    buttons = [
        Button(each.name, "handover.to", f"{member.id}:{each.id}")
        for each in colleagues[:MOST_COLLEAGUES]
    ]
    if len(colleagues) > 1:
        buttons.append(
            Button(voice.say("button.share_out"), "handover.share", str(member.id), Look.PRIMARY)
        )
    if buttons:
        parts += [Text(voice.words("handover.to_whom")), Buttons(tuple(buttons))]
    return Reply(tuple(parts))


def handed_card(voice: Voice, key: str, giver: Member, handed: Handed, now: datetime) -> Reply:
    """What somebody has now, or has no more, because a colleague gave it or took it back."""
    count = handed.count
    words = Text(voice.words(key, name=giver.name, count=count))
    return Reply((words, *work_parts(voice, handed, now)))


def come_back_card(voice: Voice, member: Member, untouched: int) -> Reply:
    """Welcome back; what nobody has touched meanwhile may be taken back."""
    words = Text(voice.words("away.back", name=member.name))
    if not untouched:
        return Reply((words,))
    buttons = Buttons(
        (
            Button(voice.say("button.take_back"), "handover.take_back", look=Look.PRIMARY),
            Button(voice.say("button.leave_there"), "handover.leave"),
        )
    )
    return Reply((words, Text(voice.words("handover.untouched", count=untouched)), buttons))
