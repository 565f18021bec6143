"""Commands about customers' phones."""

from handlers.actions import phones
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import command
from handlers.message import Reply
from storage.records import Contact
from storage.work import Work


@command("phone <contact>", also=("电话",), needs=Permission.SERVE)
def phone(work: Work, contact: Contact) -> Reply:
    """Ask a customer for their phone, by a button in Telegram."""
    phones.ask(work, contact)
    return voice_of(work).reply("phone.asked", name=contact.name)
