"""Tickets, deals, orders and amounts in a line, and what something is about."""

import re

from handlers import amounts
from handlers.actions import deals, orders, tickets
from handlers.amounts import Amount
from handlers.grammar.line import Line
from handlers.grammar.values import About
from handlers.grammar.words import NUMBER
from storage.records import Deal, Order, Ticket

# Other programs' numbers of orders hold letters too: "A-1001", "1001-R1".
ORDER = re.compile(r"#?([A-Za-z]{0,6}-?\d[\w./-]{0,40})(?=\s|$)")
_TICKET = re.compile(r"(?:(?:ticket|工单)\s*#?|#)(\d{1,9})(?=\s|$)\s*(?:about|的)?", re.IGNORECASE)
_DEAL = re.compile(r"(?:deal|商机|交易)\s*#?(\d{1,9})(?=\s|$)", re.IGNORECASE)


def read_about(line: Line, optional: bool) -> About:
    deal, ticket = _DEAL.match(line.rest), _TICKET.match(line.rest)
    if deal is not None:
        line.rest = line.rest[deal.end() :].strip()
        line.about = About(deal=deals.numbered(line.work, int(deal[1])))
    elif ticket is not None:
        line.rest = line.rest[ticket.end() :].strip()
        line.about = About(ticket=tickets.numbered(line.work, int(ticket[1])))
    elif line.context.ticket is not None:
        line.about = About(ticket=line.context.ticket)
    return line.about


def read_amount(line: Line, optional: bool) -> Amount | None:
    found = amounts.find(line.rest)
    if found is None:
        if optional:
            return None
        raise line.missing("amount")
    before, behind = line.rest[: found.start], line.rest[found.end :]
    line.rest, line.behind = before.strip(" ,;:，；："), behind.strip(" ,;:，；：-–—")
    if not line.rest:
        # The amount stands first: whom it is about comes behind it.
        line.rest, line.behind = line.behind, ""
    return found


def read_deal(line: Line, optional: bool) -> Deal | None:
    found = NUMBER.match(line.rest)
    if found is not None:
        line.rest = line.rest[found.end() :].strip()
        return deals.numbered(line.work, int(found[1]))
    if optional:
        return None
    raise line.missing("deal")


def read_order(line: Line, optional: bool) -> Order | None:
    found = ORDER.match(line.rest)
    if found is not None:
        line.rest = line.rest[found.end() :].strip()
        return orders.numbered(line.work, found[1])
    if optional:
        return None
    raise line.missing("order")


def read_ticket(line: Line, optional: bool) -> Ticket | None:
    found = NUMBER.match(line.rest)
    if found is not None:
        line.rest = line.rest[found.end() :].strip()
        return tickets.numbered(line.work, int(found[1]))
    if line.context.ticket is not None or optional:
        return line.context.ticket
    raise line.missing("ticket")
