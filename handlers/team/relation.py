"""How well we and a customer know each other, in figures that explain themselves."""

from handlers.actions import relation
from handlers.actions.policies import voice_of
from handlers.cards.relation import relation_card
from handlers.command import button, command
from handlers.message import Reply
from storage.records import Contact
from storage.work import Work


@command("relation <contact>", also=("关系", "relationship"))
def relation_of(work: Work, contact: Contact) -> Reply:
    """First and last touch, answer times, who knows them, value, tier, silence."""
    return relation_card(voice_of(work), contact, relation.of(work, contact), work.now)


@button("contact.relation")
def relation_pressed(work: Work, contact: Contact) -> Reply:
    """The same by a button."""
    return relation_card(voice_of(work), contact, relation.of(work, contact), work.now)
