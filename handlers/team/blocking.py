"""Commands about people whom the team does not want to hear."""

from handlers.actions import blocking
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import command
from handlers.message import Hint, Part, Reply, Text
from storage.records import Contact
from storage.work import Work


@command("block <contact>", also=("ban", "拉黑"), needs=Permission.SERVE)
def block(work: Work, contact: Contact) -> Reply:
    """Hear a person no more: their words stay out of the threads, and nothing answers them."""
    closed = blocking.block(work, contact)
    voice = voice_of(work)
    parts: list[Part] = [Text(voice.words("block.done", name=contact.name))]
    parts += [Hint(voice.words("block.closed", count=closed))] if closed else []
    return Reply(tuple(parts))


@command("unblock <contact>", also=("unban", "解除拉黑"), needs=Permission.SERVE)
def unblock(work: Work, contact: Contact) -> Reply:
    """Hear a person again."""
    blocking.unblock(work, contact)
    return voice_of(work).reply("block.undone", name=contact.name)
