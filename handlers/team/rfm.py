"""Commands about recency, frequency and money."""

from handlers.actions import rfm
from handlers.actions.policies import voice_of
from handlers.amounts import is_currency
from handlers.cards.rfm import GROUPS, cell_card, grid_card
from handlers.command import button, command
from handlers.message import Reply
from storage.work import Work


@command("rfm [cell] [currency]", also=("客户分层",))
def rfm_grid(work: Work, text: str | None) -> Reply:
    """Customers by recency, frequency and money; with a cell such as 555 or 5xx, who is in it."""
    words = (text or "").split()
    currency = next((each.upper() for each in words if is_currency(each.upper())), "")
    cell = next((each for each in words if each.upper() != currency), "")
    if not cell:
        return grid_card(voice_of(work), rfm.grid(work, currency))
    return _listed(work, GROUPS.get(cell.casefold(), cell), currency)


def _listed(work: Work, pattern: str, currency: str) -> Reply:
    named, count, people = rfm.listed(work, pattern, currency)
    return cell_card(voice_of(work), pattern, named, count, people)


@button("rfm.cell")
def rfm_cell_pressed(work: Work, value: str) -> Reply:
    """Who is in a cell."""
    pattern, _, currency = value.partition(":")
    return _listed(work, pattern, currency)


@button("rfm.grid")
def rfm_currency_pressed(work: Work, value: str) -> Reply:
    """The same in another currency."""
    return grid_card(voice_of(work), rfm.grid(work, value))
