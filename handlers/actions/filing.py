"""What a request is called and in which drawer it lies: its subject, its category."""

import re

from handlers import cards
from handlers.actions import threads, tickets
from handlers.actions.access import Permission, action
from handlers.actions.ticket_history import note
from storage.errors import Refused
from storage.queries import desk
from storage.records import Category, Member, Ticket
from storage.work import Work

_NAME = re.compile(r"[\w][\w &/-]{0,63}")


@action(Permission.READ)
def categories(work: Work) -> list[Category]:
    """Every category, by name."""
    return desk.categories(work)


@action(Permission.READ)
def category_named(work: Work, name: str) -> Category:
    """The category of that name. Raises Refused with those that there are."""
    found = desk.category(work, _folded(name))
    if found is None:
        names = ", ".join(each.name for each in desk.categories(work))
        raise Refused("category.unknown" if names else "category.none", name=name, names=names)
    return found


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold().lstrip("#")


@action(Permission.SET_UP, audited=True)
def add_category(work: Work, name: str) -> Category:
    """Have one more category. Raises Refused for a name that is none or that there is already."""
    folded = _folded(name)
    if not _NAME.fullmatch(folded):
        raise Refused("category.wrong", name=name[:64])
    if desk.category(work, folded) is not None:
        raise Refused("category.known", name=folded)
    return work.add(Category(name=folded, created_at=work.now))


@action(Permission.SET_UP, audited=True)
def remove_category(work: Work, category: Category) -> None:
    """Have a category no more; what was filed under it keeps the word."""
    work.delete(category)


@action(Permission.SET_UP, audited=True)
def serve_category(work: Work, category: Category, members: tuple[Member, ...]) -> Category:
    """Say who gets the requests of a category; nobody named is everybody."""
    category.members = [each.id for each in dict.fromkeys(members)]
    return category


@action(Permission.SERVE, audited=True)
def file(work: Work, ticket: Ticket, category: Category) -> Ticket:
    """Put a ticket into a category."""
    if ticket.category != category.name:
        note(work, ticket, "category", ticket.category, category.name)
        ticket.category = category.name
        tickets.refresh_card(work, ticket)
        threads.offer(work, ticket)
    return ticket


@action(Permission.SERVE, audited=True)
def rename(work: Work, ticket: Ticket, subject: str) -> Ticket:
    """Give a ticket another subject. Raises Refused for an empty one."""
    subject = cards.shortened(subject, 256)
    if not subject:
        raise Refused("ticket.no_subject")
    if ticket.subject != subject:
        note(work, ticket, "subject", ticket.subject, subject)
        ticket.subject = subject
        tickets.refresh_card(work, ticket)
    return ticket
