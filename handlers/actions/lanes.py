"""Two lanes: what of a thread goes to the customer, and what stays inside."""

import re

from handlers.actions import tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SLACK
from handlers.actions.policies import policy_in, set_policy_in
from storage.queries import conversation
from storage.records import Lane, Subject, Ticket
from storage.work import Work

# What may stand before a mark without being seen: spaces, Slack's own marks of style, and
# characters that have no width.
_UNSEEN = " \t\r\n*_~`\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
_SLASHES = ("//", "／／")
_NOTE = re.compile(r"(?:note|private|internal|备注|内部|私密)\s*[:：]\s*", re.IGNORECASE)
_REPLY = re.compile(r"[!！](?:reply|r|回复)(?:\s+|[:：]\s*|$)", re.IGNORECASE)
_INNER_MARK = re.compile(r"^\s*(?://|／／)(?!/)", re.MULTILINE)
_POLICY = "lane"


def read_line(text: str, usual: Lane) -> tuple[Lane, str]:
    """In which lane a line belongs, and its words without the mark that says so.

    `//`, `note:` and `private:` stay inside, `!reply` goes out, wherever that is written; where
    plain text stays inside, a line that starts with `>` goes out too.
    """
    inside = _inside(text)
    if inside is not None:
        return Lane.INTERNAL, inside
    bare = text.lstrip(_UNSEEN)
    reply = _REPLY.match(bare)
    if reply is not None:
        return _outward(bare[reply.end() :])
    if usual is Lane.INTERNAL and bare.startswith((">", "＞")):
        return _outward("\n".join(re.sub(r"^\s*[>＞] ?", "", line) for line in bare.split("\n")))
    return usual, text


def _outward(words: str) -> tuple[Lane, str]:
    inside = _inside(words)
    return (Lane.CUSTOMER, words.strip()) if inside is None else (Lane.INTERNAL, inside)


def _inside(text: str) -> str | None:
    """The words of a line that is marked to stay inside; None when it is not."""
    bare = text.lstrip(_UNSEEN)
    for mark in _SLASHES:
        if bare.startswith(mark):
            return bare.removeprefix(mark).strip()
    note = _NOTE.match(bare)
    return bare[note.end() :].strip() if note else None


def is_doubtful(text: str) -> bool:
    """Whether a later line of an answer is marked as if it were to stay inside."""
    return _INNER_MARK.search(text) is not None


@action(Permission.READ)
def lane_of(work: Work, channel: str) -> Lane:
    """Which lane plain text takes in a channel: as decided there, or else overall."""
    return Lane(policy_in(work, _POLICY, channel))


@action(Permission.CAMPAIGN)
def choose_lane(work: Work, channel: str, word: str) -> Lane:
    """Decide for one channel; "default" is as in the others. Raises Refused for another word.

    The cards of its open tickets show it.
    """
    for name in names_of(work, channel):
        set_policy_in(work, _POLICY, name, None if word == "default" else word)
    show_lanes(work)
    return lane_of(work, channel)


def names_of(work: Work, channel: str) -> set[str]:
    """A channel as Slack calls it, and as the tickets whose cards stand in it call it."""
    post = conversation.last_post_in(work, SLACK, channel, Subject.TICKET)
    ticket = work.get(Ticket, post.subject_id) if post is not None else None
    names = {channel}
    if ticket is not None and ticket.channel:
        names.add(ticket.channel)
    return names


@action(Permission.CAMPAIGN)
def show_lanes(work: Work) -> None:
    """Bring the cards of the open tickets up to date: they say which lane their thread takes."""
    found, _ = tickets.open_list(work, limit=200)
    for ticket, _ in found:
        tickets.refresh_card(work, ticket)
