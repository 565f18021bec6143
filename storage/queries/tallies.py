"""How many of a campaign's people and of a journey's are where, as it is kept with each change."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import SQLModel, col, func, select

from storage.records import (
    Campaign,
    Journey,
    Recipient,
    RecipientState,
    RecipientTally,
    Traveller,
    TravellerState,
    TravellerTally,
    quarter_of,
)
from storage.work import Work


def by_state(work: Work, campaign: Campaign) -> dict[str, int]:
    """How many recipients are in each state."""
    return _summed(work, RecipientTally.state, col(RecipientTally.campaign_id) == campaign.id)


def held(work: Work, campaign: Campaign) -> dict[str, int]:
    """How many are held, by what stands in their way."""
    return _summed(
        work,
        RecipientTally.reason,
        col(RecipientTally.campaign_id) == campaign.id,
        col(RecipientTally.state) == RecipientState.HELD,
    )


def settled(work: Work, start: datetime, end: datetime) -> dict[str, int]:
    """Campaign messages settled in that time, whole quarters of an hour, by what became of them."""
    return _summed(
        work,
        RecipientTally.state,
        col(RecipientTally.quarter) >= quarter_of(start),
        # An end between two quarters belongs to neither day.
        col(RecipientTally.quarter) <= quarter_of(end - timedelta(microseconds=1)),
    )


def _summed(work: Work, name: Any, *conditions: Any) -> dict[str, int]:
    work.count_up()
    rows = work.rows(select(name, func.sum(RecipientTally.many)).where(*conditions).group_by(name))
    return {str(word): int(many) for word, many in rows if many}


def compared(work: Work, campaign: Campaign) -> dict[str, tuple[int, datetime]]:
    """How many are compared, and when the last of them got it, by the letter of their text."""
    work.count_up()
    rows = work.rows(
        select(
            RecipientTally.variant,
            func.sum(RecipientTally.many),
            func.max(RecipientTally.last_at),
        )
        .where(
            col(RecipientTally.campaign_id) == campaign.id,
            col(RecipientTally.compared).is_(True),
            col(RecipientTally.many) > 0,
        )
        .group_by(col(RecipientTally.variant))
    )
    # Before there were letters everybody had the one text.
    found: dict[str, tuple[int, datetime]] = {}
    for letter, many, last in rows:
        before, latest = found.get(letter or "A", (0, last))
        found[letter or "A"] = (before + int(many), max(latest, last))
    return found


def on_journey(work: Work, journey: Journey) -> dict[str, int]:
    """How many stand before each step ("at:2"), are through, or have left ("left:reply")."""
    found: dict[str, int] = {}
    for state, position, reason, many in _places(work, journey):
        if state == TravellerState.WAITING:
            name = f"at:{position}"
        else:
            name = f"left:{reason}" if state == TravellerState.LEFT else "through"
        found[name] = found.get(name, 0) + many
    return found


def _places(work: Work, journey: Journey) -> list[tuple[str, int, str, int]]:
    work.count_up()
    counts = TravellerTally
    return list(
        work.rows(
            select(counts.state, counts.position, counts.reason, counts.many).where(
                col(counts.journey_id) == journey.id, col(counts.many) != 0
            )
        )
    )


# Told of statements over many rows


def recipients_moved(
    work: Work, rows: Collection[tuple[Any, ...]], campaign: Campaign, to: RecipientState
) -> None:
    """Recipients are in their last state now; `rows` says what they were.

    Each is (state, reason, variant, edit).
    """
    for each, many in Counter(rows).items():
        row = dict(zip(("state", "reason", "variant", "edit"), each, strict=True))
        row |= {"campaign_id": campaign.id, "settled_at": None}
        work.tally(Recipient, Recipient.kind_of(row), -many)
        row |= {"state": to, "settled_at": work.now}
        work.tally(Recipient, Recipient.kind_of(row), many, work.now)


def journey_left(work: Work, journey: Journey, reason: str) -> None:
    """Everybody who was on the way has left."""
    for state, position, _, many in _places(work, journey):
        if state == TravellerState.WAITING:
            work.tally(Traveller, (journey.id, TravellerState.WAITING, position, ""), -many)
            work.tally(Traveller, (journey.id, TravellerState.LEFT, 0, reason), many)


@contextmanager
def recounted(work: Work, contact_ids: Collection[int]) -> Iterator[None]:
    """Statements in here move, change, take and bring back rows of these contacts."""
    work.flush()
    _note(work, contact_ids, -1)
    yield
    _note(work, contact_ids, 1)


def _note(work: Work, contact_ids: Collection[int], sign: int) -> None:
    for model in (Recipient, Traveller):
        table = SQLModel.metadata.tables[model.__tablename__]
        for found in work.rows(select(*table.columns).where(table.c.contact_id.in_(contact_ids))):
            row = dict(zip(table.columns.keys(), found, strict=True))
            last = model.moment_of(row) if sign > 0 else None
            work.tally(model, model.kind_of(row), sign, last)
