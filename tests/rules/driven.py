"""A campaign taken by the hand: claimed and answered by chance, and counted in two ways."""

import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from sqlalchemy import select as sa_select
from sqlmodel import col, select

from handlers.actions import delivery as rules
from handlers.actions.claiming import claim
from handlers.actions.outcomes import Claimed, Outcome
from handlers.actions.outgoing import TELEGRAM
from storage.engine import Store
from storage.queries import tallies
from storage.records import (
    Campaign,
    CampaignState,
    Member,
    Recipient,
    RecipientTally,
)
from storage.work import Actor, Clock, Work

# So many are on the socket at once.
ROOM = 3


@dataclass
class Driven(ABC):
    """One campaign of a house, and what is on the socket."""

    store: Store
    clock: Clock
    dice: random.Random
    mia: Member
    campaign: int
    held: list[Claimed] = field(default_factory=list, kw_only=True)
    answers: ClassVar[tuple[Outcome, ...]] = ()

    def of(self, work: Work) -> Campaign:
        """The campaign."""
        return work.sure(Campaign, self.campaign)

    def as_mia(self, act: Callable[[Work, Campaign], Campaign]) -> None:
        """Mia does something with it."""
        actor = Actor(name="Mia", member=self.mia)
        self.store.write(lambda work: act(work, self.of(work)), actor)

    def claim(self) -> None:
        """Take what may go."""
        room = ROOM - len(self.held)
        if room:
            self.held += self.store.write(
                lambda work: claim(work, TELEGRAM, "a", room, lambda _: True)
            )

    def settle(self) -> None:
        """One answer comes, if any is to come."""
        if not self.held:
            return
        claimed = self.held.pop(0)
        outcome = self.dice.choice(self.answers)
        self.went(claimed, outcome)
        assert self.store.write(lambda work: rules.settle(work, claimed, outcome))

    @abstractmethod
    def went(self, claimed: Claimed, outcome: Outcome) -> None:
        """Telegram has answered so: what has truly arrived is noted here."""

    def counted(self) -> tuple[dict[str, int], CampaignState]:
        """How many are in each state, and its own; what is kept equals what is there."""

        def look(work: Work) -> tuple[dict[str, int], CampaignState]:
            equal_to_a_recount(work)
            return tallies.by_state(work, self.of(work)), self.of(work).state

        return self.store.read(look)


def equal_to_a_recount(work: Work) -> None:
    """What is kept with each change is what somebody would count who looks at everybody."""
    names = ("campaign_id", "state", "reason", "variant", "edit", "settled_at")
    columns = (getattr(Recipient, name) for name in names)
    people = [dict(zip(names, row, strict=True)) for row in work.rows(sa_select(*columns))]
    found = Counter(map(Recipient.kind_of, people))
    kept = {
        tuple(getattr(each, name) for name in RecipientTally.kinds): each
        for each in work.all(select(RecipientTally).where(col(RecipientTally.many) != 0))
    }
    assert {kind: each.many for kind, each in kept.items()} == dict(found)
    for each in people:
        last = kept[Recipient.kind_of(each)].last_at
        assert each["settled_at"] is None or (last is not None and each["settled_at"] <= last)
