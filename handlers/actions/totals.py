"""What customers' orders come to, kept right in the transaction that changes an order.

One law: totals and cells are always equal to a full recount. So nothing is ever added to a total;
whatever changes an order, the totals of its contact are counted anew from the contact's orders,
which an index finds. Whoever moves orders between contacts (a merge, its undo) or writes them past
`orders` calls `recount` for every contact concerned, and leaves the totals' own rows alone.
"""

from collections import defaultdict
from collections.abc import Iterable

from handlers.amounts import in_units
from storage.queries import rfm, spending
from storage.queries.spending import Sum
from storage.records import Contact, CustomerTotal, CutState, RfmCuts
from storage.work import Work


def recount(work: Work, *contacts: Contact) -> None:
    """Have the totals of these contacts be what their orders come to."""
    recount_many(work, [each.id for each in contacts])


def recount_many(work: Work, ids: Iterable[int]) -> None:
    """The same for any number of contacts, by id."""
    for chunk in spending.in_chunks(ids):
        sums = {(each.contact_id, each.currency): each for each in spending.sums_of(work, chunk)}
        known = {(each.contact_id, each.currency): each for each in spending.totals_of(work, chunk)}
        cells = _Cells(work)
        for key in sums.keys() | known.keys():
            before = known.get(key)
            if before is not None:
                cells.leave(before)
            after = _settle(work, before, sums.get(key))
            if after is not None:
                cells.enter(after)
        cells.write()


def add_up_everything(work: Work) -> None:
    """Make all totals anew from all orders; cuts and cells follow when the job comes by."""
    rfm.drop_all(work)
    spending.write_all_totals(work)


def _settle(work: Work, total: CustomerTotal | None, counted: Sum | None) -> CustomerTotal | None:
    """Have a total be as it was counted; None when there is nothing to keep."""
    if counted is None or counted.first_at is None or counted.last_at is None:
        # Without a purchase there is no first and no last: what was given back for none counts not.
        if total is not None:
            work.delete(total)
        return None
    if total is None:
        total = work.add(
            CustomerTotal(
                contact_id=counted.contact_id,
                currency=counted.currency,
                first_at=counted.first_at,
                last_at=counted.last_at,
            )
        )
    total.orders = counted.orders
    total.spent = in_units(counted.spent, counted.currency)
    total.refunded = in_units(counted.refunded, counted.currency)
    total.first_at, total.last_at = counted.first_at, counted.last_at
    return total


class _Cells:
    """Who leaves which cell and enters which, until it is written at once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._cuts: dict[str, list[RfmCuts]] = {}
        self._changes: dict[int, dict[int, list[int]]] = defaultdict(
            lambda: defaultdict(lambda: [0, 0])
        )

    def leave(self, total: CustomerTotal) -> None:
        self._move(total, -1)

    def enter(self, total: CustomerTotal) -> None:
        self._move(total, 1)

    def _move(self, total: CustomerTotal, by: int) -> None:
        if total.currency not in self._cuts:
            self._cuts[total.currency] = rfm.cuts_of(self._work, total.currency)
        for cuts in self._cuts[total.currency]:
            if counts(cuts, total.id) and total.orders:
                cell = cuts.cell_of(total.last_at, total.orders, total.spent)
                change = self._changes[cuts.id][cell]
                change[0] += by
                change[1] += by * total.spent

    def write(self) -> None:
        for each in [cuts for found in self._cuts.values() for cuts in found]:
            changes = {cell: (n, spent) for cell, (n, spent) in self._changes[each.id].items()}
            rfm.add_to_cells(self._work, each, changes)


def counts(cuts: RfmCuts, total_id: int) -> bool:
    """Whether a total is among those that the cells of these cuts hold already."""
    if cuts.state is CutState.HOLDS:
        return True
    return cuts.state is CutState.COUNTING and total_id <= cuts.counted_to
