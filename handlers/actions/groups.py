"""Groups in Telegram: we serve people one by one, say so in words, and leave.

What is said in a group is nobody's request: others would read the answers, and whose request it
is could only be guessed.
"""

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import TELEGRAM, send
from handlers.message import Incoming, Kind, Reply, Text, pack
from handlers.texts import Voice, language_of
from storage.columns import new_id
from storage.queries import contacts, outbox
from storage.records import IdentityKind, Unsure
from storage.work import Work


@action(Permission.SYSTEM)
def answer(work: Work, incoming: Incoming) -> None:
    """Something happened to a group that we are in."""
    if incoming.kind is Kind.MIGRATED:
        migrate(work, incoming.chat, incoming.value)
    else:
        decline(work, incoming)


@action(Permission.SYSTEM)
def decline(work: Work, incoming: Incoming) -> None:
    """Say where people find us, in the language of whoever put us there, and leave the group."""
    voice = Voice(language_of(incoming.person.language))
    # Every time that we are put there, and once for each.
    key = f"group:{incoming.chat}:{new_id()}"
    words = Reply((Text(voice.words("group.decline")),))
    send(
        work,
        TELEGRAM,
        incoming.chat,
        "say",
        {"parts": pack(words), "language": voice.language},
        key=f"{key}:decline",
        when_unsure=Unsure.HOLD,
    )
    send(work, TELEGRAM, incoming.chat, "leave", {}, key=f"{key}:leave", when_unsure=Unsure.RESEND)


@action(Permission.SYSTEM)
def migrate(work: Work, before: str, after: str) -> None:
    """A chat has another name now: what waits for it goes there, and so does what is to come."""
    found = contacts.known_as(work, IdentityKind.TELEGRAM, before)
    if found is not None and contacts.known_as(work, IdentityKind.TELEGRAM, after) is None:
        found[0].value = after
    for row in outbox.queued_for(work, TELEGRAM, before):
        row.chat = after
